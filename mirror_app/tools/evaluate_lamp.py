"""Room: tools. Measures how a swapped face follows a lamp that is switched: settling, overshoot. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_people import PeopleFrame
from mirror_app.domain.assignment import Others
from mirror_app.domain.mesh_topology import FACE_OVAL
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.result import MirrorControls
from mirror_app.tools.evaluate_strangers import CastMirror
from mirror_app.tools.people_clips import FPS, LAMP_EVERY_S, PeopleClip

Colours = NDArray[np.float64]
"""(frames, 3): mean colour of the swapped face, BGR; NaN where nothing was worn."""

_SETTLED: Final = 0.1
# The last frames of a light show what the face looks like in it.
_STEADY_FRAMES: Final = 6


@dataclass(frozen=True, slots=True)
class LampFigures:
    """How the face's colour follows a lamp that is switched; the worst of all switches.

    Attributes:
        switches: How often the light changed.
        settling_s: Until the mean colour stays within a tenth of the step of what a mirror shows that has known the new
            light all along.
        overshoot: How far the colour went past that, as a share of the step.
    """

    switches: int
    settling_s: float
    overshoot: float


def follow_lamp(
    clip: PeopleClip,
    held: Callable[[float], PeopleClip],
    mirrors: tuple[CastMirror, CastMirror],
    target: TargetFace,
    progress: Callable[[], None],
) -> LampFigures:
    """Run a face through changes of the light.

    Args:
        clip: One person; the light changes every `LAMP_EVERY_S`.
        held: Given the second of a change, the same person as much before as after it, in the new light all the while.
        mirrors: Two alike: one runs through, one is shown each light by itself.
        target: What is worn.
        progress: Called after every frame of the clip.
    """
    going, knowing = mirrors
    every = round(LAMP_EVERY_S * FPS)
    for mirror in mirrors:
        mirror.reset()
        mirror.controls = MirrorControls(target, label_on=False, others=Others.BLUR)
    seen, known = [], [np.full(3, np.nan)] * every
    for number, shot in enumerate(clip.shots()):
        if number % every == 0 and number + every <= clip.frames and number:
            known += _known(knowing, held(number / FPS), every)
        seen.append(_face_colour(going, shot))
        progress()
    return lamp_figures(np.array(seen[: len(known)]), np.array(known), every)


def _known(mirror: CastMirror, clip: PeopleClip, every: int) -> list[NDArray[np.float64]]:
    """What a mirror shows that has had so many frames to find out what hair and glasses to keep, and in what light."""
    mirror.reset()
    return [_face_colour(mirror, shot) for shot in clip.shots()][every:]


def lamp_figures(going: Colours, known: Colours, every: int) -> LampFigures:
    """The worst of all switches.

    Args:
        going: Of the mirror that runs through.
        known: Of the one that has known each light all along; those of the first light do not matter.
        every: Frames between two switches.
    """
    steps = [_step(going[at - every : at + every], known[at : at + every], every)
             for at in range(every, len(going) - every + 1, every)]  # fmt: skip
    settling = max((settled for settled, _ in steps), default=0.0)
    return LampFigures(len(steps), settling, max((over for _, over in steps), default=0.0))


def _step(going: Colours, known: Colours, every: int) -> tuple[float, float]:
    """Settling time in seconds and overshoot of one switch, which is after the first `every` frames."""
    # The face moves and speaks on: both show the same frame, so that only the step is left.
    step = np.nanmean(known[-_STEADY_FRAMES:], axis=0) - np.nanmean(going[every - _STEADY_FRAMES : every], axis=0)
    size = max(float(np.linalg.norm(step)), 1e-6)
    off = (going[every:] - known) / size
    # A frame without a swapped face, after one had been there, has not settled.
    apart = np.where(np.isnan(off).any(axis=1), 1.0, np.linalg.norm(np.nan_to_num(off), axis=1))
    late = np.flatnonzero(apart > _SETTLED)
    beyond = np.nan_to_num(off @ (step / size))
    return float(late[-1] + 1 if late.size else 0) / FPS, float(max(beyond.max(), 0.0))


def _face_colour(mirror: CastMirror, shot: PeopleFrame) -> NDArray[np.float64]:
    """Mean colour of what the mirror shows of the face, (3,) BGR; NaN where it wears nothing."""
    result = mirror.process(shot.frame)
    truth = next(iter(shot.people.values())).mesh_points
    if truth is None or not result.worn:
        return np.full(3, np.nan)
    return mean_colour(result.preview_bgr, truth)


def mean_colour(image_bgr: NDArray[np.uint8], mesh_points: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean colour inside the oval of a face, (3,) BGR."""
    mask = np.zeros(image_bgr.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(mesh_points[list(FACE_OVAL), :2]).astype(np.int32)], (255,))
    return np.array(cv2.mean(image_bgr, mask)[:3])

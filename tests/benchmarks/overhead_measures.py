"""Room: tests. Times and memory of the app's own work, as numbers. Prints nothing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from insightface.app.common import Face
from insightface.model_zoo.inswapper import INSwapper
from numpy.typing import NDArray

from mirror_app.compose.joiner import Joiner
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.templates import crop_from_landmarks, inverted
from mirror_app.pipeline.result import MirrorResult, MirrorState
from mirror_app.render.cpu import CpuRenderer
from mirror_app.swap.neural.aligned_crop import Border, Cropper
from mirror_app.swap.neural.masks.combined import usual_mask
from mirror_app.swap.neural.paste import Paster
from tests.benchmarks.overhead_parts import (
    SCENES,
    Scene,
    as_frames,
    face_at,
    open_pipeline,
    open_scrfd,
    open_swapper,
    photographed_target,
    pictures_of,
)
from tests.portrait import FRAME_NS
from tests.twins import zero_cost

_WARM_UP: Final = 30
# The window, the outputs and the guard look at the last few results while the next is made.
_HELD_RESULTS: Final = 3
_CROP_SIDE: Final = 128
_PAGE_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds; the least is what the work itself takes where others use the machine too."""

    least: float
    p50: float
    p99: float


def times_of(work: Callable[[int], object], rounds: int) -> Times:
    """Time some work, called with the number of the round."""
    for number in range(_WARM_UP):
        work(number)
    taken = []
    for number in range(_WARM_UP, _WARM_UP + rounds):
        begun = time.perf_counter_ns()
        work(number)
        taken.append((time.perf_counter_ns() - begun) * 1e-6)
    return Times(min(taken), float(np.percentile(taken, 50)), float(np.percentile(taken, 99)))


def frame_overhead(scene: Scene, model: str, folder: Path, rounds: int) -> Times:
    """A frame through the whole mirror; the looks around for newcomers run between frames, as in the window.

    Raises:
        RuntimeError: A frame was not swapped.
    """
    mirror, frames = open_pipeline(scene, model, folder), as_frames(pictures_of(scene), 0, rounds + _WARM_UP)
    held: deque[MirrorResult] = deque(maxlen=_HELD_RESULTS)
    taken = []
    for frame in frames:
        begun = time.perf_counter_ns()
        result = mirror.process(frame)
        taken.append((time.perf_counter_ns() - begun) * 1e-6)
        if result.state is not MirrorState.LIVE:
            raise RuntimeError(f"frame {frame.index}: {result.state} {result.message}")
        mirror.use_spare_time()
        held.append(result)
    taken = taken[_WARM_UP:]
    return Times(min(taken), float(np.percentile(taken, 50)), float(np.percentile(taken, 99)))


def detection(scene: Scene, folder: Path, rounds: int) -> Times:
    """One look of the SCRFD detector at a frame."""
    detector, pictures = open_scrfd(scene, folder), pictures_of(scene)
    if len(detector.detect(pictures[0])) != 1:
        raise RuntimeError("the detector's twin does not see its face")
    return times_of(lambda number: detector.detect(pictures[number % len(pictures)]), rounds)


def plain_opencv(scene: Scene, rounds: int) -> Times:
    """What nobody can do without: crop, paste into a copy of the frame and blend, within the crop's square."""
    frame, landmarks = pictures_of(scene)[0], scene.face.landmarks
    crop_from_frame = crop_from_landmarks(landmarks, "arcface_128", _CROP_SIDE)
    mask = np.zeros((_CROP_SIDE, _CROP_SIDE), np.float32)
    mask[8:-8, 8:-8] = 1
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 4), np.float32)
    reach = _CROP_SIDE - 1
    corners = inverted(crop_from_frame) @ np.array([[0, reach, 0, reach], [0, 0, reach, reach], [1, 1, 1, 1]])
    x0, y0 = (int(value) for value in np.maximum(np.ceil(corners.min(1)), 0))
    x1, y1 = (int(value) for value in np.minimum(np.floor(corners.max(1)) + 1, scene.frame_wh))
    moved = crop_from_frame.copy()
    moved[:, 2] += crop_from_frame[:, :2] @ [x0, y0]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def work(_: int) -> NDArray[np.uint8]:
        crop = cv2.warpAffine(frame, crop_from_frame, (_CROP_SIDE, _CROP_SIDE))
        result = frame.copy()
        window = result[y0:y1, x0:x1]
        image, alpha = (cv2.warpAffine(one, moved, (x1 - x0, y1 - y0), flags=flags) for one in (crop, mask))
        cv2.blendLinear(image, window, alpha, 1 - alpha, dst=window)
        return result

    return times_of(work, rounds)


def insightface_get(scene: Scene, folder: Path, rounds: int) -> Times:
    """insightface's `INSwapper.get` with `paste_back`, on the same twin."""
    swapper = INSwapper(str(zero_cost("inswapper_128", folder)))
    live = Face(kps=scene.face.landmarks)
    source = Face(embedding=np.ones(512, np.float32))
    pictures = pictures_of(scene)
    return times_of(lambda number: swapper.get(pictures[number % len(pictures)], live, source, paste_back=True), rounds)


def paste(side_px: float, rounds: int) -> Times:
    """Mask, paste and colour of one face into 1920x1080 whose crop is a square of this side there."""
    scene = SCENES["1080p, face 450 px"]
    frame = as_frames(pictures_of(scene), 0, 1)[0]
    middle = (scene.frame_wh[0] / 2, scene.frame_wh[1] / 2)
    cropper = Cropper("arcface_128", _CROP_SIDE, Border.REPLICATE)
    sample = cropper.crop(frame.image_bgr, face_at(100, middle))
    assert sample is not None
    side_of_100 = _CROP_SIDE / float(np.hypot(*sample.crop_from_frame[:, 0]))
    live_face = face_at(100 * side_px / side_of_100, middle)
    crop = cropper.crop(frame.image_bgr, live_face)
    assert crop is not None
    assignment = Assignment(live_face, photographed_target(), 0.5)
    masks, paster, joiner, image = usual_mask(), Paster(), Joiner(), frame.image_bgr.copy()

    def work(number: int) -> None:
        mask = masks.mask(frame, crop, assignment)
        patch = paster.paste(crop.image_bgr, mask, crop.crop_from_frame, (image.shape[0], image.shape[1]))
        joiner.join(image, patch, Joining.MEMBRANE, assignment, number * FRAME_NS)

    return times_of(work, rounds)


def faces_together(count: int, model: str, folder: Path, rounds: int) -> Times:
    """The renderer's part of a 1920x1080 frame with some faces of 300 px."""
    scene = SCENES["1080p, face 450 px"]
    renderer, target = CpuRenderer(open_swapper(model, folder)), photographed_target()
    assignments = [
        Assignment(face_at(300, (scene.frame_wh[0] * (place + 0.5) / 4, 540), place + 1), target, 0.5)
        for place in range(count)
    ]
    frames = as_frames(pictures_of(scene), 0, rounds + _WARM_UP)
    return times_of(lambda number: renderer.render(frames[number], assignments, Joining.MEMBRANE), rounds)


def memory_growth(scene: Scene, model: str, folder: Path, count: int) -> tuple[float, float]:
    """Resident memory over some frames: MB at the end, and MB more than after the first tenth of them."""
    mirror, pictures = open_pipeline(scene, model, folder), pictures_of(scene)
    held: deque[MirrorResult] = deque(maxlen=_HELD_RESULTS)
    early = 0.0
    for index in range(count):
        held.append(mirror.process(as_frames(pictures, index, 1)[0]))
        mirror.use_spare_time()
        if index == count // 10:
            early = _resident_mb()
    return _resident_mb(), _resident_mb() - early


def _resident_mb() -> float:
    """Linux only: the second number of this file counts pages in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES / 2**20

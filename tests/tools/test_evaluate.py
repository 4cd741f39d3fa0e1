"""Room: tests. The evaluation with mirrors whose worth is known: one that changes nothing, and bad ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.frame import Frame, PendingFrame, SafeFrame
from mirror_app.domain.patch import FacePatch
from mirror_app.pipeline.result import MirrorResult
from mirror_app.tools.evaluate import Evaluation, Outfit
from mirror_app.tools.evaluate_clips import Clip, Shot, demo_clips
from mirror_app.tools.evaluate_cover import LastPatch
from mirror_app.tools.evaluate_figures import Figures
from tests.fakes import HOLD, LIVE, FakeMirror

_FRAMES = 7
_CLIPS = ("plain", "fringe", "warm lamp")

Change = Callable[[NDArray[np.uint8], int], NDArray[np.uint8]]
Results = dict[tuple[str, str], Figures]


class _ChangingMirror(FakeMirror):
    """Lets a changed picture leave, and shows a patch over the frame's left half."""

    def __init__(self, last_patch: LastPatch, change: Change) -> None:
        super().__init__([*[LIVE] * (_FRAMES - 1), HOLD] * len(_CLIPS))
        self._last_patch, self._change = last_patch, change

    def process(self, frame: PendingFrame, /) -> MirrorResult:
        result = super().process(frame)
        image = result.safe.image_bgr
        half = np.ascontiguousarray(image[:, : image.shape[1] // 2])
        self._last_patch(FacePatch(half, np.ones(half.shape[:2], np.float32), (0, 0)))
        changed = self._change(image, result.index)
        return replace(result, safe=SafeFrame(changed, result.index, result.captured_ns))


def _outfit(name: str, change: Change) -> Outfit:
    last_patch = LastPatch()
    return Outfit(name, _ChangingMirror(last_patch, change), last_patch)


def _same(image: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
    return image


def _black(image: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
    return np.zeros_like(image)


def _blurred(image: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 2), np.uint8)


def _flickering(image: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.convertScaleAbs(image, alpha=1 - 0.1 * (index % 2)), np.uint8)


@pytest.fixture(scope="module")
def results() -> Results:
    """Every clip with every mirror; "unlit" shows the plain look whatever the lamp is."""
    clips = {clip.name: clip for clip in demo_clips(_FRAMES) if clip.name in _CLIPS}
    unlit = {shot.frame.index: shot.frame.image_bgr for shot in clips["plain"].shots()}
    changes = {"same": _same, "black": _black, "blurred": _blurred, "flickering": _flickering}
    outfits = [_outfit(name, change) for name, change in changes.items()]
    outfits.append(_outfit("unlit", lambda image, index: unlit[index]))
    steps: list[None] = []
    evaluation = Evaluation(outfits, lambda *seen: None, lambda: steps.append(None))
    figures = [one for name in _CLIPS for one in evaluation.run(clips[name])]
    assert len(steps) == _FRAMES * len(_CLIPS)
    return {(one.clip, one.target): one for one in figures}


def test_a_mirror_that_changes_nothing_keeps_everything(results: Results) -> None:
    plain = results["plain", "same"]
    assert (plain.frames, plain.lost) == (_FRAMES, 0)
    assert plain.covered == pytest.approx((_FRAMES - 1) / _FRAMES)
    assert (plain.flicker_ratio, plain.sharpness_ratio, plain.blotch_ratio) == (1, 1, 1)
    assert (plain.seam, plain.background_changed) == (0, 0)
    assert plain.yaw_error == plain.yaw_ceiling
    assert plain.expression == plain.ceiling
    assert plain.expression_gap == 0
    assert plain.landmark_error is None, "the fake mirror follows no face"


def test_what_the_patch_covers_is_told_by_its_alpha(results: Results) -> None:
    fringe = results["fringe", "same"]
    # The head stands near the middle of the picture, the patch covers the picture's left half.
    assert fringe.cover == pytest.approx(0.5, abs=0.25)
    assert fringe.fringe_kept == pytest.approx(0.5, abs=0.25)
    assert fringe.glasses_kept is None
    assert results["plain", "same"].glasses_kept == pytest.approx(0.5, abs=0.25)
    assert fringe.spill is not None
    assert 0.85 < fringe.spill < 1


def test_a_mirror_that_shows_a_card_loses_the_face(results: Results) -> None:
    black = results["plain", "black"]
    assert black.lost == _FRAMES
    assert black.flicker_ratio is black.sharpness_ratio is black.least_kept is black.yaw_error is None
    assert black.seam is not None


def test_blur_and_flicker_are_noticed_each_by_its_own_figure(results: Results) -> None:
    blurred, flickering = results["plain", "blurred"], results["plain", "flickering"]
    for one, sharp, restless in ((blurred, (0.05, 0.5), (0.1, 1)), (flickering, (0.85, 1.05), (2, 20))):
        assert one.sharpness_ratio is not None
        assert sharp[0] < one.sharpness_ratio < sharp[1]
        assert one.flicker_ratio is not None
        assert restless[0] < one.flicker_ratio < restless[1]


def test_light_that_the_mirror_does_not_follow_is_an_error_of_its_log_gain(results: Results) -> None:
    assert results["plain", "unlit"].light_error is None, "there is no lamp to follow"
    assert results["warm lamp", "same"].light_error == pytest.approx(0, abs=1e-6)
    expected = np.abs(np.log([0.55, 0.84, 1.04])).mean()
    assert results["warm lamp", "unlit"].light_error == pytest.approx(expected, abs=0.08)


def test_a_clip_without_truth_is_measured_against_its_own_original() -> None:
    def shots() -> Iterator[Shot]:
        for shot in demo_clips(_FRAMES)[0].shots():
            yield Shot(Frame(shot.frame.image_bgr, shot.frame.index, shot.frame.captured_ns))

    evaluation = Evaluation([_outfit("same", _same)], lambda *seen: None, lambda: None)
    (figures,) = evaluation.run(Clip("video", _FRAMES, shots))
    assert figures.yaw_error == 0
    assert figures.yaw_ceiling is not None
    assert 0 < figures.yaw_ceiling < 0.02, "storing the original once more moves the mesh a little"
    assert figures.cover is figures.spill is figures.landmark_error is figures.light_error is None

"""Room: compose. Takes a patch's colours to the live ones at its rim, by one smooth correction, steady in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.rim import RIM_SIDE, rim_difference
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.scratch import Scratch
from mirror_app.imaging.spread import spread

# Toward the middle of the face the correction fades over this share of the patch: there the target keeps its colours.
_REACH: Final = 0.03
# Camera noise and hair that flutters across the rim are faster than this, the light of a room is slower.
_SETTLE_S: Final = 0.12
# A painted mask that follows the skin by less than this is corrected by a few levels at most: not worth the time.
_LEAST_FOLLOW: Final = 0.1
# A face not seen for so long may have come back into other light.
_FORGET_NS: Final = 500_000_000
# Measured at every third frame of a 30 Hz camera; it settles at every frame.
_MEASURE_EVERY_NS: Final = 85_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """One face's correction, (RIM_SIDE, RIM_SIDE, 3) float32 grey levels over its patch: as it is, and as measured."""

    correction: NDArray[np.float32]
    measured: NDArray[np.float32]
    measured_ns: int
    time_ns: int
    target: TargetFace


class Membrane:
    """Keeps each face's correction from frame to frame. The cells move with the patch, so they stay on the skin."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}
        self._offset, self._corrected = Scratch(np.uint8), Scratch(np.uint8)

    def corrected(
        self, patch: FacePatch, live_bgr: NDArray[np.uint8], target: TargetFace, track_id: int, time_ns: int
    ) -> NDArray[np.uint8]:
        """The patch's pixels with their colours taken to the live ones along the rim.

        Args:
            patch: What is to be joined.
            live_bgr: (h, w, 3) uint8, the picture under it.
            target: Who is worn; a target that keeps its own colours is corrected by its `colour_follow` only.
            track_id: Whose face it is.
            time_ns: Time of the frame.

        Returns:
            (h, w, 3) uint8, BGR; valid until the next call.
        """
        if target.colour_follow < _LEAST_FOLLOW:
            return patch.image_bgr
        held = self._follow(patch, live_bgr, target, track_id, time_ns)
        correction = held.correction * np.float32(target.colour_follow)
        # As bytes around 128: OpenCV enlarges and adds those twice as fast as floats.
        small = np.clip(correction + np.float32(128.5), 0, 255).astype(np.uint8)
        height, width = patch.alpha.shape
        offset, corrected = self._offset.array(height, width, 3), self._corrected.array(height, width, 3)
        cv2.resize(small, (width, height), dst=offset)
        cv2.addWeighted(patch.image_bgr, 1, offset, 1, -128, dst=corrected)
        return corrected

    def _follow(
        self, patch: FacePatch, live_bgr: NDArray[np.uint8], target: TargetFace, track_id: int, time_ns: int
    ) -> _Held:
        self._held = {key: one for key, one in self._held.items() if 0 <= time_ns - one.time_ns < _FORGET_NS}
        before = self._held.get(track_id)
        if before is None or before.target is not target:
            measured = _measure(patch, live_bgr)
            held = _Held(measured, measured, time_ns, time_ns, target)
        else:
            measured, measured_ns = before.measured, before.measured_ns
            if time_ns - measured_ns >= _MEASURE_EVERY_NS:
                measured, measured_ns = _measure(patch, live_bgr), time_ns
            share = np.float32(1 - np.exp((before.time_ns - time_ns) * 1e-9 / _SETTLE_S))
            correction = before.correction + share * (measured - before.correction)
            held = _Held(correction, measured, measured_ns, time_ns, target)
        self._held[track_id] = held
        return held


def _measure(patch: FacePatch, live_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    return spread(*rim_difference(live_bgr, patch.image_bgr, patch.alpha), _REACH * RIM_SIDE)

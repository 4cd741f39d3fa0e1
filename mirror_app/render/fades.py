"""Room: render. How a face comes under its target and leaves it: through pixels, never through the bare face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.pixelate import pixelate
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.geometry import box_around

_FADE_NS: Final = 150_000_000
# Frames further apart are no moving picture: what they show changes at once.
_LONGEST_GAP_NS: Final = 250_000_000
# A face that was lost and is found again where it was so lately is the same one, under another number.
_FOUND_AGAIN_NS: Final = 500_000_000
_FOUND_AGAIN_OVERLAP: Final = 0.3
# Of the box's size on each side: around all that `pixelate` changes.
_MARGIN: Final = 0.4


@dataclass(slots=True, eq=False)
class _Covered:
    """A face as it was covered last: 0 = by pixels alone, 1 = by the target alone."""

    assignment: Assignment
    part: float
    time_ns: int


class Fades:
    """Keeps how far each face has come between its pixelated picture and its target."""

    def __init__(self) -> None:
        self._covered: dict[int, _Covered] = {}
        self._leaving: frozenset[int] = frozenset()
        self._is_moving_picture = False
        self._wearing: frozenset[int] = frozenset()
        self._frame_ns: int | None = None

    def begin(self, assignments: Sequence[Assignment], hidden: Sequence[TrackedFace], now_ns: int) -> list[Assignment]:
        """Go on to the next frame.

        Args:
            assignments: Who wears a target in it.
            hidden: Who is to be pixelated in it.
            now_ns: Its time.

        Returns:
            What those of the hidden faces wear for the last time that are still on the way there.
        """
        self._is_moving_picture = _follows(self._frame_ns, now_ns, _LONGEST_GAP_NS)
        self._frame_ns = now_ns
        self._wearing = frozenset(assignment.live_face.track_id for assignment in assignments)
        for track_id, one in list(self._covered.items()):
            if not _follows(one.time_ns, now_ns, _FOUND_AGAIN_NS):
                del self._covered[track_id]
        going = [face for face in hidden if face.mesh is not None and self._may_go(face, now_ns)]
        self._leaving = frozenset(face.track_id for face in going)
        return [replace(self._covered[face.track_id].assignment, live_face=face) for face in going]

    def _may_go(self, face: TrackedFace, now_ns: int) -> bool:
        one = self._covered.get(face.track_id)
        if one is None or not _follows(one.time_ns, now_ns, _LONGEST_GAP_NS):
            return False
        return one.part > (now_ns - one.time_ns) / _FADE_NS

    def share(self, assignment: Assignment) -> float:
        """The target's part of this frame's picture, 0..1; to be asked once for each face that is covered in it."""
        face, now_ns = assignment.live_face, self._frame_ns or 0
        one = self._covered.get(face.track_id)
        if one is not None and _follows(one.time_ns, now_ns, _LONGEST_GAP_NS):
            step = (now_ns - one.time_ns) / _FADE_NS
            part = min(max(one.part + (-step if face.track_id in self._leaving else step), 0.0), 1.0)
        else:
            part = 0.0 if self._is_moving_picture and not self._is_found_again(face.box_xyxy) else 1.0
        self._covered[face.track_id] = _Covered(assignment, part, now_ns)
        return part * part * (3 - 2 * part)

    def _is_found_again(self, box_xyxy: NDArray[np.float32]) -> bool:
        gone = [one.assignment.live_face for key, one in self._covered.items() if key not in self._wearing]
        return any(_overlap(box_xyxy, face.box_xyxy) > _FOUND_AGAIN_OVERLAP for face in gone)


class Veil:
    """A face's pixelated picture, taken before the face is covered."""

    def __init__(self, image_bgr: NDArray[np.uint8], face: TrackedFace) -> None:
        """Pixelate a copy of what is around a face.

        Args:
            image_bgr: (H, W, 3) uint8, not changed.
            face: Has a mesh.
        """
        box = box_to_hide(face)
        height, width = image_bgr.shape[:2]
        margin = np.float32(_MARGIN) * (box[2:] - box[:2])
        left, top = np.clip(np.floor(box[:2] - margin), 0, [width, height]).astype(int).tolist()
        right, bottom = np.clip(np.ceil(box[2:] + margin) + 1, 0, [width, height]).astype(int).tolist()
        self._part = slice(top, bottom), slice(left, right)
        self._pixels = image_bgr[self._part].copy()
        pixelate(self._pixels, box - np.array([left, top, left, top], np.float32))

    def cover(self, image_bgr: NDArray[np.uint8], share: float) -> None:
        """Lay it over the picture, in place; `share` 0..1 of what lies under it stays to be seen."""
        window = image_bgr[self._part]
        cv2.addWeighted(window, share, self._pixels, 1 - share, 0, dst=window)


def box_to_hide(face: TrackedFace) -> NDArray[np.float32]:
    """(4,) float32, px: around the face's box and its mesh."""
    if face.mesh is None:
        return face.box_xyxy
    mesh = box_around(face.mesh.points)
    return np.concatenate([np.minimum(face.box_xyxy[:2], mesh[:2]), np.maximum(face.box_xyxy[2:], mesh[2:])])


def _follows(before_ns: int | None, now_ns: int, longest_ns: int) -> bool:
    return before_ns is not None and 0 < now_ns - before_ns <= longest_ns


def _overlap(a_xyxy: NDArray[np.float32], b_xyxy: NDArray[np.float32]) -> float:
    """Intersection over union."""
    sides = np.maximum(np.minimum(a_xyxy[2:], b_xyxy[2:]) - np.maximum(a_xyxy[:2], b_xyxy[:2]), 0)
    both = float(sides.prod())
    union = float((a_xyxy[2:] - a_xyxy[:2]).prod() + (b_xyxy[2:] - b_xyxy[:2]).prod()) - both
    return both / union if union > 0 else 0.0

"""Room: gui. Where faces lie on the screen, and which one a pointer means. Geometry only: paints nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from mirror_app.domain.face import TrackedFace

_REACH: Final = 0.15
"""Of a face's width and height, added on each side: a hand is less exact than a detector."""
_MEMORY_NS: Final = 300_000_000
"""Where a face was so lately still counts: hand and eye are behind a face that moves, which may be missed."""


@dataclass(frozen=True, slots=True, eq=False)
class FacePlace:
    """A face and its box in the widget, in the widget's px."""

    face: TrackedFace
    rect: QRectF


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A face of one frame; the box is in shares of the picture's width and height, as the camera has it."""

    face: TrackedFace
    time_ns: int
    box: QRectF


@dataclass(frozen=True, slots=True)
class Shown:
    """How the picture is shown.

    Attributes:
        rect: Its place in the widget, px.
        flip: It is shown as a mirror does.
    """

    rect: QRectF
    flip: bool

    def on_screen(self, box: QRectF) -> QRectF:
        """A box in shares of the picture as the camera has it, in the widget."""
        left = 1 - box.right() if self.flip else box.left()
        return QRectF(
            self.rect.left() + left * self.rect.width(),
            self.rect.top() + box.top() * self.rect.height(),
            box.width() * self.rect.width(),
            box.height() * self.rect.height(),
        )


class FacePlaces:
    """Remembers for a moment where faces were; the picture may be shown elsewhere in the next one."""

    def __init__(self) -> None:
        self._trails: dict[int, deque[_Seen]] = {}
        self._now_ns = 0

    def see(self, faces: Sequence[TrackedFace], image_wh: tuple[int, int], time_ns: int) -> None:
        """Take in the faces of a frame.

        Args:
            faces: With boxes in px of the picture.
            image_wh: Its size, px.
            time_ns: When it was taken, `time.monotonic_ns()`.
        """
        self._now_ns = time_ns
        for face in faces:
            seen = _Seen(face, time_ns, _shares(face.box_xyxy, image_wh))
            self._trails.setdefault(face.track_id, deque()).append(seen)
        for track_id, trail in list(self._trails.items()):
            while trail and not 0 <= time_ns - trail[0].time_ns <= _MEMORY_NS:
                trail.popleft()
            if not trail:
                del self._trails[track_id]

    def forget(self) -> None:
        """There is no picture any more."""
        self._trails.clear()

    def now(self, shown: Shown) -> list[FacePlace]:
        """The faces of the newest frame."""
        newest = [trail[-1] for trail in self._trails.values()]
        return [FacePlace(one.face, shown.on_screen(one.box)) for one in newest if one.time_ns == self._now_ns]

    def find(self, track_id: int, shown: Shown) -> FacePlace | None:
        """A face by its track, where it was last; None when it is gone."""
        trail = self._trails.get(track_id)
        return FacePlace(trail[-1].face, shown.on_screen(trail[-1].box)) if trail else None

    def at(self, point: QPointF, shown: Shown) -> FacePlace | None:
        """The face that is meant at a point of the widget; None when there is none.

        What is there now comes before what was there a moment ago, and of several the one whose middle is nearest.
        """
        best: tuple[bool, float] | None = None
        found: _Seen | None = None
        for trail in self._trails.values():
            for seen in trail:
                away = _away(point, shown.on_screen(seen.box))
                rank = (seen.time_ns != self._now_ns, away)
                if away <= 1 + 2 * _REACH and (best is None or rank < best):
                    best, found = rank, trail[-1]
        return None if found is None else FacePlace(found.face, shown.on_screen(found.box))


def _shares(box_xyxy: NDArray[np.float32], image_wh: tuple[int, int]) -> QRectF:
    """A box in shares of the picture, cut off at its border."""
    left, top, right, bottom = (float(value) for value in box_xyxy)
    width, height = image_wh
    box = QRectF(QPointF(left / width, top / height), QPointF(right / width, bottom / height))
    return box.intersected(QRectF(0, 0, 1, 1))


def _away(point: QPointF, rect: QRectF) -> float:
    """How far a point is from a box's middle: 1 = on its edge; far away for an empty box."""
    if rect.isEmpty():
        return float("inf")
    off = point - rect.center()
    return max(abs(off.x()) / (rect.width() / 2), abs(off.y()) / (rect.height() / 2))

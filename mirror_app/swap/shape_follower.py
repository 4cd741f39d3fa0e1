"""Room: swap. Keeps a live face in the target's shape from frame to frame. Knows no textures."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.imaging.resample import resized
from mirror_app.swap.cadence import Cadence
from mirror_app.swap.crossfade import Fade
from mirror_app.swap.likeness import LikenessShaper
from mirror_app.swap.reshape import ReshapedFace, area_around, move_field, reshape_by

# How a face differs from a target changes slowly: it is worked out anew at every third frame of a 30 Hz camera, and at
# once when the face's size changed by this share.
_LEARN_EVERY_NS: Final = 85_000_000
_SIZE_CHANGE: Final = 0.04


class ShapeFollower:
    """Learns how the followed face differs from its target and moves face and surroundings by it.

    When another target is picked, the face goes from the one's shape to the other's as its texture does.
    """

    def __init__(self, ahead: float = 0.0) -> None:
        """Know nothing yet; `ahead`: see `Cadence`."""
        self._turns = Cadence(_LEARN_EVERY_NS, ahead)
        self._shaper = LikenessShaper()
        self._made_for: tuple[int, NDArray[np.float32], float] | None = None
        self._face_px = 1.0
        self._moves = np.zeros((0, 3), np.float32)
        self._field = np.zeros((0, 0, 2), np.float32)
        self._fade = Fade()
        self._shown = self._going = (self._moves, self._field)

    def follow(self, frame: Frame, points: NDArray[np.float32], assignment: Assignment) -> ReshapedFace | None:
        """Bring the face into shape.

        Args:
            frame: The camera picture.
            points: (468, 3) float32, finite, the live mesh in frame px.
            assignment: Whose face, whose shape, how far.

        Returns:
            None when too little of the face is in the frame.
        """
        self._notice_change(frame.captured_ns, assignment)
        if not self._learn(frame, points, assignment):
            self._made_for = None
            return None
        moves, field = self._shown = self._faded(self._fade.share(frame.captured_ns))
        area = area_around(points, moves, frame.image_bgr.shape)
        if area is None:
            self._made_for = None
            return None
        return reshape_by(field, frame.image_bgr, points, moves, area)

    def _notice_change(self, now_ns: int, assignment: Assignment) -> None:
        if self._made_for is None or self._made_for[0] != assignment.live_face.track_id:
            self._fade.stop()
        elif self._made_for[1] is not assignment.target.shape:
            self._fade.begin(now_ns)
            self._going = self._shown

    def _learn(self, frame: Frame, points: NDArray[np.float32], assignment: Assignment) -> bool:
        """Work the moves out anew when that is due; False when too little of the face is in the frame."""
        face_px = max(float(np.ptp(points[:, axis])) for axis in (0, 1))
        if not self._is_due(frame.captured_ns, face_px, assignment):
            return True
        face, target = assignment.live_face, assignment.target
        self._moves = self._shaper.moves(points, face.track_id, target.shape, assignment.likeness, frame.captured_ns)
        area = area_around(points, self._moves, frame.image_bgr.shape)
        if area is None:
            return False
        self._field = move_field(points, self._moves, area)
        self._made_for = (face.track_id, target.shape, assignment.likeness)
        self._face_px = face_px
        self._turns.done(frame.captured_ns)
        return True

    def _faded(self, share: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if share == 1:
            return self._moves, self._field
        moves, field = self._going
        if field.shape != self._field.shape:
            field = resized(field, (self._field.shape[1], self._field.shape[0]))
        return moves + np.float32(share) * (self._moves - moves), field + np.float32(share) * (self._field - field)

    def _is_due(self, now_ns: int, face_px: float, assignment: Assignment) -> bool:
        if self._made_for is None or self._turns.due(now_ns):
            return True
        track_id, shape, likeness = self._made_for
        if abs(face_px - self._face_px) > _SIZE_CHANGE * self._face_px:
            return True
        return (
            track_id != assignment.live_face.track_id
            or shape is not assignment.target.shape
            or likeness != assignment.likeness
        )

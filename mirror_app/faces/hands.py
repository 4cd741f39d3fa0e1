"""Room: faces. Watches for hands near followed faces and follows them. No drawing, no threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.hand_net import HandNet, crop_around_hand
from mirror_app.faces.palm_net import HandCrop, PalmNet, is_same_hand
from mirror_app.imaging.resample import resized

MOST_HANDS: Final = 2
"""So many hands are followed at most."""

# Palms are looked for in a square so much larger than the face: a hand is seen before it is in front of it.
_AROUND: Final = 2.6
# A look may follow the one before after so long where the picture around the face has changed...
_LOOK_NS: Final = 250_000_000
# ...and after so long where it has not, or where a hand is followed already.
_QUIET_NS: Final = 1_000_000_000
# Several faces share the looks: one look follows another after so long.
_BETWEEN_NS: Final = 120_000_000
# Spare time is used for a look that would fall due within so many frames: a detector's look may come first.
_FRAMES_AHEAD: Final = 2
# and within a frame only where no gap was free for so many frames.
_FRAMES_LATE: Final = 3
# The square is compared as a picture of this side: changed = so many of its cells by so many levels.
_CHANGE_SIDE: Final = 24
_CHANGE_LEVELS: Final = 7.0
_CHANGED_SHARE: Final = 0.02
# Each cell is the mean of so many pixels across and down.
_CELL_PX: Final = 4
# The landmark network looks at each hand every so often; in between the hand goes on as it went.
_PLACE_NS: Final = 50_000_000
# A hand with a lower score is lost (MediaPipe's hand tracking graph).
_LEAST_SCORE: Final = 0.5
# A hand further off than so much of the face does not matter to it.
_NEAR: Final = 0.6
# A hand larger or smaller than its face by more than this is somebody else's, far off or nearer.
_SIZES: Final = (0.25, 2.5)


@dataclass(slots=True, eq=False)
class _Followed:
    points: NDArray[np.float32]
    placed_ns: int
    speed: NDArray[np.float32]
    """(21, 2) float32, px per ns."""

    def at(self, now_ns: int) -> NDArray[np.float32]:
        """(21, 2) float32: where it should be by now."""
        return np.asarray(self.points + self.speed * np.float32(now_ns - self.placed_ns), np.float32)


class HandFinder:
    """Says of each followed face which hands are before it or near it. Call `seen_at` once per frame."""

    def __init__(self, palms: PalmNet, hands: HandNet) -> None:
        self._palms, self._hands = palms, hands
        self._followed: list[_Followed] = []
        self._looked_ns: dict[int, int] = {}
        self._shown: dict[int, NDArray[np.int16]] = {}
        self._last_look_ns = -_BETWEEN_NS
        self._seen_ns = self._frame_ns = 0
        # A file has no gaps between its frames.
        self._gets_spare_time = False

    def forget(self) -> None:
        """Forget all hands: the next frame comes from elsewhere."""
        self._followed = []
        self._looked_ns, self._shown = {}, {}
        self._last_look_ns = -_BETWEEN_NS

    def seen_at(self, frame: Frame, faces: Sequence[TrackedFace]) -> tuple[TrackedFace, ...]:
        """The faces, each with the hands near it.

        Args:
            frame: The frame the faces were found in.
            faces: Those with a mesh are looked at.

        Raises:
            ModelError: A network failed.
        """
        now_ns = frame.captured_ns
        self._frame_ns, self._seen_ns = max(now_ns - self._seen_ns, 0), now_ns
        meshed = [face for face in faces if face.mesh is not None]
        self._followed = [one for one in self._followed if self._follow(one, frame, meshed)]
        self._look_if_due(frame, meshed, -_FRAMES_LATE * self._frame_ns if self._gets_spare_time else 0)
        ids = {face.track_id for face in meshed}
        self._looked_ns = {key: value for key, value in self._looked_ns.items() if key in ids}
        self._shown = {key: value for key, value in self._shown.items() if key in ids}
        if not self._followed:
            return tuple(faces)
        hands = [one.at(now_ns) for one in self._followed]
        return tuple(
            face if face.mesh is None else replace(face, hands=tuple(hand for hand in hands if _is_near(hand, face)))
            for face in faces
        )

    def use_spare_time(self, frame: Frame, faces: Sequence[TrackedFace]) -> None:
        """Look for hands now if a look would fall due in a moment; the frame and the faces are those last seen.

        Raises:
            ModelError: A network failed.
        """
        self._gets_spare_time = True
        if self._frame_ns < _BETWEEN_NS:
            self._look_if_due(frame, [face for face in faces if face.mesh is not None], _FRAMES_AHEAD * self._frame_ns)

    def _look_if_due(self, frame: Frame, faces: list[TrackedFace], ahead_ns: int) -> None:
        now_ns = frame.captured_ns
        rests = 0 <= now_ns - self._last_look_ns < _BETWEEN_NS - min(ahead_ns, self._frame_ns)
        if rests or len(self._followed) >= MOST_HANDS:
            return
        due = [face for face in faces if self._is_due(frame, face, ahead_ns)]
        if due:
            self._last_look_ns = now_ns
            # One face a frame: whoever has waited longest.
            self._look(frame, min(due, key=lambda face: self._looked_ns.get(face.track_id, 0)))

    def _follow(self, one: _Followed, frame: Frame, faces: list[TrackedFace]) -> bool:
        """Find a hand in this frame; False when it is lost, or has left the faces."""
        elapsed_ns = frame.captured_ns - one.placed_ns
        if not 0 <= elapsed_ns < _QUIET_NS:
            return False
        if elapsed_ns < _PLACE_NS:
            return True
        hand = self._hands.locate(frame.image_bgr, crop_around_hand(one.at(frame.captured_ns)))
        if hand is None or hand.score < _LEAST_SCORE:
            return False
        one.speed = ((hand.points - one.points) / np.float32(elapsed_ns)).astype(np.float32)
        one.points, one.placed_ns = hand.points, frame.captured_ns
        return any(_is_near(one.points, face) for face in faces)

    def _is_due(self, frame: Frame, face: TrackedFace, ahead_ns: int) -> bool:
        looked_ns = self._looked_ns.get(face.track_id)
        if looked_ns is None or frame.captured_ns < looked_ns:
            return True
        elapsed_ns = frame.captured_ns - looked_ns + ahead_ns
        if elapsed_ns < _LOOK_NS:
            return False
        return elapsed_ns >= _QUIET_NS or (not self._followed and self._has_changed(frame, face))

    def _has_changed(self, frame: Frame, face: TrackedFace) -> bool:
        """Whether the picture around the face is another than at the last look."""
        before, now = self._shown.get(face.track_id), _small(frame, face)
        if before is None or now is None:
            return True
        return float((np.abs(now - before) > _CHANGE_LEVELS).mean()) > _CHANGED_SHARE

    def _look(self, frame: Frame, face: TrackedFace) -> None:
        self._looked_ns[face.track_id] = frame.captured_ns
        small = _small(frame, face)
        if small is not None:
            self._shown[face.track_id] = small
        middle, side = _square(face)
        if side < 1:
            return
        known = [crop_around_hand(one.at(frame.captured_ns)) for one in self._followed]
        for crop in self._palms.find(frame.image_bgr, middle, side):
            if len(self._followed) < MOST_HANDS and not any(is_same_hand(crop, other) for other in known):
                self._place(frame, crop, face, known)

    def _place(self, frame: Frame, crop: HandCrop, face: TrackedFace, known: list[HandCrop]) -> None:
        hand = self._hands.locate(frame.image_bgr, crop)
        if hand is None or hand.score < _LEAST_SCORE or not _is_near(hand.points, face):
            return
        again = crop_around_hand(hand.points)
        if any(is_same_hand(again, other) for other in known):
            return
        known.append(again)
        self._followed.append(_Followed(hand.points, frame.captured_ns, np.zeros_like(hand.points)))


def _square(face: TrackedFace) -> tuple[NDArray[np.float32], float]:
    box = face.box_xyxy
    return ((box[:2] + box[2:]) / 2).astype(np.float32), float((box[2:] - box[:2]).max()) * _AROUND


def _small(frame: Frame, face: TrackedFace) -> NDArray[np.int16] | None:
    """(24, 24): the square around the face, its green; None where hardly any of it lies in the picture."""
    middle, side = _square(face)
    height, width = frame.image_bgr.shape[:2]
    x0, y0 = (int(value) for value in np.clip(middle - side / 2, 0, (width, height)))
    x1, y1 = (int(value) for value in np.clip(middle + side / 2, 0, (width, height)))
    if min(x1 - x0, y1 - y0) < _CHANGE_SIDE:
        return None
    step = max(min(x1 - x0, y1 - y0) // (_CHANGE_SIDE * _CELL_PX), 1)
    few = np.ascontiguousarray(frame.image_bgr[y0:y1:step, x0:x1:step, 1])
    return resized(few, (_CHANGE_SIDE, _CHANGE_SIDE), cv2.INTER_AREA).astype(np.int16)


def _is_near(points: NDArray[np.float32], face: TrackedFace) -> bool:
    box, hand = face.box_xyxy, box_around(points)
    size = float((box[2:] - box[:2]).max())
    low, high = _SIZES
    if not low * size < float((hand[2:] - hand[:2]).max()) < high * size:
        return False
    gap = np.maximum(np.maximum(box[:2] - hand[2:], hand[:2] - box[2:]), 0)
    return bool(gap.max() < _NEAR * size)

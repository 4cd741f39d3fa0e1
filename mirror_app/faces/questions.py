"""Room: faces. Which of the followed faces a recogniser is asked about, and when; what it said. Names nobody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.match import height
from mirror_app.faces.recogniser_desk import Answer, RecogniserDesk
from mirror_app.faces.signature import ALIKE, Signature, distance

# Who is surely known, and said to be so by the recogniser, is shown to it this often; who is in doubt, that often.
_ROUTINE_NS: Final = 1_000_000_000
_URGENT_NS: Final = 200_000_000
# Where so many urgent questions settled nothing, more of them will not either: the next ones are routine.
_MOST_URGENT: Final = 10
# Half the side of a recogniser's crop. Of smaller or blurred faces recognisers say that they are like each other,
# whoever they are (Deng et al., Harnessing unrecognizable faces for improving face recognition, WACV 2023).
_LEAST_FACE_PX: Final = 56.0


@dataclass(slots=True)
class _Asked:
    """What was asked about one track.

    Attributes:
        last_ns: When it was last.
        in_vain: So many urgent questions in a row settled nothing.
        waits_since_ns: Since when it waits for its turn; None = it does not.
        came_at: The last frame in which it came for it.
    """

    last_ns: int | None = None
    in_vain: int = 0
    waits_since_ns: int | None = None
    came_at: int = 0


class Questions:
    """Takes turns."""

    def __init__(self, desk: RecogniserDesk | None) -> None:
        """Ask nothing yet.

        Args:
            desk: The recogniser, if one is installed.
        """
        self._desk = desk
        self._asked: dict[int, _Asked] = {}
        self._answer: Answer | None = None
        self._frames = 0

    def begin(self, track_ids: Collection[int]) -> None:
        """A new frame, with these tracks."""
        self._frames += 1
        self._asked = {track_id: asked for track_id, asked in self._asked.items() if track_id in track_ids}
        if self._desk is not None:
            # What came while its face could not be looked at is not kept.
            self._answer = self._desk.take_answer()

    def can_be_asked(self, one: FollowedFace) -> bool:
        """Whether the recogniser is there, and can say something of a face like this."""
        return self._desk is not None and height(one.box_xyxy) >= _LEAST_FACE_PX and self._desk.is_ready

    def awaits(self, one: FollowedFace) -> bool:
        """Whether there is an answer about this face."""
        return self._answer is not None and self._answer.track_id == one.track_id

    def ask_freely(self, one: FollowedFace) -> None:
        """Something happens to this face: what was asked in vain before may be answered now."""
        self._asked.setdefault(one.track_id, _Asked()).in_vain = 0

    def answer(
        self, one: FollowedFace, seen: Signature, image_bgr: NDArray[np.uint8], now_ns: int, *, is_urgent: bool
    ) -> NDArray[np.float32] | None:
        """What the recogniser says of a face, if it says something now; asks it if it is this one's turn.

        Args:
            one: The face; nothing nearer hides a part of it.
            seen: What it looks like now.
            image_bgr: (H, W, 3) uint8, where it was found.
            now_ns: Time of that picture.
            is_urgent: Whether it matters who that is.

        Returns:
            (n,) float32 of unit length; None where it says nothing, or spoke of a face that looked otherwise.
        """
        assert self._desk is not None
        landmarks = one.face.landmarks
        if landmarks is not None and self._is_its_turn(one.track_id, now_ns, is_urgent=is_urgent):
            asked = self._asked[one.track_id]
            asked.last_ns, asked.waits_since_ns = now_ns, None
            asked.in_vain = asked.in_vain + 1 if is_urgent else 0
            self._desk.ask(one.track_id, seen, image_bgr, landmarks)
            self._answer = self._desk.take_answer() or self._answer
        said = self._answer
        if said is None or said.track_id != one.track_id:
            return None
        self._answer = None
        # The mesh may have gone over to another face meanwhile.
        apart = distance(said.looked, seen)
        return None if apart is None or apart > ALIKE else said.embedding

    def _is_its_turn(self, track_id: int, now_ns: int, *, is_urgent: bool) -> bool:
        assert self._desk is not None
        asked = self._asked.setdefault(track_id, _Asked())
        every = _URGENT_NS if is_urgent and asked.in_vain < _MOST_URGENT else _ROUTINE_NS
        if asked.last_ns is not None and 0 <= now_ns - asked.last_ns < every:
            asked.waits_since_ns = None
            return False
        if asked.waits_since_ns is None:
            asked.waits_since_ns = now_ns
        asked.came_at = self._frames
        # Whoever did not come in the frame before does not keep the others waiting.
        came = (each for each in self._asked.values() if each.came_at >= self._frames - 1)
        waits = [each.waits_since_ns for each in came if each.waits_since_ns is not None]
        return asked.waits_since_ns <= min(waits) and self._desk.is_free(is_urgent=is_urgent)

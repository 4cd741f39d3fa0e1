"""Room: swap. The engine the user chose, and the one that covers where it cannot. Makes no pixels itself."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.sentence import Sentence
from mirror_app.swap.neural.aligned_crop import looks_like_a_face
from mirror_app.swap.protocol import Swapper

_LOG = logging.getLogger(__name__)

# A face that is plainly there and got no patch in so many frames in a row is covered by the other engine. Until then
# the guard holds the last good frame, where a change of engines would flicker.
_MOST_MISSED: Final = 10


class FailoverSwapper:
    """Lets the first swapper work while it can; the other covers whom it cannot, and everybody once it has failed.

    Once out of use the first stays so: a new one is made when the user chooses an engine again.

    Attributes:
        trouble: Why the first swapper is out of use, a `Sentence`; "" while it is not.
        aside: Why the other one covers a face of the last frame though the first is in use, a `Sentence`; else "".
    """

    def __init__(self, first: Swapper, rest: Swapper, title: str) -> None:
        """Join two engines.

        Args:
            first: Needs photos of the target.
            rest: The built-in engine, which wears any target.
            title: What people call the first one.
        """
        self.trouble = ""
        self.aside = ""
        self._first, self._rest, self._title = first, rest, title
        self._covering = first
        self._missed: dict[int, int] = {}

    @property
    def engine(self) -> str:
        """Name of what covered the last frame."""
        return self._covering.engine

    @property
    def device(self) -> str:
        """Where that runs, for people."""
        return self._covering.device

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make the patches; see `Swapper.generate`."""
        own = [] if self.trouble else [place for place, one in enumerate(assignments) if one.target.views]
        made = self._try_first(frame, own, assignments)
        others = [place for place in range(len(assignments)) if place not in made]
        if others:
            patches = self._rest.generate(frame, [assignments[place] for place in others])
            made.update(zip(others, patches, strict=True))
        if assignments:
            self._covering = self._rest if len(others) == len(assignments) else self._first
            self.aside = "" if self.trouble or not others else self._why_aside(assignments[others[0]])
        return [made[place] for place in range(len(assignments))]

    def _try_first(self, frame: Frame, own: list[int], assignments: Sequence[Assignment]) -> dict[int, FacePatch]:
        """The first swapper's patches by place; those that are missing are for the other to make."""
        if not own:
            return {}
        try:
            patches = self._first.generate(frame, [assignments[place] for place in own])
        # Whatever goes wrong in the chosen engine, the face must be covered in this very frame by the other.
        except Exception as error:  # noqa: BLE001
            # A sentence says all there is to know, and the user is told it; anything else is a defect to be found.
            is_sentence = isinstance(error, MirrorError)
            _LOG.log(logging.INFO if is_sentence else logging.ERROR, "engine failed", exc_info=not is_sentence)
            self.trouble = Sentence(
                "{model} failed and is out of use; the built-in engine goes on. ({why})",
                model=self._title,
                why=error.sentence if isinstance(error, MirrorError) else type(error).__name__,
            )
            return {}
        made = dict(zip(own, patches, strict=True))
        bare = [assignments[place].live_face for place, patch in made.items() if not patch.valid]
        self._missed = {face.track_id: self._missed.get(face.track_id, 0) + _is_there(face, frame) for face in bare}
        return {place: patch for place, patch in made.items() if not self._is_lent(assignments[place])}

    def _is_lent(self, assignment: Assignment) -> bool:
        return self._missed.get(assignment.live_face.track_id, 0) >= _MOST_MISSED

    def _why_aside(self, assignment: Assignment) -> Sentence:
        if not assignment.target.views:
            return Sentence(
                "{model} needs a photo of the target face, and this one has none: the built-in engine makes it.",
                model=self._title,
            )
        return Sentence(
            "{model} cannot show a face of this picture; the built-in engine covers it until it can.",
            model=self._title,
        )


def _is_there(face: TrackedFace, frame: Frame) -> bool:
    """Whether the middle of a face's landmarks lies in the frame, and they look like a face."""
    if face.landmarks is None or not looks_like_a_face(face.landmarks):
        return False
    middle = face.landmarks.mean(0)
    return bool(((middle >= 0) & (middle < frame.image_bgr.shape[1::-1])).all())

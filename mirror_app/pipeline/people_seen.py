"""Room: pipeline. Who was seen in a file, by number: when and where first, and in what. Keeps no faces."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.pipeline.offline import Mirror
from mirror_app.pipeline.result import MirrorResult, MirrorState


@dataclass(slots=True, eq=False)
class PersonSeen:
    """One person of a file.

    Attributes:
        person: Her number, see `TrackedFace.person`.
        first_ns: When she was recognised first, in the file's time.
        first_xy: Where her face's middle was then, px.
        frames: In so many frames she was recognised.
        worn: In how many frames that left she wore which target, by its name.
    """

    person: int
    first_ns: int
    first_xy: tuple[float, float]
    frames: int = 0
    worn: Counter[str] = field(default_factory=Counter)


class PeopleSeen:
    """A `Mirror` that remembers whom another one saw."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._people: dict[int, PersonSeen] = {}
        self.most_at_once = 0
        """So many faces were in one frame."""

    @property
    def people(self) -> list[PersonSeen]:
        """Everybody who was recognised, by number."""
        return [self._people[number] for number in sorted(self._people)]

    def reset(self) -> None:
        """Forget the frames before."""
        self._mirror.reset()

    def process(self, frame: Frame, /) -> MirrorResult:
        """Turn one frame into a result; those with numbers below zero do not count."""
        result = self._mirror.process(frame)
        if frame.index < 0:
            return result
        self.most_at_once = max(self.most_at_once, len(result.faces))
        for face in result.faces:
            if face.person is not None:
                self._note(face, face.person, result)
        return result

    def _note(self, face: TrackedFace, person: int, result: MirrorResult) -> None:
        left, top, right, bottom = face.box_xyxy.tolist()
        first = PersonSeen(person, result.captured_ns, ((left + right) / 2, (top + bottom) / 2))
        seen = self._people.setdefault(person, first)
        seen.frames += 1
        if result.state is MirrorState.LIVE and face.track_id in result.worn:
            seen.worn[result.worn[face.track_id]] += 1

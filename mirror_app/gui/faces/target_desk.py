"""Room: gui. The library and the enroller together, for the background thread. Knows no Qt, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.photo_check import check_photos
from mirror_app.pipeline.photo_faces import PhotoFace, PhotoFaces
from mirror_app.pipeline.targets import keep_target, load_target, look_at_photo
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary
from mirror_app.targets.record import TargetRecord
from mirror_app.targets.remarks import PhotoCheck


@dataclass(frozen=True, slots=True, eq=False)
class LookedAt:
    """A photo that was searched.

    Attributes:
        found: Everybody in it.
        checks: What speaks against each face, in the order of the faces.
    """

    found: PhotoFaces
    checks: tuple[PhotoCheck, ...]


class Desk(Protocol):
    """Where faces are looked up, loaded, added and removed. Used by one thread, and not the window's."""

    def records(self) -> list[TargetRecord]:
        """All faces."""

    def load(self, record: TargetRecord) -> TargetFace:
        """Make a face ready to be worn."""

    def look(self, photo: Path) -> LookedAt:
        """Find everybody in a photo."""

    def add(self, faces: Sequence[PhotoFace], consent: Consent, title: str) -> TargetRecord:
        """Add a face as one or more photos show it."""

    def remove(self, name: str) -> str:
        """Move one of the user's own faces to the trash; gives the ticket that brings it back."""

    def remove_for_good(self, name: str) -> None:
        """Delete one of the user's own faces without the trash."""

    def restore(self, ticket: str) -> str:
        """Bring a deleted face back; gives its name."""

    def discard_old(self) -> None:
        """Delete what has been in the trash for too long."""


class TargetDesk:
    """A `Desk` over the files of this computer; the face networks are loaded when the first photo needs them."""

    def __init__(self, library: TargetLibrary, open_enroller: Callable[[], Enroller]) -> None:
        self._library = library
        self._open_enroller = open_enroller
        self._opened: Enroller | None = None

    @property
    def _enroller(self) -> Enroller:
        if self._opened is None:
            self._opened = self._open_enroller()
        return self._opened

    def records(self) -> list[TargetRecord]:
        """All faces, the built-in ones first."""
        return self._library.records()

    def load(self, record: TargetRecord) -> TargetFace:
        """Make a face ready to be worn.

        Raises:
            InputError: Its picture cannot be read or shows no face.
            ModelError: A network is missing or failed.
        """
        return load_target(record, self._enroller)

    def look(self, photo: Path) -> LookedAt:
        """Find everybody in a photo, and say what speaks against each face.

        Raises:
            InputError: The photo cannot be read or shows no face.
            ModelError: A network is missing or failed.
        """
        found = look_at_photo(photo, self._enroller)
        return LookedAt(found, tuple(check_photos([face.view]) for face in found.faces))

    def add(self, faces: Sequence[PhotoFace], consent: Consent, title: str) -> TargetRecord:
        """Add a face as one or more photos show it.

        Raises:
            OutputError: The library cannot be written to.
        """
        return keep_target(self._library, faces, consent, title)

    def remove(self, name: str) -> str:
        """Move one of the user's own faces with its photos to the trash; gives the ticket that brings it back.

        Raises:
            InputError: The face is built in.
            UnknownTargetError: There is no face of that name.
            OutputError: The library cannot be written to.
        """
        return self._library.remove(name)

    def remove_for_good(self, name: str) -> None:
        """Delete one of the user's own faces with its photos.

        Raises:
            InputError, UnknownTargetError, OutputError: See `remove`.
        """
        self._library.remove_for_good(name)

    def restore(self, ticket: str) -> str:
        """Bring a deleted face back; gives its name.

        Raises:
            InputError: It is not in the trash any more.
            OutputError: The library cannot be written to.
        """
        return self._library.restore(ticket)

    def discard_old(self) -> None:
        """Delete for good what has been in the trash for longer than was promised.

        Raises:
            OutputError: The trash cannot be written to.
        """
        self._library.discard_old()

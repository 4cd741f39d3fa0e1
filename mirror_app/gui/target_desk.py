"""Room: gui. The library and the enroller together, for the background thread. Knows no Qt, no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from mirror_app.domain.target import TargetFace
from mirror_app.imaging.files import read_image
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.targets import load_target
from mirror_app.targets.consent import Consent
from mirror_app.targets.library import TargetLibrary, TargetRecord


class Desk(Protocol):
    """Where faces are looked up, loaded, added and removed. Used by one thread, and not the window's."""

    def records(self) -> list[TargetRecord]:
        """All faces."""

    def load(self, record: TargetRecord) -> TargetFace:
        """Make a face ready to be worn."""

    def add_photo(self, photo: Path, consent: Consent, title: str) -> tuple[TargetRecord, TargetFace, int]:
        """Add a photo; gives its record, the face, and how many faces the photo shows."""

    def remove(self, name: str) -> None:
        """Remove one of the user's own faces."""


class TargetDesk:
    """A `Desk` over the files of this computer; the face networks are loaded when the first face needs them."""

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

    def add_photo(self, photo: Path, consent: Consent, title: str) -> tuple[TargetRecord, TargetFace, int]:
        """Add a photo that shows a face; a photo without one is not kept.

        Raises:
            InputError: The photo cannot be read or shows no face.
            OutputError: The library cannot be written to.
            ModelError: A network is missing or failed.
        """
        enrolment = self._enroller.from_photo(read_image(photo), title)
        record = self._library.add_photo(photo, consent, title, face_box_xyxy=enrolment.box_xyxy)
        return record, replace(enrolment.target, name=record.name), enrolment.faces_found

    def remove(self, name: str) -> None:
        """Remove one of the user's own faces with its photo.

        Raises:
            InputError: The face is built in, or unknown.
            OutputError: The library cannot be written to.
        """
        self._library.remove(name)

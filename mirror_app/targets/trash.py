"""Room: targets. Deleted faces, kept for seven days in case somebody wants them back. Reads no records.

A deleted face is moved whole, by one rename, into a folder that is named after the moment and holds nothing else. What
is deleted for good is renamed out of sight first. So a process killed at any moment leaves a face in the library, in
the trash or nowhere, but never half of one that could be seen.
"""

from __future__ import annotations

import contextlib
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import InputError, OutputError
from mirror_app.domain.system_reason import system_reason

KEEP_DAYS: Final = 7
_DAY_MS: Final = 86_400_000
_GOING: Final = ".going-"


@dataclass(frozen=True, slots=True)
class TrashedFace:
    """A deleted face.

    Attributes:
        ticket: What brings it back.
        name: Its name in the library.
        kept_until: When it goes for good.
    """

    ticket: str
    name: str
    kept_until: datetime


class Trash:
    """A folder of deleted faces, on the same disk as the library.

    Args:
        folder: Made with mode 0700 when the first face is deleted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def faces(self) -> list[TrashedFace]:
        """What can be brought back, the face deleted last first."""
        found = []
        for entry, deleted_ms in sorted(self._entries(), key=lambda one: one[1], reverse=True):
            for face in entry.iterdir():
                until = datetime.fromtimestamp(deleted_ms / 1000, UTC) + timedelta(days=KEEP_DAYS)
                found.append(TrashedFace(entry.name, face.name, until))
        return found

    def put(self, face: Path) -> str:
        """Move the folder of a face here.

        Returns:
            The ticket that brings it back.

        Raises:
            OutputError: The folder cannot be moved.
        """
        entry = self._folder / f"{time.time_ns() // 1_000_000}-{uuid.uuid4().hex[:8]}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            entry.mkdir(mode=0o700)
            try:
                face.rename(entry / face.name)
            except OSError:
                entry.rmdir()
                raise
        except OSError as error:
            raise _cannot_delete(face, error) from error
        return entry.name

    def find(self, ticket: str) -> Path:
        """The folder of a face in the trash.

        Raises:
            InputError: It is not in the trash any more.
        """
        try:
            return next((self._folder / ticket).iterdir())
        except (OSError, StopIteration) as error:
            raise InputError("The deleted face is no longer in the trash.") from error

    def take_back(self, ticket: str, place: Path) -> None:
        """Move a face out of the trash to a place that is free.

        Raises:
            InputError: It is not in the trash any more.
            OSError: It cannot be moved.
        """
        self.find(ticket).rename(place)
        with contextlib.suppress(OSError):
            (self._folder / ticket).rmdir()

    def empty(self, *, older_than_days: int = 0) -> int:
        """Delete faces for good; gives their number.

        Raises:
            OutputError: A face cannot be deleted.
        """
        limit_ms = time.time_ns() // 1_000_000 - older_than_days * _DAY_MS
        doomed = [entry for entry, deleted_ms in self._entries() if not older_than_days or deleted_ms < limit_ms]
        faces = sum(1 for entry in doomed for _ in entry.iterdir())
        for entry in doomed:
            erase(entry, entry.with_name(f"{_GOING}{entry.name}"))
        for rest in self._folder.glob(f"{_GOING}*"):
            erase(rest, rest)
        return faces

    def _entries(self) -> Iterator[tuple[Path, int]]:
        """Every deleted face's folder and when it came, in ms since 1970; what is not of the trash's making stays."""
        if self._folder.is_dir():
            for entry in list(self._folder.iterdir()):
                moment = entry.name.partition("-")[0]
                if moment.isascii() and moment.isdecimal() and entry.is_dir():
                    yield entry, int(moment)


def erase(folder: Path, hidden: Path) -> None:
    """Delete a folder for good: renamed to a name that nobody reads, then file by file.

    Raises:
        OutputError: It cannot be deleted.
    """
    try:
        shutil.rmtree(folder.rename(hidden))
    except OSError as error:
        raise _cannot_delete(folder, error) from error


def _cannot_delete(folder: Path, error: OSError) -> OutputError:
    return OutputError("{path} cannot be deleted: {why}.", path=folder, why=system_reason(error))

"""Room: tools. The log of when pictures were made without the visible mark. No names, no pictures, no Qt.

China's Measures for labelling AI content, article 9: content may be given out without the visible mark when the user
has taken over the duty to label it, and that is on record for at least six months.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final

from mirror_app import __version__
from mirror_app.whole_file import cannot_write, whole_file

KEPT_FOR: Final = timedelta(days=365)
"""Twice what article 9 asks for; then entries are deleted."""
_MODE: Final = 0o600


class Reason(Enum):
    """Why the mark was turned off; the value stands in the log."""

    PLATFORM = "platform"
    OWN_MARK = "own-mark"
    OWN_USE = "own-use"
    COMMAND_LINE = "command-line"


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """One time at which the user took over the duty.

    Attributes:
        time: ISO 8601, UTC.
        version: Of the app.
        reason: The value of a `Reason`.
        language: Of the window or the command.
        text_sha256: Of the words that the user agreed to.
    """

    time: str
    version: str
    reason: str
    language: str
    text_sha256: str


def note_unlabelled(path: Path, reason: Reason, language: str, text: str, now: datetime | None = None) -> None:
    """Put an entry at the end, and delete those that are too old.

    Args:
        path: The log; it and its folder are made where they are missing, for this user alone.
        reason: The user's.
        language: One of `language.LANGUAGES`.
        text: The words that the user agreed to.
        now: The time; None = the clock's.

    Raises:
        OutputError: The entry was not written.
    """
    moment = now or datetime.now(UTC)
    digest = hashlib.sha256(text.encode()).hexdigest()
    entry = Unlabelled(moment.isoformat(timespec="seconds"), __version__, reason.value, language, digest)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE), "a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(entry)) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(path, error) from error
    read_unlabelled(path, moment)


def read_unlabelled(path: Path, now: datetime | None = None) -> list[Unlabelled]:
    """The entries, the oldest first; those that are too old are deleted from the file. Damaged lines stay in it.

    Raises:
        OutputError: Old entries could not be deleted.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    oldest = (now or datetime.now(UTC)) - KEPT_FOR
    entries = [(line, _entry(line)) for line in lines]
    kept = [(line, entry) for line, entry in entries if entry is None or datetime.fromisoformat(entry.time) >= oldest]
    if len(kept) < len(entries):
        with whole_file(path) as part:
            part.touch(_MODE)
            part.write_text("".join(f"{line}\n" for line, _ in kept), encoding="utf-8")
    return [entry for _, entry in kept if entry is not None]


def _entry(line: str) -> Unlabelled | None:
    try:
        entry = Unlabelled(**json.loads(line))
        is_whole = datetime.fromisoformat(entry.time).tzinfo is not None
    except (ValueError, TypeError):
        return None
    return entry if is_whole else None

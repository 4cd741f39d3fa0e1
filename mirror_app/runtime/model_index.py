"""Room: runtime. What the model store remembers between starts: digests of files, and licences that were accepted.

A lost index costs time and a question, nothing else: files are read anew, licences asked again.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from mirror_app import __version__
from mirror_app.domain.errors import OutputError
from mirror_app.whole_file import whole_file

_MOST_BYTES: Final = 4 * 2**20
"""A larger index is none; a hundred models take 50 kB."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was read last.

    Attributes:
        size_bytes: Its size then.
        mtime_ns: When it had been changed last.
        sha256: What was in it, 64 hex digits.
        fits: Names of the models it could be, as far as its tensors tell; () for no network.
    """

    size_bytes: int
    mtime_ns: int
    sha256: str
    fits: tuple[str, ...]


class ModelIndex:
    """The index file of one store."""

    def __init__(self, path: Path) -> None:
        """Use a file; it is made when there is something to remember."""
        self._path = path

    def seen(self) -> dict[str, Seen]:
        """What is remembered of files, by path; an entry that makes no sense is left out.

        Another version of the app may know other models: nothing that it found out is believed.
        """
        table = self._read()
        files = table.get("files")
        if table.get("version") != __version__ or not isinstance(files, dict):
            return {}
        found = {path: _seen(row) for path, row in files.items()}
        return {path: one for path, one in found.items() if one is not None}

    def remember(self, seen: dict[str, Seen]) -> None:
        """Keep what is known of files. Where it cannot be written they are read anew at the next start."""
        with contextlib.suppress(OutputError):
            files = {path: asdict(one) for path, one in seen.items()}
            self._write({**self._read(), "version": __version__, "files": files})

    def accepted(self) -> list[str]:
        """The licences that were accepted, each as it was shown."""
        shown = self._read().get("accepted")
        return [licence for licence in shown if isinstance(licence, str)] if isinstance(shown, list) else []

    def accept(self, licence: str) -> None:
        """Remember that a licence was accepted, as it was shown.

        Raises:
            OutputError: It cannot be written down.
        """
        self._write({**self._read(), "accepted": sorted({*self.accepted(), licence})})

    def _read(self) -> dict[str, object]:
        try:
            # A pipe is never waited for, and no more is read than an index can be.
            if not self._path.is_file() or self._path.stat().st_size > _MOST_BYTES:
                return {}
            table = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return table if isinstance(table, dict) else {}

    def _write(self, table: dict[str, object]) -> None:
        with whole_file(self._path) as part:
            part.write_text(json.dumps(table, indent=1), encoding="utf-8")


def _seen(row: object) -> Seen | None:
    if not isinstance(row, dict):
        return None
    size_bytes, mtime_ns, sha256, fits = (row.get(key) for key in ("size_bytes", "mtime_ns", "sha256", "fits"))
    if not (isinstance(size_bytes, int) and isinstance(mtime_ns, int) and isinstance(sha256, str)):
        return None
    if not isinstance(fits, list) or not all(isinstance(name, str) for name in fits):
        return None
    return Seen(size_bytes, mtime_ns, sha256, tuple(fits))

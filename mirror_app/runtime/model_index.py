"""Room: runtime. What the model store remembers between starts: digests of files, and licences that were accepted.

A lost index costs time and a question, nothing else: files are read anew, licences asked again.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mirror_app.domain.errors import OutputError
from mirror_app.whole_file import whole_file


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
        """What is remembered of files, by path; an entry that makes no sense is left out."""
        files = self._read().get("files")
        found = {}
        for path, row in files.items() if isinstance(files, dict) else ():
            with contextlib.suppress(TypeError):
                found[path] = Seen(**{**row, "fits": tuple(row.get("fits", ()))}) if isinstance(row, dict) else None
        return {path: one for path, one in found.items() if one is not None}

    def remember(self, seen: dict[str, Seen]) -> None:
        """Keep what is known of files. Where it cannot be written they are read anew at the next start."""
        with contextlib.suppress(OutputError):
            self._write({**self._read(), "files": {path: asdict(one) for path, one in seen.items()}})

    def accepted(self) -> list[str]:
        """Names of models whose licence was accepted."""
        names = self._read().get("accepted")
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def accept(self, name: str) -> None:
        """Remember that the licence of a model was accepted.

        Raises:
            OutputError: It cannot be written down.
        """
        self._write({**self._read(), "accepted": sorted({*self.accepted(), name})})

    def _read(self) -> dict[str, object]:
        try:
            table = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return table if isinstance(table, dict) else {}

    def _write(self, table: dict[str, object]) -> None:
        with whole_file(self._path) as part:
            part.write_text(json.dumps(table, indent=1), encoding="utf-8")

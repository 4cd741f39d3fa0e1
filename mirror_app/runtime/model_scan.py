"""Room: runtime. Finds the files of models in folders, by name and size; reads none of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mirror_app.runtime.catalogue import Catalogue, ModelSpec

PRECISIONS: Final = ("fp32", "fp16", "int8")
"""In the order in which a model's files are preferred."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that could be a model.

    Attributes:
        path: Where.
        spec: Which model it could be.
        precision: One of `PRECISIONS`.
        is_own: Whether it lies in the store, not in a pack.
        is_named: Whether its name says which model it is; otherwise only its size does, and its digest must.
        size_bytes: Its size.
        mtime_ns: When it was changed last.
    """

    path: Path
    spec: ModelSpec
    precision: str
    is_own: bool
    is_named: bool
    size_bytes: int
    mtime_ns: int


def own_path(folder: Path, name: str, precision: str) -> Path:
    """Where the store keeps a model."""
    return folder / f"{name}.{precision}.onnx"


def own_files(catalogue: Catalogue, folder: Path) -> Iterator[FoundFile]:
    """The store's files, in the catalogue's order. A link that somebody put there is not followed."""
    for spec in catalogue:
        for precision in PRECISIONS:
            path = own_path(folder, spec.name, precision)
            stats = _regular(path, follow=False)
            if stats:
                yield FoundFile(path, spec, precision, True, True, stats.st_size, stats.st_mtime_ns)


def pack_files(catalogue: Catalogue, packs: Sequence[Path]) -> Iterator[FoundFile]:
    """The files in folders of insightface that have a published file's name or size."""
    for pack in packs:
        try:
            paths = sorted(pack.glob("*.onnx"))
        except OSError:
            continue
        for path in paths:
            stats = _regular(path, follow=True)
            for spec in catalogue if stats else ():
                for file in spec.files:
                    is_named = file.name == path.name
                    if stats and (is_named or (file.sha256 and file.size_bytes == stats.st_size)):
                        yield FoundFile(path, spec, file.precision, False, is_named, stats.st_size, stats.st_mtime_ns)


def _regular(path: Path, *, follow: bool) -> os.stat_result | None:
    try:
        stats = path.stat(follow_symlinks=follow)
    except OSError:
        return None
    return stats if stat.S_ISREG(stats.st_mode) else None

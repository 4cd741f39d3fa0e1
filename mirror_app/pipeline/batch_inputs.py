"""Room: pipeline. Which files a batch is about: files and folders looked through, names only. Opens none of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from mirror_app.domain.errors import InputError
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason

VIDEO_INPUTS: Final = frozenset(
    [
        ".mp4",
        ".m4v",
        ".mov",
        ".mkv",
        ".webm",
        ".avi",
        ".flv",
        ".ts",
        ".mts",
        ".m2ts",
        ".mpg",
        ".mpeg",
        ".wmv",
        ".3gp",
        ".ogv",
        ".mxf",
        ".dv",
        ".gif",
    ]
)
"""Endings of videos; a GIF counts as one."""
PICTURE_INPUTS: Final = frozenset(
    [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"]
)
"""Endings of pictures. HEIC cannot be read: it is taken along so that its owner is told so."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to work on.

    Attributes:
        source: Absolute, links followed.
        folder: Where its output goes below the output folder, with slashes; "" = right into it.
    """

    source: Path
    folder: str = ""


@dataclass(slots=True)
class FoundFiles:
    """What was found.

    Attributes:
        files: Videos and pictures, each once, in the order of the inputs, folders in the order of their names.
        skipped: How many other files there were.
        unreadable: A sentence for every folder that could not be looked into.
    """

    files: list[FoundFile] = field(default_factory=list)
    skipped: int = 0
    unreadable: list[str] = field(default_factory=list)


def is_video_name(path: Path) -> bool:
    """Whether a file's ending is one of a video."""
    return path.suffix.lower() in VIDEO_INPUTS


def is_picture_name(path: Path) -> bool:
    """Whether a file's ending is one of a picture."""
    return path.suffix.lower() in PICTURE_INPUTS


def find_files(inputs: Iterable[Path], out: Path | None = None, own: Collection[Path] = ()) -> FoundFiles:
    """Look for videos and pictures.

    A folder's files go into a folder of the same name, its own folders below that. Hidden files and folders are left
    out, links are followed, a folder that is reached twice (a link to its parent) is looked into once.

    Args:
        inputs: Files and folders.
        out: The output folder: it is not looked into where it lies inside an input.
        own: Outputs of earlier batches, absolute: they are no inputs.

    Raises:
        InputError: An input does not exist.
    """
    found, taken, visited = FoundFiles(), set(own), {_identity(out)} if out is not None and out.exists() else set()
    for path in inputs:
        if not path.exists():
            raise InputError("There is no file or folder {path}.", path=path)
        if path.is_dir():
            whole = path.resolve()
            visited.discard(_identity(whole))  # the output folder itself was given
            entries = _walk(whole, PurePath(whole.name), visited, found)
        else:
            entries = iter([FoundFile(path.resolve())])
        for entry in entries:
            if not (is_video_name(entry.source) or is_picture_name(entry.source)):
                found.skipped += 1
            elif entry.source not in taken:
                taken.add(entry.source)
                found.files.append(entry)
    return found


def _walk(folder: Path, place: PurePath, visited: set[tuple[int, int]], found: FoundFiles) -> Iterator[FoundFile]:
    """All files below a folder that are not hidden."""
    stack = [(folder, place)]
    while stack:
        folder, place = stack.pop()
        try:
            identity = _identity(folder)
            if identity in visited:
                continue
            visited.add(identity)
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            found.unreadable.append(
                Sentence("The folder {path} cannot be read: {why}.", path=folder, why=system_reason(error))
            )
            continue
        below = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                below.append((Path(entry.path), place / entry.name))
            elif entry.is_file():
                path = Path(entry.path)
                yield FoundFile(path.resolve() if entry.is_symlink() else path, place.as_posix())
        stack.extend(reversed(below))


def _identity(folder: Path) -> tuple[int, int]:
    """What is the same for two names of one folder."""
    status = folder.stat()
    return status.st_dev, status.st_ino

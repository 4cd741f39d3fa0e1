"""Room: tools. What the app keeps on this computer, where, and how all of it is erased. No Qt, no questions."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from mirror_app.domain.errors import OutputError
from mirror_app.resources import private_dirs


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder that the app filled by itself: settings, own faces, window places, models.

    Attributes:
        folder: Where.
        files: How many files lie in it.
        size_bytes: How much they hold.
    """

    folder: Path
    files: int
    size_bytes: int


def kept() -> list[Kept]:
    """The folders with something in them."""
    found = []
    for folder in private_dirs():
        sizes = [file.lstat().st_size for file in folder.rglob("*") if file.is_symlink() or file.is_file()]
        if sizes:
            found.append(Kept(folder, len(sizes), sum(sizes)))
    return found


def erase() -> list[Path]:
    """Delete all of it: settings, own faces with their photos and consent, window places, models that were got.

    Screenshots and videos are files that the user asked for; they stay where she put them.

    Returns:
        The folders that are gone.

    Raises:
        OutputError: A folder cannot be deleted; what could be is gone.
    """
    gone = []
    for folder in private_dirs():
        if not folder.is_dir():
            continue
        try:
            if folder.is_symlink():
                folder.unlink()
            else:
                shutil.rmtree(folder)
        except OSError as error:
            raise OutputError(
                "{folder} cannot be deleted: {why}. Delete it yourself.", folder=folder, why=error.strerror or error
            ) from error
        gone.append(folder)
    return gone

"""Room: runtime. A file that may be a network, handled with care: opened, judged from outside, copied whole or not."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from mirror_app.domain.errors import ModelError, OutputError
from mirror_app.domain.system_reason import system_reason
from mirror_app.whole_file import cannot_write, whole_file

MOST_BYTES: Final = 2**31
"""Protocol buffers, of which an ONNX file is made, end here."""
SPARE_BYTES: Final = 64 * 2**20
"""What a copy leaves free on the disk, for everything else that runs."""
_BLOCK_BYTES: Final = 2**20
_FIRST_BYTES: Final = 512


@contextmanager
def opened_model(path: Path) -> Iterator[BinaryIO]:
    """Open a file that somebody named as a network; a link is followed to the file it stands for.

    Raises:
        ModelError: It is missing, no regular file, empty or larger than a network can be, or a web page.
    """
    try:
        real = path.resolve(strict=True)
        # A pipe is never waited for, and a link that is put here just now is not followed.
        descriptor = os.open(real, os.O_RDONLY | _flag("O_NONBLOCK") | _flag("O_NOFOLLOW") | _flag("O_BINARY"))
    except (OSError, RuntimeError) as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ModelError("{name} is not a file.", name=path.name)
    with os.fdopen(descriptor, "rb") as file:
        check_size(path.name, os.fstat(descriptor).st_size)
        check_start(path.name, file.read(_FIRST_BYTES))
        file.seek(0)
        yield file


def check_size(name: str, size_bytes: int) -> None:
    """Refuse what cannot be a network for its size alone.

    Raises:
        ModelError: The file is empty or too large.
    """
    if size_bytes == 0:
        raise ModelError("The file {name} is empty.", name=name)
    if size_bytes > MOST_BYTES:
        raise ModelError(
            "The file {name} is too large for a model: {size} MB, and {most} MB is the most there can be.",
            name=name,
            size=size_bytes // 10**6,
            most=MOST_BYTES // 10**6,
        )


def check_start(name: str, first: bytes) -> None:
    """Refuse what its first bytes show to be something else.

    Raises:
        ModelError: It is a web page, a pointer of Git LFS, or packed.
    """
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise ModelError("The file {name} is a web page, not a model. Download the file itself.", name=name)
    if start.startswith(b"version https://git-lfs"):
        raise ModelError("The file {name} only points to a model. Download the file itself.", name=name)
    if first.startswith(b"PK\x03\x04"):
        raise ModelError("The file {name} is packed. Unpack it, and import the .onnx files in it.", name=name)


def digest(file: BinaryIO) -> str:
    """SHA-256 of a file from its start, 64 hex digits."""
    file.seek(0)
    made = hashlib.sha256()
    while block := file.read(_BLOCK_BYTES):
        made.update(block)
    return made.hexdigest()


def copy_model(file: BinaryIO, sha256: str, path: Path) -> None:
    """Copy an open file, whole or not at all.

    Args:
        file: From where.
        sha256: What it must hold.
        path: The copy. An older file there is replaced.

    Raises:
        ModelError: The file was changed meanwhile.
        OutputError: The disk is full or the folder refuses, or a link lies at `path`.
    """
    size = os.fstat(file.fileno()).st_size
    check_place(path, size)
    made = hashlib.sha256()
    with whole_file(path) as part:
        file.seek(0)
        with part.open("xb") as out:
            while block := file.read(_BLOCK_BYTES):
                made.update(block)
                out.write(block)
        if made.hexdigest() != sha256:
            raise ModelError("The file {name} changed while it was read. Try again.", name=path.name)


def move_model(made: Path, path: Path) -> None:
    """Give a finished file on the same disk its place; an older file there is replaced.

    Raises:
        OutputError: The folder refuses, or a link lies at `path`.
    """
    check_place(path, 0)
    try:
        made.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error


def check_place(path: Path, size_bytes: int) -> None:
    """See that a file can be put somewhere, before a single byte is written.

    Raises:
        OutputError: A link or a folder lies there, or the disk has no room.
    """
    if path.is_symlink() or path.is_dir():
        raise OutputError("{path} was not written: something else lies there. Remove it and try again.", path=path)
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError as error:
        raise cannot_write(path, error) from error
    if free < size_bytes + SPARE_BYTES:
        raise OutputError(
            "{path} was not written: it needs {need} MB of disk space, and {free} MB are free.",
            path=path,
            need=(size_bytes + SPARE_BYTES) // 10**6,
            free=free // 10**6,
        )


def _flag(name: str) -> int:
    """One of `os`'s flags; 0 where the system has none such."""
    return int(getattr(os, name, 0))


def _unreadable(path: Path, error: OSError | RuntimeError) -> ModelError:
    if isinstance(error, FileNotFoundError):
        return ModelError("There is no file {path}.", path=path)
    why = system_reason(error) if isinstance(error, OSError) else error
    return ModelError("The file {name} cannot be read: {why}.", name=path.name, why=why)

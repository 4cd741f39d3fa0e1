"""Room: resources. A file that is written whole or not at all. Knows no formats."""

from __future__ import annotations

import contextlib
import errno
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import OutputError
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason

_PREFIX: Final = ".mirror-"
_LEFT_FOR_S: Final = 3600
"""A file in work grows all the time; one that did not for so long is nobody's."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name to write to in the folder of `path`; the file becomes `path` when the block ends well.

    When the block raises, what was written is removed and an older `path` stays as it was. A killed process leaves at
    most a hidden file named `.mirror-…`, never half a `path`. The name keeps the ending of `path`.

    Raises:
        OutputError: The operating system refused (folder, rights, disk space).
    """
    part = path.parent / f"{_PREFIX}{uuid.uuid4().hex[:12]}{path.suffix}"
    try:
        try:
            yield part
            _flush_to_disk(part)
            part.replace(path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def remove_leftovers(folder: Path) -> None:
    """Delete what killed processes left half written in a folder, as far as the system allows."""
    oldest_s = time.time() - _LEFT_FOR_S
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime < oldest_s:
                    path.unlink()


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Say in one sentence why a file was not written and what helps."""
    reasons = {
        errno.ENOSPC: Sentence("the disk is full. Free some space and try again"),
        errno.EDQUOT: Sentence("your disk quota is used up. Free some space and try again"),
        errno.EACCES: Sentence("this folder may not be written to. Choose another folder"),
        errno.EPERM: Sentence("this folder may not be written to. Choose another folder"),
        errno.EROFS: Sentence("this disk is read-only. Choose another folder"),
        errno.ENOENT: Sentence("its folder does not exist. Make the folder first"),
        errno.ENOTDIR: Sentence("its folder is not a folder. Choose another one"),
        errno.ENAMETOOLONG: Sentence("its name is too long. Choose a shorter one"),
        errno.EFBIG: Sentence("the file became larger than this disk allows"),
    }
    why = reasons.get(error.errno or 0) or system_reason(error)
    return OutputError("{path} was not written: {why}.", path=path, why=why)


def _flush_to_disk(path: Path) -> None:
    """Make late write errors (quota, network disks) appear now, while the older file is still there."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

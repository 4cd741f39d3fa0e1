"""Room: domain. What the operating system says against a file, as a sentence that can be said in another language."""

from __future__ import annotations

import errno
from typing import Final

from mirror_app.domain.sentence import Sentence

_REASONS: Final = {
    errno.EACCES: Sentence("Permission denied"),
    errno.EPERM: Sentence("Operation not permitted"),
    errno.ENOENT: Sentence("No such file or directory"),
    errno.ENOTDIR: Sentence("Not a directory"),
    errno.EISDIR: Sentence("Is a directory"),
    errno.ENAMETOOLONG: Sentence("File name too long"),
    errno.EIO: Sentence("Input/output error"),
    errno.EMFILE: Sentence("Too many open files"),
    errno.ENOSPC: Sentence("No space left on device"),
    errno.EROFS: Sentence("Read-only file system"),
}


def system_reason(error: OSError | ValueError) -> str:
    """Why a file cannot be used, without a full stop; what the table does not know is the system's own words."""
    known = _REASONS.get(error.errno or 0) if isinstance(error, OSError) else None
    if known is not None:
        return known
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words.rstrip(".")

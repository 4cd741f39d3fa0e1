"""Room: targets. The names of faces: when two are the same, and which folder a title gets. Touches no files."""

from __future__ import annotations

import unicodedata
from typing import Final

_NAME_CHARS: Final = 48
"""Names become folder names; 48 Chinese characters are 144 bytes, file systems allow 255."""


def folded(name: str) -> str:
    """The same for names that a person would call the same: case, width and spaces around do not count."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def name_from(title: str) -> str:
    """Letters and digits of any script, everything else as single hyphens; never empty."""
    hyphens = "".join(char if char.isalnum() else "-" for char in folded(title))
    return "-".join(part for part in hyphens.split("-") if part)[:_NAME_CHARS].strip("-") or "face"

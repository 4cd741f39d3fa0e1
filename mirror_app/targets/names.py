"""Room: targets. The names of faces: when two are the same, which folder a title gets, what a slip meant. No files."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from typing import Final

from mirror_app.domain.errors import UnknownTargetError
from mirror_app.domain.sentence import either

_NAME_CHARS: Final = 48
"""Names become folder names; 48 Chinese characters are 144 bytes, file systems allow 255."""
_MOST_TOLD: Final = 20
"""Nobody reads more names in one sentence."""


def folded(name: str) -> str:
    """The same for names that a person would call the same: case, width and spaces around do not count."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def name_from(title: str) -> str:
    """Letters and digits of any script, everything else as single hyphens; never empty."""
    hyphens = "".join(char if char.isalnum() else "-" for char in folded(title))
    return "-".join(part for part in hyphens.split("-") if part)[:_NAME_CHARS].strip("-") or "face"


def unknown_face(name: str, names: Sequence[str]) -> UnknownTargetError:
    """What to say about a name that no face has: the nearest names, else all of them if these are few."""
    near = difflib.get_close_matches(folded(name), names, n=3, cutoff=0.5)
    if near:
        return UnknownTargetError(
            "There is no target face called {name}. Did you mean {names}?", name=name, names=either(near)
        )
    if len(names) > _MOST_TOLD:
        return UnknownTargetError("There is no target face called {name}. See `mirror-app targets list`.", name=name)
    return UnknownTargetError(
        "There is no target face called {name}. There are: {names}.", name=name, names=", ".join(names)
    )

"""Room: gui. In which order the faces are shown: favourites, faces worn lately, the rest. Knows names only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

_RECENT: Final = 8
"""So many faces worn lately are remembered."""


class FaceOrder:
    """Puts names in order, once: later only a star moves a face, so that nothing jumps while the user picks.

    Args:
        favourites: Faces with a star, the oldest star first.
        recent: Faces worn last, the newest first.
    """

    def __init__(self, favourites: Sequence[str] = (), recent: Sequence[str] = ()) -> None:
        self.favourites = tuple(dict.fromkeys(favourites))
        self.recent = tuple(dict.fromkeys(recent))
        self._places = list(self.recent)
        """Every name seen so far, in the order of the start; a deleted face comes back to its place."""

    def arrange(self, names: Iterable[str]) -> list[str]:
        """The same names in the order in which they are shown; faces that are new come last."""
        there = dict.fromkeys(names)
        self._places = list(dict.fromkeys([*self._places, *there]))
        return [name for name in dict.fromkeys([*self.favourites, *self._places]) if name in there]

    def toggle_star(self, name: str) -> None:
        """Give a face a star, or take it away."""
        if name in self.favourites:
            self.favourites = tuple(one for one in self.favourites if one != name)
        else:
            self.favourites = (*self.favourites, name)

    def wore(self, name: str) -> None:
        """Remember that a face was worn; the order of this session stays as it is."""
        self.recent = (name, *(one for one in self.recent if one != name))[:_RECENT]

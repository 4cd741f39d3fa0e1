"""Room: gui. Loaded target faces kept for quick changes, the one used longest ago goes first. Loads none itself."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from mirror_app.domain.target import TargetFace

_MOST: Final = 8
"""A face of 1024 texels takes 4 MB."""


class KeptFaces:
    """Faces by name."""

    def __init__(self) -> None:
        self._faces: OrderedDict[str, TargetFace] = OrderedDict()

    def get(self, name: str) -> TargetFace | None:
        """A face, which counts as used; None when it is not kept."""
        if name in self._faces:
            self._faces.move_to_end(name)
        return self._faces.get(name)

    def keep(self, name: str, target: TargetFace) -> None:
        """Keep a face."""
        self._faces[name] = target
        self._faces.move_to_end(name)
        if len(self._faces) > _MOST:
            self._faces.popitem(last=False)

    def drop(self, name: str) -> None:
        """A face is gone, or another one has its name."""
        self._faces.pop(name, None)

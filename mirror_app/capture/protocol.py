"""Room: capture. The seam all providers share. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from mirror_app.domain.frame import PendingFrame


class FrameProvider(Protocol):
    """Makes frames on its own clock and hands each over as soon as it exists."""

    @property
    def description(self) -> str:
        """A name for people: the camera's own name, the file's name, "Demo camera"."""

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        """Begin to deliver. `deliver` is called from the provider's thread and returns at once."""

    def stop(self) -> None:
        """Stop delivering and give the device back. Safe to call twice."""

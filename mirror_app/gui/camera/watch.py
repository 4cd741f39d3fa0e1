"""Room: gui. Whether a camera does well, and when to try it again. No Qt; the time is handed in."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import Frame, PendingFrame

OPENING_S: Final = 8.0
"""Cameras take up to some seconds until their first picture."""
FROZEN_S: Final = 2.0
DAMAGED_S: Final = 3.0
"""A cable that is touched gives a few damaged pictures; so long only a broken stream does."""
_TRUSTED_S: Final = 5.0
"""A camera that did well for so long starts anew with the shortest wait when it fails again."""
WAITS_S: Final = (1.0, 2.0, 4.0, 8.0)


class Fault(Enum):
    """What is wrong with a camera that says nothing itself."""

    SILENT = "no first picture"
    FROZEN = "no further picture"
    DAMAGED = "only damaged pictures"


class Health:
    """Follows the pictures of one provider. Told of them from its thread and the worker's, asked from the window's."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Begin to wait for the first picture.

        Args:
            now_s: Tells the time, s; must not go backwards.
        """
        self._now_s = now_s
        self._waiting_since_s = self._well_since_s = now_s()
        self._damaged_since_s: float | None = None
        self._damaged_for_s = 0.0
        self.has_begun = False
        """Whether any picture came."""

    def arrived(self) -> None:
        """A picture came, whatever it shows."""
        self._waiting_since_s = self._now_s()
        self.has_begun = True

    def decoded(self, *, good: bool) -> None:
        """A picture was decoded, or could not be."""
        if good:
            self._damaged_since_s, self._damaged_for_s = None, 0.0
            return
        self._well_since_s = self._now_s()
        if self._damaged_since_s is None:
            self._damaged_since_s = self._well_since_s
        self._damaged_for_s = self._well_since_s - self._damaged_since_s

    def excuse(self) -> None:
        """Begin to wait anew: nobody could have handed a picture over."""
        self._waiting_since_s = self._now_s()

    @property
    def fault(self) -> Fault | None:
        """What is wrong by now."""
        if self._now_s() - self._waiting_since_s > (FROZEN_S if self.has_begun else OPENING_S):
            return Fault.FROZEN if self.has_begun else Fault.SILENT
        return Fault.DAMAGED if self._damaged_for_s > DAMAGED_S else None

    @property
    def is_trusted(self) -> bool:
        """Whether pictures came for a while without any trouble."""
        return self.has_begun and self.fault is None and self._now_s() - self._well_since_s > _TRUSTED_S


class WatchedFrame:
    """A picture that tells its camera's `Health` how it was."""

    def __init__(self, frame: PendingFrame, health: Health) -> None:
        self._frame = frame
        self._health = health

    @property
    def index(self) -> int:
        """That of the picture."""
        return self._frame.index

    @property
    def captured_ns(self) -> int:
        """That of the picture."""
        return self._frame.captured_ns

    def decode(self) -> Frame:
        """Convert to BGR.

        Raises:
            InputError: The picture cannot be decoded.
        """
        try:
            frame = self._frame.decode()
        except MirrorError:
            self._health.decoded(good=False)
            raise
        self._health.decoded(good=True)
        return frame


class BackOff:
    """When to try a camera again: soon at first, then ever later, and never not at all."""

    def __init__(self) -> None:
        self.failures = 0
        """How often in a row it failed."""
        self._due_s: float | None = None

    def failed(self, now_s: float) -> None:
        """Wait for the next try, longer than before."""
        self._due_s = now_s + WAITS_S[min(self.failures, len(WAITS_S) - 1)]
        self.failures += 1

    def is_due(self, now_s: float) -> bool:
        """Whether it is time for a try."""
        return self._due_s is not None and now_s >= self._due_s

    def rest(self) -> None:
        """Wait for nothing; the failures so far still count."""
        self._due_s = None

    def forget(self) -> None:
        """All is well again."""
        self.failures = 0
        self._due_s = None

"""Room: gui. Going live and cutting, and the outputs that others see. Paints nothing and opens no device itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from mirror_app.deliver.protocol import Output, OutputReport
from mirror_app.domain.errors import InputError
from mirror_app.gui.air.kinds import ON_AIR, Opener, OutputKind, Wish, size_of_kind
from mirror_app.gui.air.way_out import Phase, WayOut
from mirror_app.pipeline.outlets import Outlets

_LOOK_MS: Final = 1000
_COUNT_FROM: Final = 3
_KEPT: Final = (OutputKind.WINDOW, OutputKind.CAMERA)
"""These are opened again at the next start, with their card; nothing is recorded or streamed unasked."""


class AirState(Enum):
    """What others get."""

    OFF = "off"
    """Nobody is connected: no output is open that others see."""
    READY = "ready"
    """Outputs are open; others see the card."""
    LIVE = "live"


class AirDesk(QObject):
    """Owns the outputs. Remembers which of them the user wants, never that the mirror was live."""

    changed = Signal()
    """Another state, or another output."""
    looked = Signal()
    """Once a second while outputs are open: reports are fresh."""
    troubled = Signal(str)
    """A sentence: an output could not be opened, or has ended by itself."""
    counting = Signal(int)
    """Seconds until the recording begins; 0 = it begins now, or was called off."""

    def __init__(
        self,
        outlets: Outlets,
        opener: Opener,
        wish: Callable[[OutputKind], Wish],
        wanted: Sequence[str] = (),
        parent: QObject | None = None,
    ) -> None:
        """Begin with all outputs closed.

        Args:
            outlets: Feeds what is opened.
            opener: Opens an output; called in the background.
            wish: How an output is to be opened; asked in the window's thread.
            wanted: The outputs that were open the last time, see `wanted`.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._outlets, self._opener, self._wish = outlets, opener, wish
        self.ways = {kind: WayOut(kind, outlets, self) for kind in OutputKind}
        self.reports: dict[OutputKind, OutputReport] = {}
        """What open outputs said a moment ago."""
        self.count = 0
        """Seconds until the recording begins; 0 while none is coming."""
        self._live_since_s: float | None = None
        self._wanted = frozenset(kind for kind in _KEPT if kind.value in wanted)
        for way in self.ways.values():
            way.changed.connect(self._way_changed)
            way.failed.connect(self.troubled)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.look)
        self.countdown = QTimer(self)
        """Ticks once a second while a recording is coming."""
        self.countdown.timeout.connect(self._count_down)

    @property
    def state(self) -> AirState:
        """What others get at this moment."""
        if self._live_since_s is not None:
            return AirState.LIVE
        return AirState.READY if self.seen_by else AirState.OFF

    @property
    def seen_by(self) -> tuple[OutputKind, ...]:
        """The open outputs that others see."""
        return tuple(kind for kind in self.open_kinds if kind in ON_AIR)

    @property
    def open_kinds(self) -> tuple[OutputKind, ...]:
        """All open outputs."""
        return tuple(kind for kind, way in self.ways.items() if way.phase is Phase.OPEN)

    @property
    def live_seconds(self) -> float:
        """How long others have been seeing the mirror; 0 while they do not."""
        return 0.0 if self._live_since_s is None else time.monotonic() - self._live_since_s

    def go_live(self) -> None:
        """Let others see the mirror from the next frame on.

        Raises:
            InputError: No output is open that others could see.
        """
        if not self.seen_by:
            raise InputError("No output is open: switch one on first, such as the output window.")
        if self._live_since_s is None:
            self._live_since_s = time.monotonic()
            self._outlets.go_live()
            self._changed()

    def cut(self) -> None:
        """Others see the card, at once; never asks, and may be called at any time."""
        self._outlets.cut()
        if self._live_since_s is not None:
            self._live_since_s = None
            self._changed()

    def is_on(self, kind: OutputKind) -> bool:
        """Whether an output's switch is on: it is open, opening, or counted down to."""
        return self.ways[kind].is_wanted or (kind is OutputKind.RECORDING and self.count > 0)

    def set_on(self, kind: OutputKind, on: bool) -> None:
        """Open or close an output. A recording is counted down to."""
        if kind in _KEPT:
            self._wanted = self._wanted | {kind} if on else self._wanted - {kind}
        if on == self.is_on(kind):
            return
        if kind is OutputKind.RECORDING and (on or self.count):
            self._set_count(_COUNT_FROM if on else 0)
        elif on:
            self._open(kind)
        else:
            self.ways[kind].close()

    def open_wanted(self) -> None:
        """Open what was wanted the last time; others see its card."""
        for kind in self._wanted:
            self.set_on(kind, True)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The outputs to be opened again at the next start, by name."""
        return tuple(kind.value for kind in _KEPT if kind in self._wanted)

    def reopen(self) -> None:
        """The size is another one: open the output window anew. What is being recorded or streamed stays as it is."""
        if self.ways[OutputKind.WINDOW].is_wanted:
            self.ways[OutputKind.WINDOW].close()
            self._open(OutputKind.WINDOW)

    def look(self) -> None:
        """Ask all outputs how they are doing."""
        reports = {kind: way.report() for kind, way in self.ways.items()}
        self.reports = {kind: report for kind, report in reports.items() if report is not None}
        self.looked.emit()

    def stop(self) -> None:
        """The window closes: cut first, then close everything; recordings are finished after the window is gone."""
        self.cut()
        self._set_count(0)
        self._clock.stop()
        for way in self.ways.values():
            way.stop()

    def status(self) -> Mapping[str, object]:
        """For other programs."""
        return {"live": self.state is AirState.LIVE, "outputs": [kind.value for kind in self.open_kinds]}

    def _open(self, kind: OutputKind) -> None:
        wish, outlets, opener = self._wish(kind), self._outlets, self._opener

        def work() -> Output:
            return opener(kind, wish, outlets.card(size_of_kind(kind, wish)))

        self.ways[kind].open(work)

    def _way_changed(self) -> None:
        if self._live_since_s is not None and not self._is_seen_or_will_be():
            self.cut()  # the next output to be opened must not be live from its first picture on
        self._changed()

    def _is_seen_or_will_be(self) -> bool:
        return any(self.ways[kind].is_wanted for kind in ON_AIR)

    def _changed(self) -> None:
        is_busy = bool(self.open_kinds)
        if is_busy and not self._clock.isActive():
            self._clock.start(_LOOK_MS)
        elif not is_busy:
            self._clock.stop()
        self.reports = {kind: report for kind, report in self.reports.items() if kind in self.open_kinds}
        self.changed.emit()

    def _set_count(self, seconds: int) -> None:
        if seconds == self.count:
            return
        self.count = seconds
        if seconds:
            self.countdown.start(1000)
        else:
            self.countdown.stop()
        self.counting.emit(seconds)
        self.changed.emit()

    def _count_down(self) -> None:
        seconds = self.count - 1
        if seconds == 0:
            self.countdown.stop()
            self.count = 0
            self._open(OutputKind.RECORDING)
            self.counting.emit(0)
            self.changed.emit()
        else:
            self._set_count(seconds)

"""Room: pipeline. All ways out at once: what they want, what they get, and when they get the card. Makes no picture."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mirror_app.deliver.protocol import Output
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.pipeline.result import MirrorResult, Unsafe

if TYPE_CHECKING:
    from mirror_app.pipeline.guard import Guard

_LOG = logging.getLogger(__name__)


class Outlets:
    """Hands every result to the outputs. Those that others see at once get pictures only while the mirror is live.

    For any thread. Outputs that fail are dropped from the list of those that are fed, and said in the log.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._on_air: list[Output] = []
        self._private: list[Output] = []
        self._guard: Guard | None = None
        self._is_live = False
        self._is_covered = False

    @property
    def is_live(self) -> bool:
        """Whether others see the mirror; otherwise they see the card."""
        return self._is_live

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The sizes that the outputs want, each once."""
        with self._lock:
            return tuple(dict.fromkeys(output.size_wh for output in (*self._on_air, *self._private)))

    def card(self, size_wh: Size) -> SafeFrame:
        """A labelled card for an output to begin with."""
        # They load OpenCV, for which the start of the window does not wait.
        from mirror_app.pipeline.cards import Cards
        from mirror_app.pipeline.guard import Guard

        with self._lock:
            if self._guard is None:
                cards = Cards()
                self._guard = Guard(lambda size: cards.of(size, label_on=True))
            return self._guard.cover([size_wh], 0, time.monotonic_ns())[size_wh]

    def add(self, output: Output, *, on_air: bool = True) -> None:
        """Feed one more.

        Args:
            output: Is open and shows its card.
            on_air: Others see it at once: it gets pictures only while the mirror is live. A recorder is not on air.
        """
        with self._lock:
            (self._on_air if on_air else self._private).append(output)

    def remove(self, output: Output) -> None:
        """Feed one less; it is closed by its owner."""
        with self._lock:
            for outputs in (self._on_air, self._private):
                if output in outputs:
                    outputs.remove(output)

    def go_live(self) -> None:
        """From the next frame on others see the mirror."""
        self._is_live = True

    def cut(self) -> None:
        """Others see the card, at once."""
        with self._lock:
            self._is_live = False
            self._show_cards(self._on_air)

    def cover(self, on: bool) -> None:
        """Panic: every output shows the card at once and until this is taken back, whatever the mirror still makes."""
        with self._lock:
            self._is_covered = on
            if on:
                self._show_cards((*self._on_air, *self._private))

    def send(self, result: MirrorResult) -> None:
        """Feed all of them with one result; outputs of a size that was not asked for in time wait for the next."""
        with self._lock:
            if self._is_covered and result.unsafe is not Unsafe.PANIC:
                self._show_cards((*self._on_air, *self._private))
                return
            for output in (*(self._on_air if self._is_live else ()), *self._private):
                frame = result.leaving.get(output.size_wh)
                if frame is not None:
                    self._feed(output, frame)

    def _show_cards(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            self._feed(output, None)

    def _feed(self, output: Output, frame: SafeFrame | None) -> None:
        """Send a frame, or the card."""
        try:
            output.send(frame or self.card(output.size_wh))
        # A way out that breaks its promise must take neither the mirror nor the others with it.
        except Exception:  # noqa: BLE001
            _LOG.exception("an output failed and is not fed any more")
            self.remove(output)

"""Room: gui. The panic cover: one switch for the keys, the button and the command line. Paints nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from mirror_app.gui.live_worker import LiveWorker
from mirror_app.pipeline.result import MirrorResult, Unsafe

_SAME_PANIC_NS: Final = 800_000_000
"""A key struck again so soon after the first time is meant as the same cry, not as "uncover"."""


class Shield(QObject):
    """Covers everything that leaves and everything the window shows, until it is taken back on purpose."""

    changed = Signal(bool)
    """The cover was put on (True) or taken back."""

    def __init__(
        self,
        worker: LiveWorker,
        parent: QObject | None = None,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._now_ns = now_ns
        self._covered_ns = 0

    @property
    def is_on(self) -> bool:
        """Whether the mirror is covered."""
        return self._worker.controls.shield

    def set_on(self, on: bool) -> None:
        """Cover the mirror at once, or take the cover back."""
        if on:
            self._covered_ns = self._now_ns()
        is_new = on != self.is_on
        if is_new:
            self._worker.controls = replace(self._worker.controls, shield=on)
        # At once: the frame in work may take long, and what waits in an output is older still.
        self._worker.outlets.cover(on)
        if is_new:
            self.changed.emit(on)

    def toggle(self) -> None:
        """Cover the mirror; uncover it when it has been covered for a moment."""
        if not self.is_on:
            self.set_on(True)
        elif self._now_ns() - self._covered_ns > _SAME_PANIC_NS:
            self.set_on(False)

    def lets_through(self, result: MirrorResult) -> bool:
        """Whether the window may show a result: while covered none that was made before the cover was asked for."""
        return not self.is_on or result.unsafe is Unsafe.PANIC

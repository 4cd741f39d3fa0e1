"""Room: gui. Watches the window's own thread: how long it left its events waiting, and in which function. No widgets.

A timer beats every 10 ms in the window's thread; a second thread looks on and, when a beat is overdue, notes where the
window's thread is. Made for measured runs; costs a few hundredths of a millisecond per beat.
"""

from __future__ import annotations

import faulthandler
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from PySide6.QtCore import QObject, Qt, QTimer

LONG_MS: Final = 33.0
"""Longer blocks are listed: the window misses a picture of a camera that gives 30 a second."""
_BEAT_MS: Final = 10
_MOST_BLOCKS: Final = 200
_CALL: Final = re.compile(r'File "([^"]+)", line \d+ in (\S+)')
_PACKAGE: Final = str(Path(__file__).resolve().parents[1])


@dataclass(frozen=True, slots=True)
class Block:
    """A time in which the window's thread answered nothing.

    Attributes:
        end_ns: When it was over, `time.monotonic_ns()`.
        ms: How long it was.
        busy_ms: How much of it the thread ran.
        starved_ms: How much of it the thread could have run, but other work had the processor; 0 where the system does
            not tell (it does on Linux). The rest it waited for a lock, as Python's.
        place: The app's function it was seen in most, as `file.py:function`; "" when it was not seen.
    """

    end_ns: int
    ms: float
    busy_ms: float
    starved_ms: float
    place: str

    @property
    def own_ms(self) -> float:
        """What is left of it on a computer with nothing else to do."""
        return max(self.ms - self.starved_ms, 0.0)


class Heartbeat(QObject):
    """Lists the blocks of the thread it is started in, from `start` to `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._blocks: list[Block] = []
        self._beat_ns = 0
        self._busy_ns = 0
        self._starved_ns = 0
        self._schedule: IO[bytes] | None = None
        self._places: Counter[str] = Counter()
        self._ended = threading.Event()
        self._watch: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @property
    def blocks(self) -> Sequence[Block]:
        """Those of more than 33 ms, in order; the first 200."""
        return self._blocks

    def start(self) -> None:
        """Begin in the thread that calls."""
        if sys.platform == "linux":
            schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
            self._schedule = schedule.open("rb", buffering=0) if schedule.exists() else None
        self._beat_ns, self._busy_ns, self._starved_ns = self._clocks()
        self._watch = threading.Thread(target=self._look_on, args=(threading.get_ident(),), daemon=True)
        self._watch.start()
        self._timer.start(_BEAT_MS)

    def stop(self) -> None:
        """End, and wait for the second thread."""
        self._timer.stop()
        self._ended.set()
        if self._watch is not None:
            self._watch.join()
        if self._schedule is not None:
            self._schedule.close()

    def _beat(self) -> None:
        now_ns, busy_ns, starved_ns = self._clocks()
        late_ms = (now_ns - self._beat_ns) / 1e6 - _BEAT_MS
        if late_ms > LONG_MS and len(self._blocks) < _MOST_BLOCKS:
            place = max(self._places, key=self._places.__getitem__, default="")
            busy_ms, starved_ms = (busy_ns - self._busy_ns) / 1e6, (starved_ns - self._starved_ns) / 1e6
            self._blocks.append(Block(now_ns, late_ms, busy_ms, starved_ms, place))
        if self._places:
            self._places = Counter()
        self._beat_ns, self._busy_ns, self._starved_ns = now_ns, busy_ns, starved_ns

    def _clocks(self) -> tuple[int, int, int]:
        """Now; how long this thread ran so far; how long it was kept from running."""
        starved_ns = 0
        if self._schedule is not None:
            self._schedule.seek(0)
            starved_ns = int(self._schedule.read().split()[1])  # proc(5): run time, time on the run queue, turns
        return time.monotonic_ns(), time.thread_time_ns(), starved_ns

    def _look_on(self, thread_id: int) -> None:
        with tempfile.TemporaryFile() as report:
            while not self._ended.wait(_BEAT_MS / 1000):
                overdue_ms = (time.monotonic_ns() - self._beat_ns) / 1e6
                if overdue_ms > 2 * _BEAT_MS:
                    self._places[_place_of(thread_id, report)] += 1


def _place_of(thread_id: int, report: IO[bytes]) -> str:
    """The innermost function of this package that a thread is in, the heartbeat itself aside; "" when there is none."""
    # `sys._current_frames` would keep the frames' variables alive; a QPainter must end in its thread and in time.
    report.seek(0)
    report.truncate()
    faulthandler.dump_traceback(report)
    report.seek(0)
    threads = report.read().decode(errors="replace").split("\n\n")
    stack = next((each for each in threads if re.match(rf"Thread 0x0*{thread_id:x} ", each)), "")
    for path, function in _CALL.findall(stack):
        if path.startswith(_PACKAGE) and path != __file__:
            return f"{Path(path).name}:{function}"
    return ""

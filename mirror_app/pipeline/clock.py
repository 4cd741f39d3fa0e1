"""Room: pipeline. Series of times and of memory use. Knows no frames, draws nothing."""

from __future__ import annotations

import sys
import time
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_MEMORY_SAMPLE_S = 1.0
_SETTLING_S = 60.0
"""Caches and memory pools fill during the first minute; growth is measured after it."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The middle and the slow end of a series, in the unit of the series."""

    p50: float
    p95: float
    p99: float

    def as_json(self) -> dict[str, float]:
        """The three numbers, rounded to microseconds for a series in ms."""
        return {"p50": round(self.p50, 3), "p95": round(self.p95, 3), "p99": round(self.p99, 3)}


class Timings:
    """A series of numbers that costs 4 bytes each, so that an hour of measuring does not show as memory growth."""

    def __init__(self) -> None:
        self._values = array("f")

    def __len__(self) -> int:
        return len(self._values)

    def add(self, value: float) -> None:
        """Append one number."""
        self._values.append(value)

    def percentiles(self) -> Percentiles:
        """The 50th, 95th and 99th percentile; zeros when nothing was added."""
        if not self._values:
            return Percentiles(0.0, 0.0, 0.0)
        p50, p95, p99 = np.percentile(np.array(self._values, np.float64), (50, 95, 99))
        return Percentiles(float(p50), float(p95), float(p99))


class MemoryWatch:
    """Resident memory of this process over time, sampled at most once a second."""

    def __init__(self) -> None:
        self._start_s = time.monotonic()
        self._seconds = array("d")
        self._mb = array("d")

    def sample(self) -> None:
        """Take a sample if the last one is a second old. Cheap enough to call for every frame."""
        now_s = time.monotonic() - self._start_s
        if not self._seconds or now_s - self._seconds[-1] >= _MEMORY_SAMPLE_S:
            self._seconds.append(now_s)
            self._mb.append(rss_mb())

    def peak_mb(self) -> float:
        """The most memory this process ever held, MiB."""
        return max(peak_rss_mb(), max(self._mb, default=0.0))

    def mb_per_minute(self) -> float:
        """Slope of a straight line through the samples after the first minute; through all when the run is shorter."""
        seconds, mb = np.array(self._seconds), np.array(self._mb)
        settled = seconds >= _SETTLING_S
        if settled.sum() >= 3:
            seconds, mb = seconds[settled], mb[settled]
        if len(seconds) < 3:
            return 0.0
        return float(np.polyfit(seconds / 60, mb, 1)[0])


def rss_mb() -> float:
    """Resident memory of this process now, MiB; the peak where the system tells only that, 0 where it tells nothing."""
    return _proc_status_mb("VmRSS:") or peak_rss_mb()


def peak_rss_mb() -> float:
    """The most resident memory this process ever held, MiB; 0 where the system does not tell (Windows)."""
    # VmHWM and not getrusage on Linux: ru_maxrss survives exec, so a child would report its parent's size.
    if mb := _proc_status_mb("VmHWM:"):
        return mb
    if sys.platform == "win32":
        return 0.0
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _proc_status_mb(key: str) -> float:
    try:
        with Path("/proc/self/status").open(encoding="ascii", errors="replace") as lines:
            return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), 0.0)
    except OSError:
        return 0.0

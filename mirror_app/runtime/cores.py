"""Room: runtime. How many processor cores a big network may use. Changes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_LINUX_CPUS: Final = Path("/sys/devices/system/cpu")


def physical_cores(cpus: Path = _LINUX_CPUS) -> int:
    """Physical cores this process may run on, at least 1: two threads on one core only get in each other's way.

    Where the system does not tell which processors share a core, every processor counts.

    Args:
        cpus: Linux's folder of processors.
    """
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    return max(len({_core_of(cpus, number) for number in allowed}), 1)


def _core_of(cpus: Path, number: int) -> str:
    """The processors of its core, as Linux lists them: "0,4" or "0-1"."""
    try:
        return (cpus / f"cpu{number}" / "topology" / "thread_siblings_list").read_text().strip()
    except OSError:
        return str(number)

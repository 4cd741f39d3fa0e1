"""Room: tests. The long fault run: `python -m tests.benchmarks.faults [FRAMES] [SEED]`; 100,000 frames unless told."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys

from tests.pipeline.fault_screen import Tally
from tests.pipeline.faults import BROKEN, OTHERS, FaultRun

_PART = 2500


def part(seed: int) -> Tally:
    """One mirror's share of the run."""
    logging.disable(logging.CRITICAL)
    return FaultRun(seed).run(_PART)


def main(frames: int, seed: int) -> int:
    """Run, print the table, and say by the exit status whether all is well."""
    seeds = range(seed, seed + -(-frames // _PART))
    total = Tally()
    with multiprocessing.get_context("spawn").Pool(min(os.cpu_count() or 1, len(seeds))) as pool:
        for tally in pool.imap_unordered(part, seeds):
            total = total + tally
    calm = FaultRun(seed, with_faults=False).run(_PART)
    rows = [
        ("camera frames", len(seeds) * _PART),
        ("turns of the mirror", total.frames),
        ("pictures searched", total.pictures),
        ("faults injected", sum(total.injected.values())),
        ("kinds of faults", f"{len(total.injected)} of {len(BROKEN) + len(OTHERS)}"),
        ("unsafe pictures", sum(total.unsafe.values())),
        ("frames live though broken", sum(total.not_held.values())),
        ("frames until live again, most", total.longest_return),
        ("ms until the card, most", round(total.card_ms, 1)),
        ("ms from panic to card, most", round(total.panic_ms, 1)),
        ("live without faults, %", round(100 * calm.live / calm.frames, 2)),
    ]
    for name, figure in rows:
        sys.stdout.write(f"{name:32}{figure}\n")
    for what in (total.unsafe, total.not_held, total.slow_returns):
        for fault, count in what.most_common():
            sys.stdout.write(f"  {fault}: {count}\n")
    return 1 if total.unsafe or total.not_held or total.slow_returns else 0


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:3]]
    sys.exit(main(*(given + [100_000, 1][len(given) :])))

"""Room: tests. What key frames gain and cost: `python -m tests.benchmarks.economy [FRAMES]` prints Markdown tables.

The network is a painter that takes as long as it is told (`economy_parts.py`); no weights are needed and none are
judged. Everything else, tracker included, is the app's own.
"""

from __future__ import annotations

import sys
import time

import cv2

from mirror_app.domain.assignment import Joining
from mirror_app.pipeline.economy import Knobs
from mirror_app.pipeline.governor import Governor
from mirror_app.render.cpu import CpuRenderer
from mirror_app.swap.key_frames import KeyFrameSwapper
from tests.benchmarks.economy_parts import Seen, StaleSwapper, likeness, painter, seen_in
from tests.benchmarks.prediction_scenes import performances

_FRAMES = 60
_COSTS_MS = (40, 80, 120)
_FRAME_NS = 33_333_333
_BUDGET_MS = 30.0


def main() -> None:
    """Measure and print."""
    # As in the window.
    cv2.setNumThreads(1)
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else _FRAMES
    scenes = {performance.name: seen_in(performance) for performance in performances(frames)}
    _say("| scene | n | carried dB (worst) | stale dB (worst) | network ran | carry ms |")
    _say("| --- | --- | --- | --- | --- | --- |")
    for name, seen in scenes.items():
        for every in (2, 3, 4):
            carried, stale = likeness(seen, _keys(every)), likeness(seen, StaleSwapper(painter(), every))
            _say(
                f"| {name} | {every} | {carried.psnr:.1f} ({carried.worst:.1f})"
                f" | {stale.psnr:.1f} ({stale.worst:.1f}) | {carried.made:.0%} | {carried.ms:.1f} |"
            )
    seen = next(iter(scenes.values()))
    _say("\n| network ms | n | swap and join, frames/s |\n| --- | --- | --- |")
    for cost_ms in _COSTS_MS:
        for every in (1, 2, 3, 4):
            _say(f"| {cost_ms} | {every} | {_rate(seen, cost_ms, every):.0f} |")
    _say("\n| load step, network ms | levels over time (s: level) |\n| --- | --- |")
    for cost_ms in _COSTS_MS:
        _say(f"| 5 to {cost_ms} to 5 | {_step_response(cost_ms)} |")
    _say(f"\nThe governor itself: {_own_cost_us():.0f} us a frame.")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _keys(every: int, cost_ms: float = 0.0) -> KeyFrameSwapper:
    keys = KeyFrameSwapper(painter(cost_ms))
    keys.every = every
    return keys


def _rate(seen: list[Seen], cost_ms: float, every: int) -> float:
    renderer = CpuRenderer(_keys(every, cost_ms))
    begun = time.perf_counter()
    for one in seen[:40]:
        renderer.render(one.frame, [one.assignment], Joining.MEMBRANE)
    return len(seen[:40]) / (time.perf_counter() - begun)


def _step_response(cost_ms: float) -> str:
    """10 s of load, then 40 s without, of frames whose rest takes 8 ms; in computed time."""
    periods = [level.period for level in Knobs(_keys(1)).levels()]
    every = [level.key_every for level in Knobs(_keys(1)).levels()]
    governor, told = Governor(periods), []
    for turn in range(50 * 30):
        heavy = cost_ms if 5 * 30 <= turn < 15 * 30 else 5.0
        took = 8 + (heavy if turn % every[governor.level] == 0 else 0.0)
        if governor.observe(took, _BUDGET_MS, turn * _FRAME_NS):
            told.append(f"{turn / 30 - 5:.1f}: {governor.level}")
    return ", ".join(told)


def _own_cost_us() -> float:
    governor = Governor([1, 2, 3, 4])
    begun = time.perf_counter_ns()
    for turn in range(20_000):
        governor.observe(28.0, 33.0, turn * _FRAME_NS)
    return (time.perf_counter_ns() - begun) / 20_000 * 1e-3


if __name__ == "__main__":
    main()

"""Room: tests. Prints the cost of the app itself, around networks that cost nothing: `python -m` this module.

One thread, as in the app. A number belongs to the machine it was measured on, and to what else ran there: compare rows
of one run.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import cv2

from tests.benchmarks import overhead_measures as measures
from tests.benchmarks.overhead_measures import Times
from tests.benchmarks.overhead_parts import SCENES

_SIDES_PX = (250, 450, 800)
_MOST_FACES = 4


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.overhead", description=__doc__)
    parser.add_argument("--model", default="inswapper_128", help="the swapper whose twin runs")
    parser.add_argument("--rounds", type=int, default=300, help="frames per row")
    parser.add_argument("--memory-frames", type=int, default=5000, help="0 leaves the memory run out")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        rows = timed(asked.model, Path(folder), asked.rounds)
        memory = None
        if asked.memory_frames:
            scene = SCENES["720p, face 280 px"]
            memory = measures.memory_growth(scene, asked.model, Path(folder), asked.memory_frames)
    sys.stdout.write(as_json(rows, memory) if asked.json else as_text(rows, memory))


def timed(model: str, folder: Path, rounds: int) -> dict[str, Times]:
    """All rows that are times."""
    rows = {}
    for name, scene in SCENES.items():
        rows[f"whole frame, {name}"] = measures.frame_overhead(scene, model, folder, rounds)
        rows[f"plain OpenCV crop and paste, {name}"] = measures.plain_opencv(scene, rounds)
        # It says on the terminal what it loads.
        with contextlib.redirect_stdout(io.StringIO()):
            rows[f"insightface INSwapper.get, {name}"] = measures.insightface_get(scene, folder, max(rounds // 10, 3))
        rows[f"one detection, {name}"] = measures.detection(scene, folder, rounds)
    for side in _SIDES_PX:
        rows[f"mask, paste and colour, crop of {side} px"] = measures.paste(side, rounds)
    for count in range(1, _MOST_FACES + 1):
        rows[f"render, faces of 300 px: {count}"] = measures.faces_together(count, model, folder, rounds)
    return rows


def as_text(rows: dict[str, Times], memory: tuple[float, float] | None) -> str:
    """A table."""
    width = max(map(len, rows))
    lines = [f"{'ms':{width}}  {'least':>7} {'p50':>7} {'p99':>7}"]
    lines += [f"{name:{width}}  {one.least:7.2f} {one.p50:7.2f} {one.p99:7.2f}" for name, one in rows.items()]
    if memory is not None:
        lines.append(f"resident memory at the end {memory[0]:.0f} MB, {memory[1]:+.1f} MB since the first tenth")
    return "\n".join(lines) + "\n"


def as_json(rows: dict[str, Times], memory: tuple[float, float] | None) -> str:
    """The same as one object."""
    shown: dict[str, object] = {name: asdict(one) for name, one in rows.items()}
    if memory is not None:
        shown["memory_mb"] = {"at_the_end": memory[0], "grown": memory[1]}
    return json.dumps(shown, indent=2) + "\n"


if __name__ == "__main__":
    main()

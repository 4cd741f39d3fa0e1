"""Room: cli. `mirror-app models bench`: how long a model takes here, a row for each precision."""

from __future__ import annotations

import argparse

from mirror_app.cli.columns import right
from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.models import megabytes
from mirror_app.language import Words
from mirror_app.runtime.models import open_store
from mirror_app.tools.models.bench import BenchRow, bench_model


def run(options: argparse.Namespace, words: Words) -> int:
    """Measure and print.

    Raises:
        ModelError: The model is not there, or cannot be run.
    """
    rows = bench_model(open_store(), options.name)
    if options.json:
        say_json({"name": options.name, "rows": [row.as_json() for row in rows]})
        return 0
    heads = ["", "MB", words("load s"), words("median ms"), words("95 % ms"), words("measured runs")]
    say("".join(right(head, 11) for head in heads) + f"  {words('runs on')}")
    for row in rows:
        say(_line(row))
    for text in dict.fromkeys(row.note for row in rows if row.note):
        note(words(text))
    return 0


def _line(row: BenchRow) -> str:
    size = megabytes(row.size_bytes)
    numbers = [size, f"{row.load_s:.2f}", f"{row.run_ms.p50:.2f}", f"{row.run_ms.p95:.2f}", str(row.runs)]
    return "".join(right(cell, 11) for cell in [row.precision.upper(), *numbers]) + f"  {row.device}, {row.provider}"

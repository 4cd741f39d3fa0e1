"""Room: tests. What NVIDIA's builder makes of every family: seconds and megabytes, as a table.

`python -m tests.runtime.families_table [WIDTH]` prints Markdown; WIDTH is the share of the real networks' channels. It
builds with `tensorrt-rtx` on the processor, which times no kernels: the seconds are no measure of a card.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from mirror_app.runtime.build import PLAN_NAME, PREPARING, build_plan
from tests.runtime.real_builder import catalogue, library, order
from tests.twins import architecture


def families() -> dict[str, str]:
    """The first model of each family, by family."""
    return {spec.family: spec.name for spec in reversed(list(catalogue()))}


def rows(width: float, folder: Path) -> Iterator[str]:
    """The table, line by line."""
    yield f"| family | model (width {width:g}) | plan | network MB | prepare s | build s | plan MB | at once |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for family, name in sorted(families().items()):
        yield _row(family, name, width, folder / name)


def _row(family: str, name: str, width: float, folder: Path) -> str:
    folder.mkdir()
    model = architecture(name, folder, width)
    wanted = order(name, model, folder / "work")
    begun_s = time.monotonic()
    seen: list[tuple[float, float]] = []
    most = build_plan(wanted, library(), lambda share: seen.append((share, time.monotonic() - begun_s)))
    whole_s = time.monotonic() - begun_s
    # The last thing that is told before TensorRT gets the network.
    prepared_s = max(spent_s for share, spent_s in seen if share <= PREPARING)
    plan = wanted.work / PLAN_NAME
    sizes = (model.stat().st_size / 1e6, prepared_s, whole_s - prepared_s, plan.stat().st_size / 1e6)
    figures = " | ".join(f"{size:.1f}" for size in sizes)
    line = f"| {family} | {name} | {wanted.precision} | {figures} | {most} |"
    for path in (plan, model):
        path.unlink()
    return line


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0].removeprefix("Room: tests. "))
    parser.add_argument("width", nargs="?", type=float, default=1 / 16, help="share of the channels, 1 = as the file")
    options = parser.parse_args()
    # This edition measures no kernels: it takes the calls for timings and does nothing.
    warnings.filterwarnings("ignore", message=".*Timing cache operations are no-ops")
    with tempfile.TemporaryDirectory(prefix="mirror-app-") as folder:
        for line in rows(options.width, Path(folder)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

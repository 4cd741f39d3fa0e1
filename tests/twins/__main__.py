"""Room: tests. Writes one twin: `python -m tests.twins analytic|zero-cost|architecture NAME FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.twins import FaceAt, analytic, architecture, zero_cost


def main() -> None:
    """Read the command line, write the file, say where it is."""
    parser = argparse.ArgumentParser(prog="python -m tests.twins", description=__doc__)
    parser.add_argument("kind", choices=("analytic", "zero-cost", "architecture"))
    parser.add_argument("name", help="a model of the catalogue, or the stem of a shipped network's file (zero-cost)")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=float, default=1.0, help="share of the channels (architecture)")
    parser.add_argument("--frame", type=int, nargs=2, default=FaceAt().frame_wh, help="size of the frames (zero-cost)")
    parser.add_argument("--box", type=float, nargs=4, default=FaceAt().box_xyxy, help="the face's box (zero-cost)")
    asked = parser.parse_args()
    if asked.kind == "analytic":
        path = analytic(asked.name, asked.folder)
    elif asked.kind == "zero-cost":
        path = zero_cost(asked.name, asked.folder, FaceAt(tuple(asked.frame), tuple(asked.box)))
    else:
        path = architecture(asked.name, asked.folder, asked.width)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()

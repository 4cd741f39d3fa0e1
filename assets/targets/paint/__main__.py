"""Room: painting of the built-in targets. Paints every face, or those named: `python assets/targets/paint [NAME ...]`.

Writes NAME.png and NAME.thumb.jpg into the folder above. The pixels are the same at every run
(with one version of numpy and OpenCV).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import android
import carnival
import comic
import galaxy
import gold_mask
import impasto
import marble
import opera_general
import opera_judge
import opera_monkey
import porcelain
import sugar_skull
import thumbnails
import tiger
from blend import Picture
from output import write_texture

FOLDER = Path(__file__).resolve().parent.parent

PAINTERS: dict[str, Callable[[], Picture]] = {
    "starry-oils": impasto.paint,
    "tiger": tiger.paint,
    "monkey-king": opera_monkey.paint,
    "sugar-skull": sugar_skull.paint,
    "gold-mask": gold_mask.paint,
    "android": android.paint,
    "red-general": opera_general.paint,
    "porcelain": porcelain.paint,
    "galaxy": galaxy.paint,
    "carnival": carnival.paint,
    "marble": marble.paint,
    "comic": comic.paint,
    "just-judge": opera_judge.paint,
}


def main(names: list[str]) -> None:
    """Paint the named faces (all of them without names) and make their thumbnails."""
    for name in names or PAINTERS:
        write_texture(FOLDER / f"{name}.png", PAINTERS[name]())
        sys.stdout.write(f"painted {name}\n")
    thumbnails.main(names)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Room: tests. Measures the visible mark on real clips: `python -m tests.benchmarks.label [FOLDER]`.

Prints the worst contrast over all frames of each clip, for every look and corner, and the capitals' height by size.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from mirror_app.capture.video_file import VideoFile
from mirror_app.compose.label import Label
from mirror_app.domain.frame import Size, size_of
from mirror_app.domain.label import DEFAULT_OPACITY, LEAST_OPACITY, LabelCorner, LabelStyle, LabelText
from mirror_app.pipeline.programme import fit
from tests.compose.contrast import worst_contrast

_FOOTAGE: Final = Path(__file__).parents[3] / "shared" / "footage"
_SHORT_SIDES: Final = (360, 720, 1080, 1440, 2160)
_TURNS: Final = 300


def _clip_contrast(clip: Path, size: Size | None, opacity: float) -> tuple[int, dict[str, float]]:
    """Frames, and the worst contrast for each corner over all of them and all texts."""
    worst: dict[str, float] = {}
    labels: list[Label] = []
    with VideoFile(clip) as video:
        frames = 0
        for frames, shown in enumerate(video.pictures(), 1):  # noqa: B007  # the count is wanted after the end
            picture = shown.image_bgr.copy()
            if size is not None:
                picture = np.empty((size[1], size[0], 3), np.uint8)
                fit(shown.image_bgr, picture)
            width, height = size_of(picture)
            labels = labels or [
                Label(LabelStyle(text, corner, opacity))
                for text in LabelText
                for corner in LabelCorner
                if corner is not LabelCorner.AUTO
            ]
            for label in labels:
                place = label.place(width, height, [])
                high, wide = label.layers(width, height)[0].shape[:2]
                part = np.s_[place[1] : place[1] + high, place[0] : place[0] + wide]
                before = picture[part].copy()
                label.draw(picture)
                contrast = worst_contrast(picture, label, place)
                picture[part] = before
                name = label.style.corner.value
                worst[name] = min(worst.get(name, 99.0), contrast)
    return frames, worst


def _cap_rows() -> list[str]:
    rows = []
    for short in _SHORT_SIDES:
        size = (short * 16 // 9, short)
        label = Label()
        ink = label.layers(*size)[0][:, :, 0] >= 128
        columns = np.asarray(ink.any(0))
        start = int(np.argmax(columns))
        letter = ink[:, start : start + int(np.argmin(columns[start:]))]
        lines = np.flatnonzero(letter.any(1))
        cap = int(lines[-1] - lines[0] + 1)
        picture = np.full((short, size[0], 3), 90, np.uint8)
        begun = time.perf_counter()
        for _ in range(_TURNS):
            label.draw(picture)
        draw_ms = (time.perf_counter() - begun) / _TURNS * 1e3
        rows.append(f"| {short}p | {cap} px | {100 * cap / short:.2f} % | {draw_ms:.3f} ms |")
    return rows


def main() -> None:
    """Measure and print Markdown."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOOTAGE
    cv2.setNumThreads(1)
    out = sys.stdout.write
    out("| clip | size | frames | plate | " + " | ".join(c.value for c in LabelCorner if c.value != "auto") + " |\n")
    out("| --- " * 8 + "|\n")
    for clip in sorted(folder.glob("*.mp4")):
        for size in (None, (640, 360)):
            for opacity in (LEAST_OPACITY, DEFAULT_OPACITY):
                frames, worst = _clip_contrast(clip, size, opacity)
                figures = " | ".join(f"{figure:.2f}" for figure in worst.values())
                shown = "own" if size is None else f"{size[0]}x{size[1]}"
                out(f"| {clip.stem} | {shown} | {frames} | {opacity:.0%} | {figures} |\n")
    out("\n| size | cap height | share | draw |\n| --- | --- | --- | --- |\n")
    out("\n".join(_cap_rows()) + "\n")


if __name__ == "__main__":
    main()

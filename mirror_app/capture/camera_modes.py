"""Room: capture. A camera's picture formats: which one suits a mirror, and what people may choose. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mirror_app.capture.pixel_layout import PixelLayout

_UNCOMPRESSED: Final = frozenset(set(PixelLayout) - {PixelLayout.JPEG})
_WANTED_WH: Final = (1280, 720)
_WANTED_FPS: Final = 30


@dataclass(frozen=True, slots=True)
class CameraMode:
    """One picture format a camera offers; `layout` is None for a format that only Qt itself can convert."""

    size_wh: tuple[int, int]
    max_fps: float
    layout: PixelLayout | None

    @property
    def word(self) -> str:
        """Size and rate as they are remembered: "1280x720@30"."""
        return f"{self.size_wh[0]}x{self.size_wh[1]}@{round(self.max_fps)}"


def best_mode(modes: Iterable[CameraMode], wanted: str = "") -> int | None:
    """Pick the format for a mirror: 720p at 30 fps or more, then uncompressed before JPEG.

    Uncompressed 720p over USB 2 often runs at 10 fps; such a format loses against JPEG, because the rate comes first.

    Args:
        modes: What the camera offers.
        wanted: A mode's `word`: only such modes count, unless there is none; "" = all of them.

    Returns:
        Position of the best mode, None when there is none.
    """

    def rank(mode: CameraMode) -> tuple[bool, bool, int, bool, float]:
        width, height = mode.size_wh
        distance = abs(width - _WANTED_WH[0]) + abs(height - _WANTED_WH[1])
        is_smooth = round(mode.max_fps) >= _WANTED_FPS
        return (mode.word == wanted, is_smooth, -distance, mode.layout in _UNCOMPRESSED, mode.max_fps)

    ranked = [(rank(mode), -position) for position, mode in enumerate(modes)]
    return -max(ranked)[1] if ranked else None


def mode_words(modes: Iterable[CameraMode]) -> list[str]:
    """What people choose from: every size and rate once, the largest and smoothest first."""
    ranked = {mode.word: (mode.size_wh[0] * mode.size_wh[1], mode.size_wh, round(mode.max_fps)) for mode in modes}
    return sorted(ranked, key=lambda word: ranked[word], reverse=True)

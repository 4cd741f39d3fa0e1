"""Room: gui. A colour for each step of a frame, on dark and on light ground. Draws nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor

from mirror_app.gui import theme
from mirror_app.gui.stats.record import STEPS

# Chosen by search: any two stay apart for usual, protanope, deuteranope and tritanope eyes (20 in CIELAB, neighbours in
# a bar 40), and each stands out from the panel by 3:1 (WCAG 2.1, 1.4.11).
ON_DARK: Final = ("#909790", "#d58325", "#dedcc3", "#4d54df", "#d5ac70", "#4cbedd", "#c62436", "#9949ac")
ON_LIGHT: Final = ("#262023", "#a875a8", "#1b1a91", "#dc414e", "#407add", "#48230c", "#d37929", "#2b5c66")


def step_colours() -> dict[str, QColor]:
    """For each of `STEPS`, on the theme's panel."""
    colours = ON_DARK if theme.PANEL.lightnessF() < 0.5 else ON_LIGHT
    return {step: QColor(colour) for step, colour in zip(STEPS, colours, strict=True)}

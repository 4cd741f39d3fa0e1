"""Room: tests. Both looks can be read (WCAG 2.1, 4.5:1), and every colour that is asked for exists in both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

import mirror_app.gui
from mirror_app.gui import theme
from mirror_app.gui.theme import DARK, LIGHT, apply_theme, wanted_look

LOOKS = pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])


def luminance(hex_colour: str) -> float:
    colour = QColor(hex_colour)
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.fixture
def dark_again(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    apply_theme(qapp)


@LOOKS
@pytest.mark.parametrize("ink", ["TEXT", "TEXT_SOFT", "TEXT_FAINT", "LIVE", "HOLD", "SHIELD", "QUIET", "DEMO"])
@pytest.mark.parametrize("ground", ["WINDOW", "PANEL", "RAISED", "HOVER"])
def test_words_can_be_read_on_every_ground(look: Mapping[str, str], ink: str, ground: str) -> None:
    assert contrast(look[ink], look[ground]) >= 4.5


@LOOKS
@pytest.mark.parametrize(
    ("ink", "ground", "least"), [("ACCENT_INK", "ACCENT", 4.5), ("ACCENT", "PANEL", 3.0), ("WINDOW", "BARE_FACE", 4.5)]
)
def test_accents_can_be_told(look: Mapping[str, str], ink: str, ground: str, least: float) -> None:
    assert contrast(look[ink], look[ground]) >= least


def test_both_looks_have_every_colour_that_the_window_asks_for() -> None:
    asked = set()
    for file in Path(mirror_app.gui.__path__[0]).rglob("*.py"):
        asked |= set(re.findall(r"theme\.([A-Z_]+)\b", file.read_text("utf-8")))
    asked -= {"SPACE", "SPACE_SMALL", "RADIUS", "RADIUS_SMALL", "DARK", "LIGHT"}
    assert asked
    assert asked <= set(DARK)
    assert set(DARK) == set(LIGHT)


@LOOKS
def test_the_look_reaches_palette_style_sheet_and_painters(dark_again: QApplication, look: Mapping[str, str]) -> None:
    apply_theme(dark_again, look)
    assert QColor(look["TEXT"]) == theme.TEXT
    assert dark_again.palette().text().color() == QColor(look["TEXT"])
    sheet = dark_again.styleSheet()
    assert look["LINE"] in sheet
    assert "@" not in sheet


@pytest.mark.parametrize(("choice", "expected"), [("dark", DARK), ("light", LIGHT)])
def test_the_setting_chooses_the_look(choice: str, expected: Mapping[str, str]) -> None:
    assert wanted_look(choice) is expected


def test_an_unknown_colour_is_an_error() -> None:
    with pytest.raises(AttributeError, match="PINK"):
        theme.__getattr__("PINK")

"""Room: gui. Colours, fonts and distances of the window, in one place. Draws nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

DARK: Final = {
    "WINDOW": "#0e1014", "PANEL": "#16191f", "RAISED": "#20242d", "HOVER": "#2a2f3a", "LINE": "#2b303b",
    "TEXT": "#edf0f5", "TEXT_SOFT": "#a9b2c1", "TEXT_FAINT": "#8e97a6", "ACCENT": "#7fd6c2", "ACCENT_INK": "#08211c",
    "LIVE": "#46d68c", "HOLD": "#f5c04e", "SHIELD": "#ff8577", "QUIET": "#8f99aa", "DEMO": "#b5a3ff",
    "BARE_FACE": "#ff5a4a",
}  # fmt: skip
"""The look for dark rooms: names of colours and their values."""
LIGHT: Final = {
    "WINDOW": "#e9ecf1", "PANEL": "#ffffff", "RAISED": "#f5f6f9", "HOVER": "#e2e6ed", "LINE": "#c9d0db",
    "TEXT": "#12161d", "TEXT_SOFT": "#414a58", "TEXT_FAINT": "#576170", "ACCENT": "#0a6b5a", "ACCENT_INK": "#ffffff",
    "LIVE": "#0a6a3a", "HOLD": "#7a4e00", "SHIELD": "#a8231a", "QUIET": "#535d6c", "DEMO": "#5439b8",
    "BARE_FACE": "#c22a1a",
}  # fmt: skip
"""The look for bright rooms."""

WINDOW: QColor
PANEL: QColor
RAISED: QColor
HOVER: QColor
LINE: QColor
TEXT: QColor
TEXT_SOFT: QColor
TEXT_FAINT: QColor
ACCENT: QColor
ACCENT_INK: QColor
LIVE: QColor
HOLD: QColor
SHIELD: QColor
QUIET: QColor
DEMO: QColor
BARE_FACE: QColor
# The look is one for the whole process, as QApplication's palette is; widgets read it when they are made and painted.
_shown = {name: QColor(value) for name, value in DARK.items()}


def __getattr__(name: str) -> QColor:
    """The colour of that name in the present look."""
    if name not in _shown:
        raise AttributeError(f"theme has no colour {name}")
    return _shown[name]


SPACE: Final = 16
SPACE_SMALL: Final = 8
RADIUS: Final = 12.0
RADIUS_SMALL: Final = 8.0

# Latin faces first, then one with Chinese glyphs per system; Qt falls through the list glyph by glyph.
_FAMILIES: Final = [
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei UI",
]


def font(size_px: int, *, bold: bool = False) -> QFont:
    """The window's typeface in one size."""
    chosen = QFont(_FAMILIES)
    chosen.setPixelSize(size_px)
    chosen.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return chosen


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour with another opacity, 0..1."""
    shade = QColor(colour)
    shade.setAlphaF(alpha)
    return shade


def wanted_look(choice: str) -> Mapping[str, str]:
    """The look for a setting: "dark", "light", or "" for what the desktop has; dark where it does not say."""
    if choice:
        return LIGHT if choice == "light" else DARK
    return LIGHT if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK


def apply_theme(application: QApplication, look: Mapping[str, str] = DARK) -> None:
    """Give every window of the application one look; call it before the first widget is made."""
    _shown.update({name: QColor(value) for name, value in look.items()})
    application.setStyle("Fusion")
    application.setFont(font(13))
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, _shown[name])
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _shown["TEXT_FAINT"])
    application.setPalette(palette)
    application.setStyleSheet(_style_sheet(look))


_ROLES: Final = {
    QPalette.ColorRole.Window: "WINDOW",
    QPalette.ColorRole.WindowText: "TEXT",
    QPalette.ColorRole.Base: "RAISED",
    QPalette.ColorRole.AlternateBase: "PANEL",
    QPalette.ColorRole.Text: "TEXT",
    QPalette.ColorRole.Button: "RAISED",
    QPalette.ColorRole.ButtonText: "TEXT",
    QPalette.ColorRole.BrightText: "TEXT",
    QPalette.ColorRole.PlaceholderText: "TEXT_FAINT",
    QPalette.ColorRole.ToolTipBase: "RAISED",
    QPalette.ColorRole.ToolTipText: "TEXT",
    QPalette.ColorRole.Highlight: "ACCENT",
    QPalette.ColorRole.HighlightedText: "ACCENT_INK",
    QPalette.ColorRole.Accent: "ACCENT",
    QPalette.ColorRole.Link: "ACCENT",
}


def _style_sheet(look: Mapping[str, str]) -> str:
    """The style sheet's template with a look's colours in the places of their @names."""
    return re.sub(r"@([A-Z_]+)", lambda found: look[found[1]], _STYLE_SHEET)


_STYLE_SHEET: Final = """
QToolTip {
    background: @RAISED; color: @TEXT; border: 1px solid @LINE; padding: 5px 8px;
}
QMenu { background: @RAISED; border: 1px solid @LINE; padding: 6px; }
QMenu::item { padding: 7px 20px 7px 14px; border-radius: 6px; }
QMenu::item:selected { background: @HOVER; }
QMenu::separator { background: @LINE; height: 1px; margin: 5px 8px; }
QComboBox {
    background: @RAISED; border: 1px solid @LINE; border-radius: 8px; padding: 0 12px;
    min-height: 38px;
}
QComboBox:hover { background: @HOVER; }
QComboBox:focus { border: 2px solid @ACCENT; padding: 0 11px; min-height: 36px; }
QComboBox::drop-down { border: none; width: 30px; }
CameraPicker::down-arrow { image: none; }
QComboBox QAbstractItemView {
    background: @RAISED; border: 1px solid @LINE; padding: 6px; outline: none;
    selection-background-color: @HOVER; selection-color: @TEXT;
}
QComboBox QAbstractItemView::item { min-height: 34px; padding: 0 8px; border-radius: 6px; }
QSlider::groove:horizontal { background: @LINE; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @ACCENT; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
    background: @TEXT; width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
}
QSlider::handle:horizontal:hover { background: @ACCENT; }
QSlider::handle:horizontal:focus { background: @ACCENT; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar::handle:vertical { background: @LINE; border-radius: 4px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: @QUIET; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; height: 0;
}
QPushButton {
    background: @RAISED; border: 1px solid @LINE; border-radius: 8px; padding: 0 18px;
    min-height: 38px;
}
QPushButton:hover { background: @HOVER; }
QPushButton:focus { border: 2px solid @ACCENT; padding: 0 17px; min-height: 36px; }
QPushButton:disabled { color: @TEXT_FAINT; background: @PANEL; }
QPushButton[primary="true"] {
    background: @ACCENT; color: @ACCENT_INK; border-color: @ACCENT;
}
QPushButton[primary="true"]:hover { background: @ACCENT; }
QPushButton[primary="true"]:focus { border: 2px solid @TEXT; }
QPushButton[primary="true"]:disabled {
    background: @RAISED; color: @TEXT_FAINT; border-color: @LINE;
}
QPushButton[danger="true"] { color: @SHIELD; }
QMessageBox { background: @PANEL; }
QMessageBox QLabel { min-width: 300px; }
QLineEdit {
    background: @RAISED; border: 1px solid @LINE; border-radius: 8px; padding: 0 12px;
    min-height: 36px;
}
QLineEdit:focus { border: 2px solid @ACCENT; padding: 0 11px; min-height: 34px; }
"""

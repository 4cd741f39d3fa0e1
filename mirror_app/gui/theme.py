"""Room: gui. Colours, fonts and distances of the window, in one place. Draws nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

# Contrast (WCAG 2.1) on PANEL: TEXT 14:1, TEXT_SOFT 7:1, TEXT_FAINT 4.6:1.
WINDOW: Final = QColor("#0e1014")
PANEL: Final = QColor("#16191f")
RAISED: Final = QColor("#20242d")
HOVER: Final = QColor("#2a2f3a")
LINE: Final = QColor("#2b303b")
TEXT: Final = QColor("#edf0f5")
TEXT_SOFT: Final = QColor("#a9b2c1")
TEXT_FAINT: Final = QColor("#848d9c")
ACCENT: Final = QColor("#7fd6c2")
ACCENT_INK: Final = QColor("#08211c")
LIVE: Final = QColor("#46d68c")
HOLD: Final = QColor("#f5c04e")
SHIELD: Final = QColor("#ff8577")
QUIET: Final = QColor("#8b95a6")
DEMO: Final = QColor("#b5a3ff")
BARE_FACE: Final = QColor("#ff5a4a")

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


def apply_theme(application: QApplication) -> None:
    """Give every window of the application the dark look, whatever the desktop's own theme is."""
    application.setStyle("Fusion")
    application.setFont(font(13))
    palette = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: WINDOW,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.Base: RAISED,
        QPalette.ColorRole.AlternateBase: PANEL,
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.BrightText: TEXT,
        QPalette.ColorRole.PlaceholderText: TEXT_FAINT,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.Highlight: ACCENT,
        QPalette.ColorRole.HighlightedText: ACCENT_INK,
        QPalette.ColorRole.Accent: ACCENT,
        QPalette.ColorRole.Link: ACCENT,
    }.items():
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, TEXT_FAINT)
    application.setPalette(palette)
    application.setStyleSheet(_STYLE_SHEET)


_STYLE_SHEET: Final = f"""
QToolTip {{
    background: {RAISED.name()}; color: {TEXT.name()}; border: 1px solid {LINE.name()}; padding: 5px 8px;
}}
QMenu {{ background: {RAISED.name()}; border: 1px solid {LINE.name()}; padding: 6px; }}
QMenu::item {{ padding: 7px 20px 7px 14px; border-radius: 6px; }}
QMenu::item:selected {{ background: {HOVER.name()}; }}
QComboBox {{
    background: {RAISED.name()}; border: 1px solid {LINE.name()}; border-radius: 8px; padding: 0 12px;
    min-height: 38px;
}}
QComboBox:hover {{ background: {HOVER.name()}; }}
QComboBox:focus {{ border: 2px solid {ACCENT.name()}; padding: 0 11px; min-height: 36px; }}
QComboBox::drop-down {{ border: none; width: 30px; }}
CameraPicker::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{
    background: {RAISED.name()}; border: 1px solid {LINE.name()}; padding: 6px; outline: none;
    selection-background-color: {HOVER.name()}; selection-color: {TEXT.name()};
}}
QComboBox QAbstractItemView::item {{ min-height: 34px; padding: 0 8px; border-radius: 6px; }}
QSlider::groove:horizontal {{ background: {LINE.name()}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {ACCENT.name()}; height: 4px; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {TEXT.name()}; width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
}}
QSlider::handle:horizontal:hover {{ background: {ACCENT.name()}; }}
QSlider::handle:horizontal:focus {{ background: {ACCENT.name()}; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {LINE.name()}; border-radius: 4px; min-height: 32px; }}
QScrollBar::handle:vertical:hover {{ background: {QUIET.name()}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: none; height: 0;
}}
QPushButton {{
    background: {RAISED.name()}; border: 1px solid {LINE.name()}; border-radius: 8px; padding: 0 18px;
    min-height: 38px;
}}
QPushButton:hover {{ background: {HOVER.name()}; }}
QPushButton:focus {{ border: 2px solid {ACCENT.name()}; padding: 0 17px; min-height: 36px; }}
QPushButton:disabled {{ color: {TEXT_FAINT.name()}; background: {PANEL.name()}; }}
QPushButton[primary="true"] {{
    background: {ACCENT.name()}; color: {ACCENT_INK.name()}; border-color: {ACCENT.name()};
}}
QPushButton[primary="true"]:hover {{ background: {ACCENT.lighter(110).name()}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {TEXT.name()}; }}
QPushButton[primary="true"]:disabled {{
    background: {RAISED.name()}; color: {TEXT_FAINT.name()}; border-color: {LINE.name()};
}}
QPushButton[danger="true"] {{ color: {SHIELD.name()}; }}
QMessageBox {{ background: {PANEL.name()}; }}
QMessageBox QLabel {{ min-width: 300px; }}
QLineEdit {{
    background: {RAISED.name()}; border: 1px solid {LINE.name()}; border-radius: 8px; padding: 0 12px;
    min-height: 36px;
}}
QLineEdit:focus {{ border: 2px solid {ACCENT.name()}; padding: 0 11px; min-height: 34px; }}
"""

"""Room: gui. What the pages of the settings and the first steps are built of: headings, paragraphs, columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme


def heading(words: str, size_px: int = 18) -> QLabel:
    """A bold line."""
    label = QLabel(words)
    label.setFont(theme.font(size_px, bold=True))
    label.setWordWrap(True)
    return label


def paragraph(words: str, *, soft: bool = True) -> QLabel:
    """Text that wraps and can be marked and copied."""
    label = QLabel(words)
    label.setFont(theme.font(13))
    label.setWordWrap(True)
    label.setStyleSheet(f"color: {(theme.TEXT_SOFT if soft else theme.TEXT).name()};")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def column_of(page: QWidget) -> QVBoxLayout:
    """The column in which a page's parts stand."""
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 22, 24, 22)
    column.setSpacing(theme.SPACE_SMALL + 2)
    return column

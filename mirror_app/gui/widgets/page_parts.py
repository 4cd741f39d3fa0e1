"""Room: gui. What the pages of the settings and the first steps are built of: headings, paragraphs, columns."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme

# A label is never narrower than its longest word, and a page not than its labels: paths, addresses and what programs
# say may break after so many characters. (Chinese may break anywhere as it is.)
_LONGEST_WORD: Final = 32
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def breakable(words: str) -> str:
    """The same text, with places to break in words too long for a page."""
    return re.sub(rf"[!-~]{{{_LONGEST_WORD}}}(?=[!-~])", lambda word: word.group() + _MAY_BREAK, words)


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

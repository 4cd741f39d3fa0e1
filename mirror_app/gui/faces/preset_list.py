"""Room: gui. The list of presets: names with keys, renamed in place. Keeps and applies none."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.targets.presets import NAME_CHARS

ROW_HEIGHT: Final = 48
_KEYS: Final = 9
"""Presets that have a key."""
_NAME, _ABOUT = Qt.ItemDataRole.EditRole, Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class PresetList(QListWidget):
    """Enter and a click apply, F2 renames, Delete deletes; Space goes on to the window."""

    apply_requested = Signal(int)
    rename_requested = Signal(int, str)
    delete_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RowPainter(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Presets"))
        self.setStyleSheet("QListWidget { background: transparent; border: none; outline: none; }")
        self.itemClicked.connect(lambda item: self.apply_requested.emit(self.row(item)))

    def show_presets(self, rows: list[tuple[str, str]]) -> None:
        """Show presets, each as a name and what it wears; the chosen row stays."""
        chosen = self.currentRow()
        self.clear()
        for name, about in rows:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(_ABOUT, about)
            item.setToolTip(f"{name}\n{about}")
            self.addItem(item)
        self.setCurrentRow(min(max(chosen, 0), len(rows) - 1))

    def rename_chosen(self) -> None:
        """Let the user write another name into the chosen row."""
        if (item := self.currentItem()) is not None:
            self.editItem(item)

    def delete_chosen(self) -> None:
        """Ask for the chosen row to be deleted."""
        if self.currentRow() >= 0:
            self.delete_requested.emit(self.currentRow())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentRow() >= 0:
                self.apply_requested.emit(self.currentRow())
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_chosen()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space goes on to the window."""
        event.ignore()


class _RowPainter(QStyledItemDelegate):
    """Paints a row: the key, the name, and what is worn."""

    def __init__(self, rows: PresetList) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.HOVER)
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        if state & QStyle.StateFlag.State_Selected and self._rows.hasFocus():
            painter.setPen(theme.ACCENT)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 2, -1, -2), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        key_width = self._paint_key(painter, box, index.row())
        words = box.adjusted(10, 5, -10 - key_width, -5)
        _paint_line(painter, words, str(index.data(_NAME)), top=True)
        _paint_line(painter, words, str(index.data(_ABOUT)), top=False)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setMaxLength(NAME_CHARS)
        editor.setAccessibleName(self.tr("Name of the preset"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 4, 0, -4))

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        if isinstance(editor, QLineEdit):
            self._rows.rename_requested.emit(index.row(), editor.text())

    def _paint_key(self, painter: QPainter, box: QRectF, row: int) -> float:
        if row >= _KEYS:
            return 0.0
        painter.setFont(theme.font(11))
        key = f"Alt+{row + 1}"
        width = QFontMetricsF(painter.font()).horizontalAdvance(key) + 12
        plate = QRectF(box.right() - 10 - width, box.center().y() - 10, width, 20)
        painter.setPen(theme.faded(theme.TEXT, 0.16))
        painter.setBrush(theme.faded(theme.WINDOW, 0.55))
        painter.drawRoundedRect(plate, 5, 5)
        painter.setPen(theme.TEXT_SOFT)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, key)
        return width + 8


def _paint_line(painter: QPainter, box: QRectF, text: str, *, top: bool) -> None:
    painter.setFont(theme.font(13 if top else 11))
    painter.setPen(theme.TEXT if top else theme.TEXT_SOFT)
    place = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignBottom
    text = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, place | Qt.AlignmentFlag.AlignLeft, text)

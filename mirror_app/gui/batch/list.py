"""Room: gui. The list of files: small picture, name, length, state, progress. Knows nothing of the queue."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mirror_app.gui import theme
from mirror_app.gui.batch.model import ROW_ROLE, BatchModel
from mirror_app.gui.batch.words import BatchRow, state_colour, state_words, time_words
from mirror_app.gui.widgets.icons import Icon, paint_icon
from mirror_app.pipeline.batch_inputs import is_video_name
from mirror_app.pipeline.batch_record import ItemState

_ROW_HEIGHT: Final = 74
_PICTURE_WH: Final = (96.0, 54.0)
_PADDING: Final = 10.0
_BAR_HEIGHT: Final = 4.0
_LENGTH_WIDTH: Final = 70.0


class BatchList(QListView):
    """Files to be done; several can be marked at once."""

    def __init__(self, model: BatchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_RowPainter(model, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Files"))
        self.setStyleSheet(
            f"QListView {{ background: {theme.PANEL.name()}; border: 1px solid {theme.LINE.name()};"
            f" border-radius: {theme.RADIUS:.0f}px; padding: 6px; outline: none; }}"
            f"QListView:focus {{ border: 2px solid {theme.ACCENT.name()}; padding: 5px; }}"
        )

    @property
    def marked(self) -> list[str]:
        """The marked files."""
        rows = (index.data(ROW_ROLE) for index in self.selectionModel().selectedIndexes())
        return [str(row.file.source) for row in rows if isinstance(row, BatchRow)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; an empty list says what to do."""
        super().paintEvent(event)
        if self.model().rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.viewport().rect())
        icon = QRectF(0, 0, 48, 48)
        icon.moveCenter(area.center())
        icon.translate(0, -34)
        paint_icon(painter, Icon.FILM, icon, theme.TEXT_FAINT, stroke=1.2)
        painter.setFont(theme.font(16, bold=True))
        painter.setPen(theme.TEXT)
        line = QRectF(area.left(), icon.bottom() + 12, area.width(), 26)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.tr("Drop videos, pictures or folders here"))
        painter.setFont(theme.font(13))
        painter.setPen(theme.TEXT_SOFT)
        line.translate(0, 28)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.tr("Your own files are never changed."))


class _RowPainter(QStyledItemDelegate):
    """Paints one file."""

    def __init__(self, model: BatchModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        self._model.want_look(row)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        self._paint_ground(painter, box, option.state)
        inner = box.adjusted(_PADDING, _PADDING - 1, -_PADDING, -(_PADDING - 1))
        picture = QRectF(inner.left(), inner.top(), *_PICTURE_WH)
        _paint_picture(painter, picture, row)
        text = QRectF(picture.right() + 14, inner.top(), inner.right() - picture.right() - 14, inner.height())
        _paint_words(painter, text, row)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        is_marked = bool(state & QStyle.StateFlag.State_Selected)
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        if is_marked or has_focus or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(theme.ACCENT, 1.5) if has_focus else Qt.PenStyle.NoPen)
            painter.setBrush(theme.HOVER if is_marked else theme.RAISED)
            painter.drawRoundedRect(box, theme.RADIUS_SMALL, theme.RADIUS_SMALL)


def _paint_picture(painter: QPainter, box: QRectF, row: BatchRow) -> None:
    frame = QPainterPath()
    frame.addRoundedRect(box, 6, 6)
    painter.fillPath(frame, theme.WINDOW)
    if row.image is None:
        icon = QRectF(0, 0, 26, 26)
        icon.moveCenter(box.center())
        paint_icon(painter, Icon.FILM if is_video_name(row.file.source) else Icon.PHOTO, icon, theme.TEXT_FAINT, 1.3)
        return
    painter.save()
    painter.setClipPath(frame)
    painter.drawImage(_fitted(row.image, box), row.image)
    painter.restore()


def _fitted(image: QImage, box: QRectF) -> QRectF:
    """The place of a picture in a box, all of it visible."""
    size = image.size().toSizeF().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(box.center())
    return place


def _paint_words(painter: QPainter, box: QRectF, row: BatchRow) -> None:
    name = QRectF(box.left(), box.top() + 2, box.width() - _LENGTH_WIDTH, 20)
    painter.setFont(theme.font(14, bold=True))
    painter.setPen(theme.TEXT)
    _draw(painter, name, row.file.source.name, Qt.TextElideMode.ElideMiddle)
    if row.seconds is not None:
        length = QRectF(box.right() - _LENGTH_WIDTH, name.top(), _LENGTH_WIDTH, name.height())
        painter.setFont(theme.font(12))
        painter.setPen(theme.TEXT_SOFT)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(length, right, time_words(row.seconds))
    state = QRectF(box.left(), name.bottom() + 2, box.width(), 18)
    painter.setFont(theme.font(12))
    painter.setPen(state_colour(row))
    _draw(painter, state, state_words(row), Qt.TextElideMode.ElideRight)
    if row.state is ItemState.WORKING:
        _paint_bar(painter, QRectF(box.left(), state.bottom() + 5, box.width(), _BAR_HEIGHT), row)


def _draw(painter: QPainter, box: QRectF, words: str, elide: Qt.TextElideMode) -> None:
    shown = QFontMetricsF(painter.font()).elidedText(words.replace("\n", " "), elide, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_bar(painter: QPainter, box: QRectF, row: BatchRow) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.LINE)
    painter.drawRoundedRect(box, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
    done = QRectF(box)
    done.setWidth(box.width() * (row.part or 0.0))
    painter.setBrush(state_colour(row))
    painter.drawRoundedRect(done, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)

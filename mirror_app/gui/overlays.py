"""Room: gui. What lies over the window for a while: a note, and the frame that shows where to drop a photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.icons import Icon, paint_icon

_NOTE_MS = 7000
_NOTE_WIDTH = 560
_MARGIN = 18
_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class Note(QWidget):
    """A sentence at the upper edge of its parent (the mark is mostly at the lower one); a click closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.text = ""
        self._hide_later = QTimer(self)
        self._hide_later.setSingleShot(True)
        self._hide_later.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence for seven seconds."""
        self.text = text
        self.setAccessibleName(text)
        self.setToolTip(self.tr("Click to close"))
        self._place()
        self.show()
        self.raise_()
        self.update()
        self._hide_later.start(_NOTE_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the note."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.LINE, 1))
        painter.setBrush(theme.faded(theme.RAISED, 0.97))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.setPen(theme.TEXT)
        painter.setFont(theme.font(13))
        painter.drawText(self.rect().adjusted(16, 0, -38, 0), _FLAGS, self.text)
        paint_icon(painter, Icon.CLOSE, QRectF(self.width() - 30, self.height() / 2 - 8, 16, 16), theme.TEXT_SOFT)

    def _place(self) -> None:
        parent = self._parent
        width = min(_NOTE_WIDTH, parent.width() - 2 * _MARGIN)
        room = QRect(0, 0, width - 54, 1000)
        words = QFontMetrics(theme.font(13)).boundingRect(room, _FLAGS, self.text)
        size = QSize(min(width, words.width() + 58), words.height() + 24)
        self.setGeometry((parent.width() - size.width()) // 2, _MARGIN, size.width(), size.height())


class DropFrame(QWidget):
    """Takes files dropped anywhere on its parent, and covers it with an invitation meanwhile."""

    dropped = Signal(list)
    """Paths of the files."""
    refused = Signal(str)
    """A sentence: what was dropped is no file of this computer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.invite: Callable[[Sequence[Path]], tuple[Icon, str]] = self._invite
        """Gives the sign and the words for what is dragged over the window."""
        self._invitation = self._invite([])
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.setAcceptDrops(True)
        parent.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear what is dragged over the parent; it handles everything else itself."""
        if isinstance(event, QDragEnterEvent) and event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._invitation = self.invite(_local_files(event))
            self._cover()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            event.acceptProposedAction()
            self.hide()
            self._take(_local_files(event))
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hide()
        elif event.type() == QEvent.Type.Resize and not self.isHidden():
            self._cover()
        return False

    def _cover(self) -> None:
        self.setGeometry(self._parent.rect())
        self.show()
        self.raise_()

    def _take(self, paths: list[Path]) -> None:
        if paths:
            # Later: the app that the photo comes from waits until the drop event is done.
            QTimer.singleShot(0, self, lambda: self.dropped.emit(paths))
        else:
            self.refused.emit(self.tr("Save the picture on this computer first, then drop the file here."))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and the invitation."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.faded(theme.WINDOW, 0.88))
        painter.setPen(QPen(theme.ACCENT, 2.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(20, 20, -20, -20), 18, 18)
        icon = QRectF(0, 0, 56, 56)
        icon.moveCenter(QRectF(self.rect()).center())
        icon.translate(0, -30)
        sign, invitation = self._invitation
        paint_icon(painter, sign, icon, theme.ACCENT, stroke=1.3)
        painter.setPen(theme.TEXT)
        painter.setFont(theme.font(18, bold=True))
        words = QRectF(0, icon.bottom() + 12, self.width(), 30)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, invitation)

    def _invite(self, paths: Sequence[Path]) -> tuple[Icon, str]:
        return Icon.PHOTO, self.tr("Drop the photo to wear its face")


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]

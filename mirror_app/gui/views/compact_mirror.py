"""Room: gui. The small mirror: a window without a frame that stays on top of all others. Makes no pictures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSettings, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QEnterEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from mirror_app.gui.views.compact_corners import BackButton, Grip
from mirror_app.gui.views.preview import Preview

_WIDTHS: Final = (240, 360, 540)
"""Small, medium, large."""
_NARROWEST: Final = 160
_LARGEST_SHARE: Final = 0.9
"""Of the screen's width and height."""
_FIRST_SHAPE: Final = 16 / 9
_SCREEN_GAP: Final = 24
_POSITION_KEY: Final = "compact/position"
_WIDTH_KEY: Final = "compact/width"


class CompactMirror(QWidget):
    """Shows what the main window's preview shows, in its stead: while this window is up the main one is hidden."""

    def __init__(
        self, main: QWidget, preview: Preview, *, swap: QAbstractButton, flip: QAbstractButton, state: QSettings
    ) -> None:
        """Make the window; it is hidden at first.

        Args:
            main: The window that it stands for.
            preview: Whose results it shows.
            swap: The main window's switch; the menu works it.
            flip: Likewise.
            state: Where place and size are remembered.
        """
        top = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(main, top)
        self._main, self._preview, self._swap, self._flip, self._state = main, preview, swap, flip, state
        self._shape = _FIRST_SHAPE
        self._press: QPoint | None = None
        self.setWindowTitle(self.tr("Small mirror"))
        self.setAccessibleDescription(self.tr("Drag to move; double-click or Escape brings the window back"))
        self.picture = Preview(self)
        self.picture.setMinimumSize(1, 1)
        self.picture.set_edge_to_edge(True)
        self.picture.set_flip(flip.isChecked())
        self.picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.back = BackButton(self)
        self.grip = Grip(self)
        self.grip.wanted.connect(self.set_width)
        flip.toggled.connect(self.picture.set_flip)
        preview.changed.connect(self._follow)
        # Only one of the two windows is seen: whoever counts the preview's paints counts these.
        self.picture.painted.connect(preview.painted)
        self.back.clicked.connect(self.go_back)
        main.installEventFilter(self)

    @property
    def is_up(self) -> bool:
        """Whether the small mirror stands for the main window, which is hidden meanwhile."""
        return not self.isHidden()

    def toggle(self) -> None:
        """Change between the main window and the small one."""
        if self.is_up:
            self.go_back()
        else:
            self.show_up()

    def show_up(self) -> None:
        """Take the main window's place."""
        self._stand_alone()
        self._restore_place()
        self.back.hide()
        self.grip.hide()
        self.show()
        self.raise_()
        self.activateWindow()
        self._follow()
        self._main.hide()

    def go_back(self) -> None:
        """Bring the main window back."""
        self._main.show()
        self._main.raise_()
        self._main.activateWindow()
        self.hide()

    def set_width(self, width: int) -> None:
        """Take another size; the picture keeps its shape."""
        room = self._screen_room()
        widest = int(min(room.width(), room.height() * self._shape) * _LARGEST_SHARE)
        width = max(min(width, widest), _NARROWEST)
        self.resize(width, round(width / self._shape))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step back when the main window comes back by itself, or is to be closed.

        Qt ends an application with its last window only if that window is seen: the main one is shown before it closes.
        """
        if watched is not self._main or not self.is_up:
            return False
        if event.type() == QEvent.Type.Show:
            self.hide()
        elif event.type() == QEvent.Type.Close:
            event.ignore()
            self.go_back()
            QTimer.singleShot(0, self._main, self._main.close)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it: by the desktop where that can do it, which knows about edges and other screens."""
        if self._press is None:
            return
        place = event.globalPosition().toPoint() - self._press
        if (place - self.pos()).manhattanLength() < QApplication.startDragDistance():
            return
        handle = self.windowHandle()
        if handle is not None and handle.startSystemMove():
            self._press = None
        else:
            self.move(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.go_back()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show what the mouse can do here."""
        self.back.show()
        self.grip.show()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the picture alone."""
        self.back.hide()
        self.grip.hide()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Sizes, switches and the way back."""
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """A fresh menu; it deletes itself."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, width in zip((self.tr("Small"), self.tr("Medium"), self.tr("Large")), _WIDTHS, strict=True):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(self.width() == width)
            action.triggered.connect(lambda _checked, width=width: self.set_width(width))
        menu.addSeparator()
        for text, switch in ((self.tr("Swap"), self._swap), (self.tr("Flip"), self._flip)):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(switch.isChecked())
            action.triggered.connect(lambda _checked, switch=switch: switch.toggle())
        menu.addSeparator()
        menu.addAction(self.tr("Back to the window")).triggered.connect(self.go_back)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture fills the window."""
        self.picture.setGeometry(self.rect())
        self.back.move(self.width() - self.back.width() - 8, 8)
        self.grip.move(self.width() - self.grip.width(), self.height() - self.grip.height())

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember place and size."""
        self._state.setValue(_POSITION_KEY, self.pos())
        self._state.setValue(_WIDTH_KEY, self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it brings the main window back."""
        self.go_back()

    def _stand_alone(self) -> None:
        """The main window owns this one, but a desktop that knows it would hide both together."""
        self.winId()
        handle = self.windowHandle()
        if handle is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]  # PySide6's stubs forget that it may be none

    def _follow(self) -> None:
        if not self.is_up:
            return
        turn = self._preview.turn
        if turn is None:
            icon, title, text = self._preview.message
            self.picture.show_message(title, text, icon)
            return
        height, width = turn.result.preview_bgr.shape[:2]
        if abs(self._shape - width / height) > 0.01:
            self._shape = width / height
            self.set_width(self.width())
        self.picture.show_turn(turn)

    def _restore_place(self) -> None:
        width, position = self._state.value(_WIDTH_KEY), self._state.value(_POSITION_KEY)
        self.set_width(int(width) if str(width).isdecimal() else _WIDTHS[1])
        room, corner = self._screen_room(), self.rect().bottomRight()
        place = QRect(room.bottomRight() - corner - QPoint(_SCREEN_GAP, _SCREEN_GAP), self.size())
        if isinstance(position, QPoint):
            place.moveTopLeft(position)
            screen = QGuiApplication.screenAt(place.center())
            room = screen.availableGeometry() if screen is not None else room
        # A screen may have been taken away or made smaller since.
        left = max(min(place.left(), room.right() + 1 - place.width()), room.left())
        top = max(min(place.top(), room.bottom() + 1 - place.height()), room.top())
        self.move(left, top)

    def _screen_room(self) -> QRect:
        return (self if self.is_up else self._main).screen().availableGeometry()

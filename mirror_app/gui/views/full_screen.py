"""Room: gui. Full screen: nothing but the picture, and the controls while somebody moves. Knows no mirror."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QMargins,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLayout, QStyle, QWidget

from mirror_app.gui import theme
from mirror_app.gui.views.preview import Preview

_REST_MS: Final = 2500
"""The controls leave so long after the last movement."""
_SLIDE_MS: Final = 180
_GAP: Final = 16
_WIDEST: Final = 1240


class _Tray(QWidget):
    """Carries the controls over the picture and slides in from below."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 12, 12, 12)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._settle)
        self._is_wanted = False
        self.hide()

    @property
    def is_wanted(self) -> bool:
        """Whether it is there, or on its way in."""
        return self._is_wanted

    def take(self, controls: QWidget) -> None:
        """Carry these controls."""
        self._row.addWidget(controls)

    def set_wanted(self, wanted: bool) -> None:
        """Slide in or out; at once where the desktop wants no animations."""
        if wanted == self._is_wanted:
            return
        self._is_wanted = wanted
        if self.isHidden():
            self.place()
            self.move(self._away())
            self.show()
            self.raise_()
        duration = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        self._slide.stop()
        self._slide.setDuration(min(duration, _SLIDE_MS))
        self._slide.setStartValue(self.pos())
        self._slide.setEndValue(self._home() if wanted else self._away())
        self._slide.start()

    def place(self) -> None:
        """Fit the window's size."""
        width = min(self._window.width() - 2 * _GAP, _WIDEST)
        self.resize(max(width, self.minimumSizeHint().width()), self.sizeHint().height())
        self._slide.stop()
        self.move(self._home() if self._is_wanted else self._away())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, which makes the controls readable over any picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.LINE, 1))
        painter.setBrush(theme.faded(theme.WINDOW, 0.9))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)

    def _home(self) -> QPoint:
        return QPoint((self._window.width() - self.width()) // 2, self._window.height() - self.height() - _GAP)

    def _away(self) -> QPoint:
        return QPoint(self._home().x(), self._window.height())

    def _settle(self) -> None:
        if not self._is_wanted:
            self.hide()


@dataclass(slots=True)
class _Before:
    """How the window was laid out."""

    layout: QLayout
    margins: QMargins
    hidden: list[QWidget] = field(default_factory=list)


class FullScreen(QObject):
    """Takes everything but the picture out of a window's layout, and puts it back."""

    changed = Signal(bool)
    """Full screen began or ended."""

    def __init__(self, window: QWidget, preview: Preview, controls: QWidget) -> None:
        """Follow a window whose layout holds both widgets; double-click, Escape and the mouse are heard from now on."""
        super().__init__(window)
        self._window, self._preview, self._controls = window, preview, controls
        self._tray = _Tray(window)
        self._before: _Before | None = None
        self._home: tuple[QBoxLayout, int] | None = None
        self._mouse_at = QPoint()
        self._woken_by_key = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._put_to_rest)
        window.installEventFilter(self)
        preview.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether only the picture is shown."""
        return self._before is not None

    def toggle(self) -> None:
        """Go to full screen, or back."""
        if self.is_on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Show nothing but the picture."""
        layout = self._window.layout()
        if self.is_on or layout is None:
            return
        self._before = _Before(layout, layout.contentsMargins())
        for widget in _widgets_in(layout):
            if widget not in (self._preview, self._controls) and not widget.isHidden():
                widget.hide()
                self._before.hidden.append(widget)
        self._lend_controls(layout)
        layout.setContentsMargins(0, 0, 0, 0)
        self._preview.set_edge_to_edge(True)
        self._preview.setMouseTracking(True)
        self._window.setWindowState(self._window.windowState() | Qt.WindowState.WindowFullScreen)
        self._preview.setFocus()
        self._wake(by_key=False)
        self.changed.emit(True)

    def leave(self) -> None:
        """Bring the window back as it was."""
        before, self._before = self._before, None
        if before is None:
            return
        self._rest.stop()
        self._tray.set_wanted(False)
        self._tray.hide()
        self._take_controls_back()
        for widget in before.hidden:
            widget.show()
        before.layout.setContentsMargins(before.margins)
        self._preview.set_edge_to_edge(False)
        self._preview.setMouseTracking(False)
        self._preview.unsetCursor()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowFullScreen)
        self.changed.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear double-clicks always, and in full screen whatever wakes the controls or ends it."""
        if watched is self._preview and isinstance(event, QMouseEvent):
            return self._hear_mouse(event)
        if not self.is_on or watched is not self._window:
            return False
        kind = event.type()
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            self._wake(by_key=True)
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        elif kind == QEvent.Type.Resize:
            self._tray.place()
        elif kind == QEvent.Type.Close or (
            kind == QEvent.Type.WindowStateChange and not self._window.isFullScreen() and not self._window.isMinimized()
        ):
            # What the window remembers of its place shall be that of the window, and the desktop may end full screen.
            self.leave()
        return False

    def _hear_mouse(self, event: QMouseEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick and event.button() == Qt.MouseButton.LeftButton:
            self.toggle()
            return True
        place = event.globalPosition().toPoint()
        if self.is_on and (event.type() != QEvent.Type.MouseMove or place != self._mouse_at):
            self._mouse_at = place
            self._wake(by_key=False)
        return False

    def _wake(self, *, by_key: bool) -> None:
        self._woken_by_key = by_key
        self._preview.unsetCursor()
        self._tray.set_wanted(True)
        self._rest.start(_REST_MS)

    def _put_to_rest(self) -> None:
        if self._is_busy():
            self._rest.start(_REST_MS)
            return
        if self._tray.isAncestorOf(self._window.focusWidget() or self._window):
            self._preview.setFocus()
        self._tray.set_wanted(False)
        self._preview.setCursor(Qt.CursorShape.BlankCursor)

    def _is_busy(self) -> bool:
        """Whether somebody is at the controls, or at something that was opened with them."""
        if self._tray.underMouse() or QApplication.activePopupWidget() or not self._window.isActiveWindow():
            return True
        focus = self._window.focusWidget()
        if focus is None or focus is self._window or focus is self._preview or self._preview.isAncestorOf(focus):
            return False
        return self._woken_by_key or not self._tray.isAncestorOf(focus)

    def _lend_controls(self, layout: QLayout) -> None:
        own = _box_of(layout, self._controls)
        if own is not None:
            self._home = own, own.indexOf(self._controls)
            self._tray.take(self._controls)

    def _take_controls_back(self) -> None:
        if self._home is not None:
            layout, index = self._home
            layout.insertWidget(index, self._controls)
            self._home = None


def _widgets_in(layout: QLayout) -> list[QWidget]:
    """Every widget that a layout and the layouts in it place."""
    found = []
    for item in (layout.itemAt(index) for index in range(layout.count())):
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            found.append(widget)
        if inner is not None:
            found += _widgets_in(inner)
    return found


def _box_of(layout: QLayout, widget: QWidget) -> QBoxLayout | None:
    """The row or column in which a widget stands."""
    if isinstance(layout, QBoxLayout) and layout.indexOf(widget) >= 0:
        return layout
    inner = (item.layout() for index in range(layout.count()) if (item := layout.itemAt(index)) is not None)
    return next((box for one in inner if one is not None and (box := _box_of(one, widget)) is not None), None)

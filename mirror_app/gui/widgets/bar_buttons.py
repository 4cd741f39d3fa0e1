"""Room: gui. The buttons of the controls bar: a switch, an action, and the camera picker. No knowledge of the mirror.

Space belongs to hold-to-compare in the whole window, so these controls leave it to the window and react to Enter.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.gui.widgets.combo_box import ICON, ComboBox
from mirror_app.gui.widgets.icons import Icon, paint_icon
from mirror_app.gui.widgets.painted_button import PaintedButton

_HEIGHT = 40
_PADDING = 12.0
_GAP = 9.0
_SWITCH_WH = (30.0, 18.0)
_PICKER_TEXT_LEFT = 40.0
_PICKER_TEXT_RIGHT = 32.0


class _BarButton(PaintedButton):
    """A flat button: a symbol, a word, and, where there is room, the key that does the same."""

    def __init__(self, text: str, key: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._is_short = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tooltip)
        self.show_key(key)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(13))

    def show_key(self, key: str) -> None:
        """Say which key does the same; "" when none does."""
        self._key = key
        tooltip = self.accessibleDescription()
        self.setToolTip(f"{tooltip}  [{key}]" if key else tooltip)
        self.updateGeometry()
        self.update()

    def set_short(self, short: bool) -> None:
        """Show the symbol alone, or the word too."""
        if short != self._is_short:
            self._is_short = short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        key_room = 0.0 if self._is_short else self._key_room()
        return QSize(round(2 * _PADDING + self._words_width() + key_room), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(2 * _PADDING + self._words_width()), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        shows_key = bool(self._key) and not self._is_short and self.width() >= self.sizeHint().width()
        x = (self.width() - self._words_width() - (self._key_room() if shows_key else 0)) / 2
        self._paint_symbol(painter, x)
        if self._is_short:
            return
        x += self._symbol_width() + _GAP
        painter.setPen(theme.TEXT if self.isEnabled() else theme.TEXT_FAINT)
        painter.setFont(self.font())
        text_width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        painter.drawText(QRectF(x, 0, text_width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if shows_key:
            self._paint_key(painter, x + text_width + _GAP)

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = theme.HOVER if self.isDown() or self._hovered else theme.RAISED
        painter.setPen(QPen(theme.ACCENT, 2) if self.hasFocus() else QPen(theme.LINE, 1))
        painter.setBrush(ground.lighter(112) if self.isDown() else ground)
        painter.drawRoundedRect(box, theme.RADIUS_SMALL, theme.RADIUS_SMALL)

    def _paint_key(self, painter: QPainter, x: float) -> None:
        box = QRectF(x, (self.height() - 20) / 2, self._key_width(), 20)
        painter.setPen(QPen(theme.faded(theme.TEXT, 0.16), 1))
        painter.setBrush(theme.faded(theme.WINDOW, 0.55))
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(theme.font(11))
        painter.setPen(theme.TEXT_SOFT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)

    def _words_width(self) -> float:
        if self._is_short:
            return self._symbol_width()
        return self._symbol_width() + _GAP + QFontMetricsF(self.font()).horizontalAdvance(self.text())

    def _key_room(self) -> float:
        return _GAP + self._key_width() if self._key else 0.0

    def _key_width(self) -> float:
        return max(20.0, QFontMetricsF(theme.font(11)).horizontalAdvance(self._key) + 12)

    def _symbol_width(self) -> float:
        raise NotImplementedError

    def _paint_symbol(self, painter: QPainter, x: float) -> None:
        raise NotImplementedError


class ActionButton(_BarButton):
    """Does one thing when it is pressed; shows an icon."""

    def __init__(self, icon: Icon, text: str, key: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(text, key, tooltip, parent)
        self._icon = icon

    def _symbol_width(self) -> float:
        return ICON

    def _paint_symbol(self, painter: QPainter, x: float) -> None:
        box = QRectF(x, (self.height() - ICON) / 2, ICON, ICON)
        paint_icon(painter, self._icon, box, theme.TEXT if self.isEnabled() else theme.TEXT_FAINT)


class SwitchButton(_BarButton):
    """Is on or off; shows a switch."""

    def __init__(self, text: str, key: str, tooltip: str, *, on: bool, parent: QWidget | None = None) -> None:
        super().__init__(text, key, tooltip, parent)
        self.setCheckable(True)
        self.setChecked(on)

    def _symbol_width(self) -> float:
        return _SWITCH_WH[0]

    def _paint_symbol(self, painter: QPainter, x: float) -> None:
        width, height = _SWITCH_WH
        box = QRectF(x, (self.height() - height) / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen if self.isChecked() else QPen(theme.QUIET, 1.4))
        painter.setBrush(theme.ACCENT if self.isChecked() else theme.PANEL)
        painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), height / 2, height / 2)
        knob_x = box.right() - height / 2 if self.isChecked() else box.left() + height / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ACCENT_INK if self.isChecked() else theme.QUIET)
        radius = 6.0 if self.isChecked() else 5.0
        painter.drawEllipse(QPointF(knob_x, box.center().y()), radius, radius)


class CameraPicker(ComboBox):
    """A list of cameras by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Camera"))
        self.setToolTip(self.tr("Which camera the mirror looks through"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setFixedHeight(_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name, shortened where it is too long, and two icons."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        name = option.currentText or self.placeholderText()
        room = self.width() - _PICKER_TEXT_LEFT - _PICKER_TEXT_RIGHT
        name = QFontMetricsF(self.font()).elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.setPen(theme.TEXT)
        painter.drawText(QRectF(_PICKER_TEXT_LEFT, 0, room + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
        self.paint_chevron(painter)
        icon = QRectF(_PADDING, (self.height() - ICON) / 2, ICON, ICON)
        paint_icon(painter, Icon.CAMERA, icon, theme.TEXT_SOFT)

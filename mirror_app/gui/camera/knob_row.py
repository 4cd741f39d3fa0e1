"""Room: gui. One thing that can be turned on a camera: name, value, slider, and a switch to leave it to the camera."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mirror_app.capture.knobs import Knob, KnobState
from mirror_app.gui import theme
from mirror_app.gui.picture_panel import LikenessSlider
from mirror_app.gui.widgets.bar_buttons import SwitchButton
from mirror_app.gui.wording import filled

_STEPS: Final = 100


class KnobRow(QWidget):
    """Shows a knob and says how the user turns it. Moving the slider takes the knob out of the camera's hands."""

    turned = Signal(object, object)
    """The `Knob`, and its value in its own unit; None = as the camera likes."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._knob = knob
        self._state = KnobState(0, 1, None, can_be_automatic=False)
        name = _name(knob)
        self.slider = LikenessSlider()
        self.slider.setAccessibleName(name)
        self.automatic = SwitchButton(self.tr("Automatic"), "", self.tr("Let the camera see to it"), on=True)
        self.automatic.setAccessibleName(filled(self.tr("{knob}: automatic"), knob=name))
        self._value = QLabel()
        self._value.setFont(theme.font(13, bold=True))
        label = QLabel(name)
        label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        label.setBuddy(self.slider)
        words, controls, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._column = column
        words.addWidget(label, 1)
        words.addWidget(self._value)
        controls.setSpacing(theme.SPACE)
        controls.addWidget(self.slider, 1)
        controls.addWidget(self.automatic)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(words)
        column.addLayout(controls)
        self.slider.valueChanged.connect(self._slide)
        self.automatic.toggled.connect(self._switch)

    @property
    def value_text(self) -> str:
        """What is written beside the name."""
        return self._value.text()

    def show_state(self, state: KnobState) -> None:
        """Show how the knob stands."""
        self._state = state
        with QSignalBlocker(self.slider), QSignalBlocker(self.automatic):
            self.automatic.setChecked(state.value is None)
            self.automatic.setVisible(state.can_be_automatic)
            self.slider.setValue(_STEPS // 2 if state.value is None else self._position(state.value))
        self._show_value(state.value)
        self._column.activate()  # the panel measures this row before Qt would tell it of the switch
        self.updateGeometry()

    def _slide(self, position: int) -> None:
        with QSignalBlocker(self.automatic):
            self.automatic.setChecked(False)
        self._turn(self._at(position))

    def _switch(self, automatic: bool) -> None:
        self._turn(None if automatic else self._at(self.slider.value()))

    def _turn(self, value: float | None) -> None:
        self._show_value(value)
        self.turned.emit(self._knob, value)

    def _show_value(self, value: float | None) -> None:
        words = self.tr("Automatic") if value is None else _value_words(self._knob, value)
        self._value.setText("" if value is None and self._state.can_be_automatic else words)
        self.slider.setAccessibleDescription(words)

    def _at(self, position: int) -> float:
        low, high, part = self._state.lowest, self._state.highest, position / _STEPS
        if self._knob is Knob.EXPOSURE_TIME:  # an eye sees light in steps of double and half
            return float(low * (high / low) ** part)
        return low + (high - low) * part

    def _position(self, value: float) -> int:
        low, high = self._state.lowest, self._state.highest
        if self._knob is Knob.EXPOSURE_TIME:
            return round(_STEPS * math.log(max(value, low) / low) / math.log(high / low))
        return round(_STEPS * (value - low) / (high - low))


def _name(knob: Knob) -> str:
    return {
        Knob.EXPOSURE_TIME: _tr("Exposure time"),
        Knob.BRIGHTNESS: _tr("Exposure compensation"),
        Knob.WHITE_BALANCE: _tr("White balance"),
        Knob.ZOOM: _tr("Zoom"),
    }[knob]


def _value_words(knob: Knob, value: float) -> str:
    match knob:
        case Knob.EXPOSURE_TIME:
            return f"1/{round(1 / value)} s" if value < 0.5 else f"{value:.1f} s"
        case Knob.BRIGHTNESS:
            return f"{round(value, 1) + 0.0:+.1f} EV"
        case Knob.WHITE_BALANCE:
            return f"{round(value, -2):.0f} K"
        case Knob.ZOOM:
            return f"{value:.1f}×"


def _tr(text: str) -> str:
    return QCoreApplication.translate("KnobRow", text)

"""Room: gui. A small panel over the window: the camera's size, rate, exposure, white balance and zoom."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.capture.camera_modes import best_mode, mode_words
from mirror_app.capture.knobs import Knob
from mirror_app.gui import theme
from mirror_app.gui.camera.inputs import Inputs
from mirror_app.gui.camera.knob_row import KnobRow
from mirror_app.gui.camera.shelf import DEMO_IDS
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.enter_button import EnterButton
from mirror_app.gui.widgets.popover import Popover
from mirror_app.gui.wording import filled

_WIDTH: Final = 360
_GAP: Final = 10
_MOST_ROWS: Final = 12


class CameraPanel(Popover):
    """Shows what the camera in use offers, and nothing that it lacks; every choice counts at once. Escape closes it."""

    def __init__(self, inputs: Inputs, anchor: QWidget, parent: QWidget) -> None:
        """Make it, hidden at first.

        Args:
            inputs: The cameras; the panel steers the one in use.
            anchor: The button above which the panel opens; gets the focus back.
            parent: The window.
        """
        super().__init__(anchor, parent)
        self._inputs = inputs
        self._heading, self._hint = QLabel(), QLabel()
        self._mode_label = QLabel(self.tr("Size and rate"))
        self._column = QVBoxLayout(self)
        self.mode = ChoiceBox({})
        self.mode.setMaxVisibleItems(_MOST_ROWS)
        self.rows = {knob: KnobRow(knob) for knob in Knob}
        self.reset = EnterButton(self.tr("Reset"))
        self._lay_out()
        self.mode.currentIndexChanged.connect(lambda: inputs.choose_mode(self.mode.value))
        for row in self.rows.values():
            row.turned.connect(inputs.turn)
        self.reset.clicked.connect(self._reset)
        inputs.choices_changed.connect(self._refresh)
        inputs.knobs_changed.connect(self._refresh)

    def _refresh(self) -> None:
        """Show the camera in use as it is now."""
        if self.isHidden():
            return
        had_focus = self._has_focus()
        camera = self._inputs.current
        self._heading.setText(camera.name or self.tr("Camera"))
        has_modes = self._show_modes()
        knobs = self._inputs.knobs
        for knob, row in self.rows.items():
            row.setVisible(knob in knobs)
            if knob in knobs:
                row.show_state(knobs[knob])
        hint = self._hint_words(camera.camera_id)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.reset.setVisible(has_modes or bool(knobs))
        if had_focus and not self._has_focus():
            self._first_control().setFocus()
        self._place()

    def _show_modes(self) -> bool:
        modes = self._inputs.modes
        words = mode_words(modes)
        best = best_mode(modes)
        with QSignalBlocker(self.mode):
            self.mode.clear()
            if best is not None:
                chosen = filled(self.tr("Automatic: {mode}"), mode=self._mode_name(modes[best].word))
                self.mode.addItem(chosen, "")
            for word in words:
                self.mode.addItem(self._mode_name(word), word)
            wanted = self._inputs.camera_modes.get(self._inputs.current.camera_id, "")
            self.mode.choose(wanted if wanted in words else "")
        self.mode.setVisible(bool(words))
        self._mode_label.setVisible(bool(words))
        return bool(words)

    def _mode_name(self, word: str) -> str:
        size, _, rate = word.partition("@")
        width, _, height = size.partition("x")
        return filled(self.tr("{width} × {height}, {rate} fps"), width=width, height=height, rate=rate)

    def _hint_words(self, camera_id: str) -> str:
        if camera_id in ("", *DEMO_IDS):
            return self.tr("The demo camera has nothing to set. Plug in a camera, or pick another one.")
        if not self._inputs.running_id:
            return self.tr("The camera is off just now. What you choose counts when it comes back.")
        if not self._inputs.knobs:
            return self.tr("This camera lets nobody set its exposure, white balance or zoom.")
        return ""

    def _reset(self) -> None:
        for knob in self._inputs.knobs:
            self._inputs.turn(knob, None)
        self._inputs.choose_mode("")
        self._refresh()

    def _first_control(self) -> QWidget:
        controls = [self.mode, *(row.slider for row in self.rows.values())]
        return next((control for control in controls if control.isVisibleTo(self)), self)

    def _place(self) -> None:
        self._column.activate()
        self.resize(_WIDTH, self._column.totalHeightForWidth(_WIDTH))
        button = self._anchor.mapTo(self._parent, self._anchor.rect().topLeft())
        left = max(min(button.x(), self._parent.width() - self.width() - _GAP), _GAP)
        self.move(left, max(button.y() - self.height() - _GAP, _GAP))

    def _lay_out(self) -> None:
        self.setFixedWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # keeps Escape where there is nothing to set
        self.setAccessibleName(self.tr("Camera settings"))
        self._heading.setFont(theme.font(15, bold=True))
        self._heading.setWordWrap(True)
        self._hint.setWordWrap(True)
        for label in (self._hint, self._mode_label):
            label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self._mode_label.setBuddy(self.mode)
        self.mode.setAccessibleName(self._mode_label.text())
        self.reset.setAccessibleDescription(self.tr("Size, rate and everything else as the camera and the mirror like"))
        self.reset.setToolTip(self.reset.accessibleDescription())
        self.reset.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        column = self._column
        column.setContentsMargins(theme.SPACE, theme.SPACE - 2, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE_SMALL + 2)
        column.addWidget(self._heading)
        column.addWidget(self._mode_label)
        column.addWidget(self.mode)
        for row in self.rows.values():
            column.addWidget(row)
        column.addWidget(self._hint)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignRight)

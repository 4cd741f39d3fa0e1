"""Room: gui. The row of controls under the picture. Says what was asked for; does nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.air.live_button import LiveButton
from mirror_app.gui.camera.inputs import Choice
from mirror_app.gui.widgets.bar_buttons import ActionButton, CameraPicker, SwitchButton
from mirror_app.gui.widgets.icon_button import IconButton
from mirror_app.gui.widgets.icons import Icon

_ROOMY: Final = 940
"""A bar narrower than this, px, needs its gaps for its buttons."""


class ControlsBar(QWidget):
    """Live, outputs, camera, swap, flip, watermark, picture, compare, screenshot, panic, and a menu with the rest."""

    camera_picked = Signal(str)
    camera_settings_requested = Signal()
    swap_toggled = Signal(bool)
    flip_toggled = Signal(bool)
    picture_requested = Signal()
    compare_held = Signal(bool)
    screenshot_requested = Signal()
    cover_toggled = Signal(bool)
    more_requested = Signal()

    def __init__(self, *, flip: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = CameraPicker()
        self.picker.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.picker.setMaximumWidth(300)
        self.live = LiveButton()
        self.outputs = IconButton(
            Icon.OUTPUTS, self.tr("Outputs"), self.tr("Window for OBS, virtual camera, recording, stream")
        )
        self.outputs.setCheckable(True)
        self.picker.activated.connect(lambda row: self.camera_picked.emit(str(self.picker.itemData(row))))
        self.swap = SwitchButton(self.tr("Swap"), "X", self.tr("Wear the target face"), on=True)
        self.flip = SwitchButton(self.tr("Flip"), "M", self.tr("Show the preview as a mirror does"), on=flip)
        self.watermark = SwitchButton(
            self.tr("Watermark"), "W", self.tr("Mark the picture as AI generated; on again at every start"), on=True
        )
        self.picture = ActionButton(
            Icon.SLIDERS, self.tr("Picture"), "P", self.tr("Likeness, joining, glasses: how the face is worn")
        )
        self.compare = ActionButton(
            Icon.COMPARE, self.tr("Compare"), self.tr("Space"), self.tr("Hold to see your real face, here only")
        )
        self.screenshot = ActionButton(
            Icon.SHUTTER, self.tr("Screenshot"), "S", self.tr("Save the picture, if it cannot show your real face")
        )
        self.camera = IconButton(
            Icon.GEAR, self.tr("Camera settings"), self.tr("Size, rate, exposure, white balance, zoom")
        )
        self.cover = IconButton(
            Icon.SHIELD, self.tr("Cover"), self.tr("Panic: cover all that leaves and all you see, at once")
        )
        self.cover.setCheckable(True)
        self.cover.alert = True
        self.more = IconButton(Icon.MENU, self.tr("More"), self.tr("All that has no button of its own"))
        self._row = QHBoxLayout(self)
        self._connect()
        self._lay_out()
        self._wordy_width = self.minimumSizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A window too narrow for all words leaves out those beside the icons, which have tooltips."""
        super().resizeEvent(event)
        for button in (self.picture, self.compare, self.screenshot, self.live):
            button.set_short(self.width() < self._wordy_width)
        self._row.setSpacing(theme.SPACE_SMALL if self.width() >= _ROOMY else theme.SPACE_SMALL // 2)

    def _connect(self) -> None:
        self.camera.clicked.connect(self.camera_settings_requested)
        self.cover.toggled.connect(self.cover_toggled)
        self.more.clicked.connect(self.more_requested)
        self.swap.toggled.connect(self.swap_toggled)
        self.flip.toggled.connect(self.flip_toggled)
        self.picture.clicked.connect(self.picture_requested)
        self.compare.pressed.connect(lambda: self.compare_held.emit(True))
        self.compare.released.connect(lambda: self.compare_held.emit(False))
        self.screenshot.clicked.connect(self.screenshot_requested)

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_SMALL)
        row.addWidget(self.live)
        row.addWidget(self.outputs)
        row.addWidget(self.picker, 8)
        row.addWidget(self.camera)
        row.addStretch(1)
        worded = (self.swap, self.flip, self.watermark, self.picture, self.compare, self.screenshot)
        for button in (*worded, self.cover, self.more):
            row.addWidget(button)

    @property
    def by_action(self) -> Mapping[str, ActionButton | SwitchButton | IconButton | LiveButton]:
        """The buttons by the names of what they do in `actions`."""
        return {
            "swap": self.swap, "flip": self.flip, "watermark": self.watermark, "picture": self.picture,
            "compare": self.compare, "screenshot": self.screenshot, "camera": self.camera, "panic": self.cover,
            "live": self.live, "outputs": self.outputs,
        }  # fmt: skip

    def show_cameras(self, choices: Sequence[Choice], running_id: str) -> None:
        """Fill the picker; nothing is selected while no camera runs."""
        with QSignalBlocker(self.picker):
            self.picker.clear()
            for choice in choices:
                self.picker.addItem(choice.name, choice.camera_id)
            self.picker.setCurrentIndex(self.picker.findData(running_id))
            self.picker.setPlaceholderText(self.tr("Pick a camera"))

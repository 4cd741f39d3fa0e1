"""Room: gui. Which microphone, how loud, muted or not. Hears nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mirror_app.gui import theme
from mirror_app.gui.air.level_meter import LevelMeter
from mirror_app.gui.air.sound_desk import NO_SOUND
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.icon_button import IconButton
from mirror_app.gui.widgets.icons import Icon


class SoundFields(QWidget):
    """For recordings and streams alike."""

    picked = Signal(str)
    muted = Signal(bool)

    def __init__(self, chosen: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.box = ChoiceBox({})
        self.box.setAccessibleName(self.tr("Microphone"))
        self.box.setToolTip(self.tr("The sound of recordings and streams; choosing one tries it"))
        self.box.activated.connect(self._pick)
        self.mute = IconButton(
            Icon.MUTED, self.tr("Mute"), self.tr("Silence takes the sound's place, in step with the picture")
        )
        self.mute.setCheckable(True)
        self.mute.alert = True
        self.mute.toggled.connect(self.muted)
        self.meter = LevelMeter()
        self._lay_out()

    def show_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these, by id and name."""
        offered = [("", self.tr("The system's microphone")), *devices, (NO_SOUND, self.tr("No sound"))]
        if self._chosen not in dict(offered):
            offered.insert(0, (self._chosen, self.tr("The microphone chosen before (not plugged in)")))
        with QSignalBlocker(self.box):
            self.box.clear()
            for device, name in offered:
                self.box.addItem(name, device)
            self.box.choose(self._chosen)
        self._allow()

    def _pick(self) -> None:
        self._chosen = self.box.value
        self._allow()
        self.picked.emit(self._chosen)

    def _allow(self) -> None:
        self.mute.setEnabled(self._chosen != NO_SOUND)
        self.meter.setVisible(self._chosen != NO_SOUND)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE_SMALL)
        grid.setVerticalSpacing(4)
        label = QLabel(self.tr("Microphone"))
        label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        label.setBuddy(self.box)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.box, 0, 1)
        grid.addWidget(self.mute, 0, 2)
        grid.addWidget(self.meter, 1, 1)
        grid.setColumnStretch(1, 1)
        self.box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(8)

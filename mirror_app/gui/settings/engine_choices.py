"""Room: gui. Which engine makes the face, what finds faces, where each runs. Says what was chosen; opens nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.settings.model_words import ROLES, licence_name, role_name
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.page_parts import breakable, paragraph
from mirror_app.gui.wording import filled
from mirror_app.runtime.catalogue import Role
from mirror_app.settings import DEVICES
from mirror_app.tools.models.rows import ModelRow

_AUTOMATIC: Final = "auto"
_MESH: Final = "mesh"
_BUILT_IN: Final = "builtin"
_BOX_WIDTH: Final = 280
_DEVICE_WIDTH: Final = 180
_NAME_WIDTH: Final = 96
_PLACED: Final = [role for role in ROLES if role is not Role.CONVERTER]
"""Roles whose device can be chosen; a converter runs once for a face."""


class EngineChoices(QWidget):
    """The upper part of the models page."""

    engine_picked = Signal(str)
    """"auto", "mesh" or a model's name."""
    detector_picked = Signal(str)
    """"auto", "builtin" or a model's name."""
    devices_picked = Signal(dict)
    """One of `settings.DEVICES` for each role that is not left to the app."""

    def __init__(self, engine: str, detector: str, devices: Mapping[str, str], parent: QWidget | None = None) -> None:
        """Show what is remembered; `show_models` offers what is there."""
        super().__init__(parent)
        self.engine, self.detector = _StillBox({}), _StillBox({})
        self.running = paragraph("")
        self.more = QPushButton(self.tr("Devices"))
        self.more.setCheckable(True)
        self.more.setToolTip(self.tr("Where each kind of model runs"))
        self.more.setAccessibleDescription(self.more.toolTip())
        self.devices: dict[Role, ChoiceBox] = {}
        """By role, once they were asked for: most people never open them."""
        self._chosen_devices = devices
        self._titles: dict[str, str] = {}
        self._running = ("", "", "")
        self._form_of_devices = QWidget()
        self._lay_out()
        self._offer(engine, detector, [])
        self.engine.currentIndexChanged.connect(lambda: self.engine_picked.emit(self.engine.value))
        self.detector.currentIndexChanged.connect(lambda: self.detector_picked.emit(self.detector.value))
        self.more.toggled.connect(self._open_devices)

    def show_models(self, rows: Sequence[ModelRow]) -> None:
        """Offer the models that are there; a chosen one that is gone stays chosen, and is called so."""
        self._titles = {row.spec.name: row.spec.title for row in rows} | {
            word: name for row in rows for word, (name, _explanation) in _tiled(row).items()
        }
        self._offer(self.engine.value, self.detector.value, rows)
        self._say_engine()

    def show_engine(self, engine: str, device: str, why: str) -> None:
        """Say which engine runs now, where, and why."""
        self._running = (engine, device, why)
        self._say_engine()

    def _say_engine(self) -> None:
        engine, device, why = self._running
        name = self._name(engine)
        where = self.tr("the processor") if device == "CPU" else device
        running = filled(self.tr("Runs now: {engine}, on {device}."), engine=name, device=where) if engine else ""
        self.running.setText(breakable(" ".join(part for part in (running, spoken(why) if why else "") if part)))
        self.running.setVisible(bool(self.running.text()))

    def _offer(self, engine: str, detector: str, rows: Sequence[ModelRow]) -> None:
        best = self.tr("The best one that is here and runs")
        built_in = {_AUTOMATIC: (self.tr("Automatic"), best)}
        mesh = (self.tr("Geometric (built in)"), self.tr("Runs on every computer and needs no model"))
        blaze = (self.tr("Built in"), self.tr("Small and quick; finds faces near the camera"))
        self._fill(self.engine, {**built_in, _MESH: mesh, **_swappers(rows)}, engine)
        self._fill(self.detector, {**built_in, _BUILT_IN: blaze, **_here(rows, Role.DETECTOR)}, detector)

    def _fill(self, box: ChoiceBox, choices: Mapping[str, tuple[str, str]], wanted: str) -> None:
        gone = filled(self.tr("{model} (not there)"), model=self._titles.get(wanted, wanted))
        offered = choices if wanted in choices else {**choices, wanted: (gone, self.tr("Automatic until it is back"))}
        with QSignalBlocker(box):
            box.clear()
            for row, (value, (name, explanation)) in enumerate(offered.items()):
                box.addItem(name, value)
                box.setItemData(row, explanation, Qt.ItemDataRole.ToolTipRole)
            box.choose(wanted)

    def _name(self, engine: str) -> str:
        return self.tr("Geometric (built in)") if engine == _MESH else self._titles.get(engine, engine)

    def _say_devices(self) -> None:
        chosen = {role.value: box.value for role, box in self.devices.items() if box.value != _AUTOMATIC}
        self.devices_picked.emit(chosen)

    def _places(self) -> dict[str, tuple[str, str]]:
        words = (
            (self.tr("Automatic"), self.tr("The graphics card where it works, else the processor")),
            (self.tr("Processor"), self.tr("Always the processor")),
            (self.tr("Graphics card"), self.tr("The graphics card; the processor if it fails")),
        )
        return dict(zip(DEVICES, words, strict=True))

    def _lay_out(self) -> None:
        choices = QGridLayout()
        _add(choices, 0, self.tr("Engine"), self.engine)
        choices.addWidget(self.running, 1, 1)
        _add(choices, 2, self.tr("Detector"), self.detector)
        choices.addWidget(self.more, 3, 1, Qt.AlignmentFlag.AlignLeft)
        choices.setColumnStretch(1, 1)
        _space(choices)
        self._form_of_devices.hide()
        self.running.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_SMALL)
        column.addLayout(choices)
        column.addWidget(self._form_of_devices)

    def _open_devices(self, is_open: bool) -> None:
        if not self.devices:
            self._lay_out_devices()
        self._form_of_devices.setVisible(is_open)

    def _lay_out_devices(self) -> None:
        grid = QGridLayout(self._form_of_devices)
        grid.setContentsMargins(0, 0, 0, 0)
        before: QWidget = self.more
        for number, role in enumerate(_PLACED):
            box = self.devices[role] = _StillBox(self._places())
            _add(grid, number, role_name(role), box)
            box.setMinimumWidth(_DEVICE_WIDTH)
            box.choose(self._chosen_devices.get(role.value, _AUTOMATIC))
            box.currentIndexChanged.connect(self._say_devices)
            QWidget.setTabOrder(before, box)
            before = box
        grid.setColumnStretch(1, 1)
        _space(grid)


class _StillBox(ChoiceBox):
    """A choice that the wheel does not change while it scrolls the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _here(rows: Sequence[ModelRow], role: Role) -> dict[str, tuple[str, str]]:
    """The models of a role that are on this computer."""
    found = [row for row in rows if row.spec.role is role and row.installed]
    return {row.spec.name: (row.spec.title, licence_name(row.spec.licence)) for row in found}


def _swappers(rows: Sequence[ModelRow]) -> dict[str, tuple[str, str]]:
    """The swappers that are here, each followed by its ways with a larger crop."""
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        found |= _here([row], Role.SWAPPER)
        found |= _tiled(row) if row.installed else {}
    return found


def _tiled(row: ModelRow) -> dict[str, tuple[str, str]]:
    sharper = QCoreApplication.translate("EngineChoices", "Sharper on large faces, and four times the work")
    return {word: (f"{row.spec.title} · {word.rpartition('@')[2]} px", sharper) for word in row.tiled}


def _space(grid: QGridLayout) -> None:
    grid.setColumnMinimumWidth(0, _NAME_WIDTH)
    grid.setHorizontalSpacing(theme.SPACE)
    grid.setVerticalSpacing(theme.SPACE_SMALL)


def _add(grid: QGridLayout, row: int, name: str, box: ChoiceBox) -> None:
    label = QLabel(name)
    label.setBuddy(box)
    box.setAccessibleName(name)
    box.setMinimumWidth(_BOX_WIDTH)
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    grid.addWidget(label, row, 0)
    grid.addWidget(box, row, 1, Qt.AlignmentFlag.AlignLeft)

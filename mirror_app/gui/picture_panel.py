"""Room: gui. A small panel over the window: how the face is worn. Keeps the choices; wears nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from mirror_app.domain.assignment import Empty, Glasses, Joining, LivePart, Others
from mirror_app.domain.cast import Wearers
from mirror_app.gui import theme
from mirror_app.gui.widgets.bar_buttons import SwitchButton
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.popover import Popover
from mirror_app.pipeline.result import MirrorControls
from mirror_app.settings import WEARERS, Settings

_WIDTH: Final = 356
_GAP: Final = 10
_PER_CENT: Final = 100
_GEOMETRIC: Final = ("", "mesh")
"""Engines that keep eyes and mouth in any case, and take the target's shape on wish; "" = none runs yet."""
_SLIDER_KEYS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class LikenessSlider(QSlider):
    """0..100 %. Arrow keys move it, though elsewhere in the window they pick a face; Space goes on to the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _PER_CENT)
        self.setPageStep(10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(28)

    def event(self, event: QEvent) -> bool:
        """Claim the arrow keys before the window's shortcuts get them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _SLIDER_KEYS
        ):
            event.accept()
            return True
        return super().event(event)


class PicturePanel(Popover):
    """Likeness, joining, glasses and what stays, above the button that opens it; Escape closes it."""

    changed = Signal()
    """Another choice; `applied_to` has it."""

    def __init__(self, settings: Settings, anchor: QWidget, parent: QWidget) -> None:
        """Show what is remembered; hidden at first.

        Args:
            settings: The choices remembered.
            anchor: The button above which the panel opens; gets the focus back.
            parent: The window.
        """
        super().__init__(anchor, parent)
        self.likeness = LikenessSlider()
        self.joining = ChoiceBox(self._joinings())
        self.glasses = ChoiceBox(self._glasses())
        self.kept = self._switches()
        self.wearers = ChoiceBox(self._wearers())
        self.boxes = SwitchButton(
            self.tr("Show who is who"),
            "I",
            self.tr("A box with number and name around every face, here only"),
            on=False,
        )
        self.others, self.empty = ChoiceBox(self._others()), ChoiceBox(self._empties())
        self._risk = QLabel()
        self._percent, self._likeness_name = QLabel(), QLabel(self.tr("Likeness"))
        self.likeness.valueChanged.connect(self._show_percent)
        self.likeness.setValue(round(settings.likeness * _PER_CENT))
        self._show_percent()
        self.joining.choose(settings.joining)
        self.glasses.choose(settings.glasses)
        self.wearers.choose(settings.wearers)
        self.others.choose(settings.others)
        self.empty.choose(settings.empty)
        self.keep(settings.kept)
        self.likeness.valueChanged.connect(self.changed)
        self.joining.currentIndexChanged.connect(self.changed)
        self.glasses.currentIndexChanged.connect(self.changed)
        self.wearers.currentIndexChanged.connect(self.changed)
        for box in (self.others, self.empty):
            box.currentIndexChanged.connect(self._say_risk)
            box.currentIndexChanged.connect(self.changed)
        for switch in self.kept.values():
            switch.toggled.connect(self.changed)
        self._lay_out()
        self._say_risk()
        self.show_engine("")

    def applied_to(self, controls: MirrorControls) -> MirrorControls:
        """The mirror's controls with the choices of this panel."""
        return replace(
            controls,
            likeness=self.likeness.value() / _PER_CENT,
            joining=Joining(self.joining.value),
            glasses=Glasses(self.glasses.value),
            cast=replace(controls.cast, wearers=Wearers(self.wearers.value)),
            others=Others(self.others.value),
            empty=Empty(self.empty.value),
            kept=frozenset(part for part, switch in self.kept.items() if switch.isChecked()),
        )

    def remembered_in(self, settings: Settings) -> Settings:
        """The settings with the choices of this panel."""
        likeness = self.likeness.value() / _PER_CENT
        kept = tuple(part.value for part, switch in self.kept.items() if switch.isChecked())
        wearers = self.wearers.value if self.wearers.value in WEARERS else WEARERS[0]
        return replace(
            settings, likeness=likeness, joining=self.joining.value, glasses=self.glasses.value, kept=kept,
            wearers=wearers, others=self.others.value, empty=self.empty.value,
        )  # fmt: skip

    def keep(self, parts: Iterable[str]) -> None:
        """Choose what stays of the live face, by the values of `LivePart`."""
        wanted = set(parts)
        for part, switch in self.kept.items():
            switch.setChecked(part.value in wanted)

    def show_engine(self, engine: str) -> None:
        """Offer what the running way of swapping can do; the choices themselves stay as they are."""
        is_geometric = engine in _GEOMETRIC
        for switch in self.kept.values():
            switch.setVisible(not is_geometric)
        for part in (self.likeness, self._likeness_name, self._percent):
            part.setVisible(is_geometric)
        if not self.isHidden():
            self._place()

    def _first_control(self) -> QWidget:
        return self.joining if self.likeness.isHidden() else self.likeness

    def _say_risk(self) -> None:
        """Plain words on what may go wrong with what is chosen."""
        risks = []
        if self.others.value == Others.BLUR.value:
            risks.append(self.tr("Blurred people can still be known by clothes, voice and place."))
        if self.empty.value == Empty.PASS.value:
            risks.append(self.tr("A face that is not found looks like nobody: it could be seen for a moment."))
        self._risk.setText(" ".join(risks))
        self._risk.setVisible(bool(risks))
        if not self.isHidden():
            self._place()

    def _show_percent(self) -> None:
        self._percent.setText(f"{self.likeness.value()} %")

    def _place(self) -> None:
        if (layout := self.layout()) is not None:
            layout.activate()  # what was hidden a moment ago still counts until then
        self.resize(_WIDTH, self.heightForWidth(_WIDTH))  # what wraps guesses its height too low for `adjustSize`
        button = self._anchor.mapTo(self._parent, self._anchor.rect().topLeft())
        left = max(min(button.x(), self._parent.width() - self.width() - _GAP), _GAP)
        self.move(left, max(button.y() - self.height() - _GAP, _GAP))

    def _lay_out(self) -> None:
        self.setFixedWidth(_WIDTH)
        self._percent.setFont(theme.font(13, bold=True))
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.SPACE, theme.SPACE - 2, theme.SPACE, theme.SPACE)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE_SMALL)
        grid.setColumnStretch(1, 1)
        heading = QLabel(self.tr("Picture"))
        heading.setFont(theme.font(15, bold=True))
        grid.addWidget(heading, 0, 0)
        grid.addWidget(self.boxes, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._percent, 1, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.likeness, 2, 0, 1, 2)
        rows = (
            (1, self._likeness_name, self.likeness, self.tr("How far your face takes the target's shape")),
            (3, QLabel(self.tr("Joining")), self.joining, self.tr("How the face is joined to the picture")),
            (4, QLabel(self.tr("Glasses")), self.glasses, self.tr("What becomes of your glasses")),
            (6, QLabel(self.tr("Who wears it")), self.wearers, self.tr("Whose face is covered by a target")),
            (7, QLabel(self.tr("Other people")), self.others, self.tr("What others see when somebody else is there")),
            (8, QLabel(self.tr("Nobody there")), self.empty, self.tr("What others see when you leave the picture")),
        )
        for row, label, control, explanation in rows:
            label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
            label.setBuddy(control)
            grid.addWidget(label, row, 0)
            control.setAccessibleName(label.text())
            control.setAccessibleDescription(explanation)
            control.setToolTip(explanation)
            label.setToolTip(explanation)
        grid.addWidget(self.joining, 3, 1)
        grid.addWidget(self.glasses, 4, 1)
        switches = QHBoxLayout()
        switches.setSpacing(theme.SPACE_SMALL)
        for switch in self.kept.values():
            switch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            switches.addWidget(switch)
        grid.addLayout(switches, 5, 0, 1, 2)
        grid.addWidget(self.wearers, 6, 1)
        grid.addWidget(self.others, 7, 1)
        grid.addWidget(self.empty, 8, 1)
        self._risk.setFont(theme.font(12))
        self._risk.setWordWrap(True)
        self._risk.setStyleSheet(f"color: {theme.HOLD.name()};")
        grid.addWidget(self._risk, 9, 0, 1, 2)

    def _switches(self) -> dict[LivePart, SwitchButton]:
        eyes = self.tr("Your own eyes stay, with their gaze and their blinks")
        mouth = self.tr("Your own mouth stays, so that speech is seen as it is")
        return {
            LivePart.EYES: SwitchButton(self.tr("Keep my eyes"), "", eyes, on=False),
            LivePart.MOUTH: SwitchButton(self.tr("Keep my mouth"), "", mouth, on=False),
        }

    def _joinings(self) -> dict[str, tuple[str, str]]:
        return {
            Joining.MEMBRANE.value: (self.tr("Membrane"), self.tr("Colours meet at the face's outline")),
            Joining.ALPHA.value: (self.tr("Plain"), self.tr("A soft edge; the fastest")),
            Joining.MULTI_BAND.value: (self.tr("Multi-band"), self.tr("Fine detail up to the face's outline")),
            Joining.POISSON.value: (
                self.tr("Poisson"),
                self.tr("Takes the colours at the outline exactly, hair included; slow"),
            ),
        }

    def _wearers(self) -> dict[str, tuple[str, str]]:
        return {
            Wearers.ONE.value: (self.tr("One person at a time"), self.tr("The largest face, until it leaves")),
            Wearers.ALL.value: (self.tr("Everybody"), self.tr("All faces wear the same target, up to six")),
            Wearers.CHOSEN.value: (
                self.tr("Chosen people"),
                self.tr("Click a face in the picture: each person has their own target"),
            ),
        }

    def _others(self) -> dict[str, tuple[str, str]]:
        return {
            Others.SHIELD.value: (self.tr("Card for everything"), self.tr("The whole picture is covered")),
            Others.BLUR.value: (self.tr("Blur their faces"), self.tr("Their faces become coarse squares")),
        }

    def _empties(self) -> dict[str, tuple[str, str]]:
        return {
            Empty.SHIELD.value: (self.tr("Card"), self.tr("The picture is covered; the safe choice")),
            Empty.PASS.value: (self.tr("The empty room"), self.tr("Once a full search has found nobody for a while")),
        }

    def _glasses(self) -> dict[str, tuple[str, str]]:
        return {
            Glasses.KEEP.value: (self.tr("Keep mine"), self.tr("Your glasses stay on the new face")),
            Glasses.REPLACE.value: (self.tr("Cover them"), self.tr("The new face covers your glasses")),
        }

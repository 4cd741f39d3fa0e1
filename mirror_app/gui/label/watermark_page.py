"""Room: gui. Settings page: how the visible mark looks. Says what was chosen; marks nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QWidget

from mirror_app.domain.label import LEAST_OPACITY, MOST_OPACITY, LabelCorner, LabelStyle, LabelText
from mirror_app.gui import theme
from mirror_app.gui.label.mark_sample import MarkSample
from mirror_app.gui.picture_panel import LikenessSlider
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph

_PER_CENT: Final = 100
_WIDTH: Final = 260


class WatermarkPage(QWidget):
    """Words, corner, plate, and below them the real mark as it will be."""

    style_picked = Signal(LabelStyle)

    def __init__(self, style: LabelStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ChoiceBox(self._texts())
        self.corner = ChoiceBox(self._corners())
        self.opacity = LikenessSlider()
        self.opacity.setRange(round(LEAST_OPACITY * _PER_CENT), round(MOST_OPACITY * _PER_CENT))
        self._percent = QLabel()
        self._percent.setFont(theme.font(13, bold=True))
        self.sample = MarkSample()
        self.text.choose(style.text.value)
        self.corner.choose(style.corner.value)
        self.opacity.setValue(round(style.opacity * _PER_CENT))
        self._lay_out()
        self._show()
        for changed in (self.text.currentIndexChanged, self.corner.currentIndexChanged, self.opacity.valueChanged):
            changed.connect(self._pick)

    @property
    def style_chosen(self) -> LabelStyle:
        """What the controls say."""
        opacity = self.opacity.value() / _PER_CENT
        return LabelStyle(LabelText(self.text.value), LabelCorner(self.corner.value), opacity)

    def _pick(self) -> None:
        self._show()
        self.style_picked.emit(self.style_chosen)

    def _show(self) -> None:
        self._percent.setText(f"{self.opacity.value()} %")
        self.sample.show_style(self.style_chosen)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE)
        form.setVerticalSpacing(theme.SPACE_SMALL)
        plate = QHBoxLayout()
        plate.setSpacing(theme.SPACE)
        plate.addWidget(self.opacity, 1)
        plate.addWidget(self._percent)
        for name, control in ((self.tr("Words"), self.text), (self.tr("Corner"), self.corner)):
            control.setAccessibleName(name)
            control.setMinimumWidth(_WIDTH)
            label = QLabel(name)
            label.setMinimumHeight(control.sizeHint().height())  # in line with the words beside it
            form.addRow(label, control)
        self.opacity.setAccessibleName(self.tr("Plate"))
        label = QLabel(self.opacity.accessibleName())
        label.setMinimumHeight(self.opacity.sizeHint().height())
        form.addRow(label, plate)
        column = column_of(self)
        column.addWidget(heading(self.tr("Watermark")))
        column.addLayout(form)
        column.addWidget(self.sample)
        column.addWidget(
            paragraph(
                self.tr("The watermark is on at every start, and can be read on any picture. It never covers a face.")
            )
        )
        column.addStretch(1)

    def _texts(self) -> dict[str, tuple[str, str]]:
        return {
            LabelText.BOTH.value: (self.tr("Generated, both languages"), self.tr("Understood most widely")),
            LabelText.EN.value: (self.tr("Generated, English"), self.tr("For viewers who read English")),
            LabelText.ZH.value: (self.tr("Generated, Chinese"), self.tr("For viewers who read Chinese")),
            LabelText.MODIFIED.value: (
                self.tr("Modified, both languages"),
                self.tr("The European Union's word for a changed camera picture"),
            ),
        }

    def _corners(self) -> dict[str, tuple[str, str]]:
        return {
            LabelCorner.AUTO.value: (self.tr("By itself"), self.tr("Where no face is, and it stays there")),
            LabelCorner.BOTTOM_RIGHT.value: (self.tr("Bottom right"), self._evades()),
            LabelCorner.BOTTOM_LEFT.value: (self.tr("Bottom left"), self._evades()),
            LabelCorner.TOP_RIGHT.value: (self.tr("Top right"), self._evades()),
            LabelCorner.TOP_LEFT.value: (self.tr("Top left"), self._evades()),
        }

    def _evades(self) -> str:
        return self.tr("Makes room for a face, and comes back")

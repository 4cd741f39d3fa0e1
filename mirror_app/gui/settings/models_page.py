"""Room: gui. Settings page: the engine that makes the face, and the models it can use. Fetches and deletes nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.settings.engine_choices import EngineChoices
from mirror_app.gui.settings.model_card import ModelCard, card_style
from mirror_app.gui.settings.model_words import ROLES
from mirror_app.gui.settings.prepare_strip import PrepareStrip
from mirror_app.gui.settings.preparer import Preparing
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.page_parts import breakable, column_of, heading, paragraph
from mirror_app.settings import Settings
from mirror_app.tools.models.plan_rows import PlanRow
from mirror_app.tools.models.rows import ModelRow

_CARDS_AT_ONCE: Final = 1


class ModelsPage(QWidget):
    """Choices above, a card per model below, swappers first."""

    get_requested = Signal(str)
    cancel_requested = Signal(str)
    import_requested = Signal(str)
    """A model's name, or "" for a file that is to be recognised."""
    remove_requested = Signal(str)
    check_requested = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = EngineChoices(settings.engine, settings.detector, settings.devices)
        self.strip = PrepareStrip()
        self.cards: dict[str, ModelCard] = {}
        self._rows: dict[str, ModelRow] = {}
        self._plans: dict[str, PlanRow] = {}
        self._gpu = ""
        self._unmade: deque[str] = deque()
        self.take_in = QPushButton(self.tr("Import file…"))
        self.take_in.setAutoDefault(False)
        self.take_in.clicked.connect(lambda: self.import_requested.emit(""))
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_SMALL)
        self._waiting = paragraph(self.tr("Looking…"))
        self.setStyleSheet(card_style())
        self._lay_out()

    @property
    def said(self) -> str:
        """The sentence that stands on the page."""
        return self._said.text()

    def minimumSizeHint(self) -> QSize:
        """As wide as must be; its height follows from its width, which Qt's own hint for wrapped words ignores."""
        return QSize(super().minimumSizeHint().width(), 0)

    def show_models(self, rows: Sequence[ModelRow]) -> None:
        """Show how all models stand; cards that are there stay, with what they say."""
        self.choices.show_models(rows)
        is_first = not self._rows
        self._rows = {row.spec.name: row for row in rows}
        for name, card in self.cards.items():
            card.show_row(self._rows[name])
        if is_first:
            order = list(ROLES)
            self._unmade = deque(sorted(self._rows, key=lambda name: order.index(self._rows[name].spec.role)))
            if self.isVisible():
                self._make_some()

    def show_preparing(self, state: Preparing) -> None:
        """Show how the models' plans for the NVIDIA card stand, or how far the one in work is."""
        self.strip.show_state(state)
        if state.survey is not None:
            self._gpu, self._plans = state.survey.card, {row.name: row for row in state.survey.rows}
        for name, card in self.cards.items():
            card.show_plan(self._plans.get(name), self._gpu)

    def say(self, words: str, *, is_bad: bool = False) -> None:
        """A sentence for the user about files and models; "" takes it away."""
        edge = theme.SHIELD if is_bad else theme.ACCENT
        self._said.setStyleSheet(
            f"background: {theme.RAISED.name()}; border-left: 4px solid {edge.name()}; border-radius: 6px;"
            " padding: 9px 12px;"
        )
        self._said.setText(breakable(words))
        self._said.setVisible(bool(words))
        if words:
            QTimer.singleShot(0, self, self._come_to_what_is_said)

    def _come_to_what_is_said(self) -> None:
        """Scroll to the sentence: who dropped a file farther down, or pressed a card's button, would not see it."""
        viewport = self.parentWidget()
        holder = viewport.parentWidget() if viewport is not None else None
        if isinstance(holder, QScrollArea):
            holder.ensureWidgetVisible(self._said)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the cards when they are first wanted."""
        super().showEvent(event)
        if self._unmade and not self.cards:
            self._make_some()

    def _make_some(self) -> None:
        """Make a few cards, and the others in later turns: all at once would hold the window's thread up."""
        for _ in range(min(_CARDS_AT_ONCE, len(self._unmade))):
            self._make(self._rows[self._unmade.popleft()])
        if self._unmade:
            QTimer.singleShot(0, self, self._make_some)
        else:
            self._waiting.hide()

    def _make(self, row: ModelRow) -> None:
        role = row.spec.role
        if all(card.row.spec.role is not role for card in self.cards.values()):
            name, what = ROLES[role]
            self._list.addSpacing(theme.SPACE_SMALL)
            self._list.addWidget(heading(spoken(name), 15))
            self._list.addWidget(paragraph(spoken(what)))
        card = self.cards[row.spec.name] = ModelCard(row)
        card.show_plan(self._plans.get(row.spec.name), self._gpu)
        card.get_requested.connect(self.get_requested)
        card.cancel_requested.connect(self.cancel_requested)
        card.import_requested.connect(self.import_requested)
        card.remove_requested.connect(self.remove_requested)
        card.check_requested.connect(self.check_requested)
        self._list.addWidget(card)

    def _lay_out(self) -> None:
        column = column_of(self)
        column.addWidget(heading(self.tr("Models")))
        column.addWidget(self.strip)
        column.addWidget(self.choices)
        column.addSpacing(theme.SPACE_SMALL)
        how = self.tr(
            "Models are not part of this app: get them here, or drop .onnx files on this page."
            " Nothing is downloaded unasked."
        )
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(paragraph(how), 1)
        row.addWidget(self.take_in)
        column.addLayout(row)
        column.addWidget(self._said)
        column.addWidget(self._waiting)
        column.addLayout(self._list)
        column.addStretch(1)

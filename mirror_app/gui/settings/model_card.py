"""Room: gui. A model as a card: what it is, how it stands, and what can be done with it. Does nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.settings.downloads import FetchProgress
from mirror_app.gui.settings.model_words import about, place_words, plan_words, progress_words, state_of
from mirror_app.gui.widgets.page_parts import breakable, heading, paragraph
from mirror_app.gui.wording import filled
from mirror_app.tools.models.plan_rows import PlanRow
from mirror_app.tools.models.rows import ModelRow

_PER_MILLE: Final = 1000


def card_style() -> str:
    """The style sheet of all cards, for the page that holds them: one for each would take a while to be read."""
    return (
        f"ModelCard, PrepareStrip[framed=true] {{ background: {theme.RAISED.name()};"
        f" border: 1px solid {theme.LINE.name()}; border-radius: 8px; }}"
        "ModelCard QPushButton, PrepareStrip QPushButton"
        f" {{ background: {theme.PANEL.name()}; min-height: 28px; padding: 0 12px; }}"
        "ModelCard QPushButton:hover, PrepareStrip QPushButton:hover"
        f" {{ background: {theme.HOVER.name()}; }}"
        "ModelCard QPushButton:focus, PrepareStrip QPushButton:focus { min-height: 26px; padding: 0 11px; }"
        f"QProgressBar {{ background: {theme.LINE.name()}; border: none; border-radius: 2px; max-height: 4px; }}"
        f"QProgressBar::chunk {{ background: {theme.ACCENT.name()}; border-radius: 2px; }}"
    )


class ModelCard(QFrame):
    """Shows one `ModelRow`, and a download or a word about it meanwhile."""

    get_requested = Signal(str)
    cancel_requested = Signal(str)
    import_requested = Signal(str)
    remove_requested = Signal(str)
    check_requested = Signal(str)

    def __init__(self, row: ModelRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._is_busy = False
        self._title = heading(row.spec.title, 14)
        self._state = QLabel()
        self._state.setFont(theme.font(12, bold=True))
        self._about = paragraph("")
        self.plan = paragraph("")
        self.note = paragraph("", soft=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(filled(self.tr("Download of {model}"), model=row.spec.title))
        self.get = self._button(self.tr("Get…"), self.get_requested)
        self.take_in = self._button(self.tr("Import file…"), self.import_requested)
        self.check = self._button(self.tr("Check"), self.check_requested)
        self.remove = self._button(self.tr("Remove…"), self.remove_requested)
        self.cancel = self._button(self.tr("Cancel"), self.cancel_requested)
        self._lay_out()
        self.show_row(row)

    def show_row(self, row: ModelRow) -> None:
        """Show how the model stands now; a word said about it stays."""
        self.row = row
        words, colour = state_of(row)
        self._state.setText(words)
        self._state.setStyleSheet(f"color: {colour.name()};")
        self._about.setText(about(row))
        self._arrange()
        place = place_words(row.spec)
        if self.note.text() in ("", breakable(place)):
            self.say("" if row.installed or row.fetches else place)

    def show_plan(self, plan: PlanRow | None, card: str) -> None:
        """Show how the model stands for the NVIDIA card of that name; None where that is not to be told."""
        self.plan.setVisible(plan is not None and bool(self.row.installed))
        if plan is not None:
            words, colour = plan_words(plan, card)
            self.plan.setText(breakable(words))
            self.plan.setStyleSheet(f"color: {colour.name()};")

    def show_fetch(self, words: str | None, progress: FetchProgress | None = None) -> None:
        """Show a download: words while it waits, or how far it is; None when there is none."""
        self._is_busy = words is not None or progress is not None
        self._arrange()
        self.cancel.setEnabled(self._is_busy)
        self.bar.setRange(0, _PER_MILLE if progress is None or progress.total else 0)
        self.bar.setValue(progress.done * _PER_MILLE // progress.total if progress and progress.total else 0)
        if self._is_busy:
            self.say(progress_words(progress) if progress else words or "")

    def say(self, words: str, *, is_bad: bool = False) -> None:
        """A sentence about this model; "" takes it away."""
        self.note.setText(breakable(words))
        self.note.setStyleSheet(f"color: {(theme.SHIELD if is_bad else theme.TEXT_SOFT).name()};")
        self.note.setVisible(bool(words))

    def rest(self, words: str) -> None:
        """Say that something is in work, with nothing to press until the next `show_row`."""
        for button in (self.get, self.take_in, self.check, self.remove, self.cancel):
            button.setEnabled(False)
        self.say(words)

    def wake(self) -> None:
        """What was in work has ended."""
        for button in (self.get, self.take_in, self.check, self.remove, self.cancel):
            button.setEnabled(True)

    def _arrange(self) -> None:
        """Offer what can be done now."""
        is_here, is_idle = bool(self.row.installed), not self._is_busy
        self.get.setVisible(is_idle and bool(self.row.fetches))
        self.take_in.setVisible(is_idle and not is_here)
        self.check.setVisible(is_idle and is_here)
        self.remove.setVisible(is_idle and is_here and self.row.is_own)
        self.cancel.setVisible(self._is_busy)
        self.bar.setVisible(self._is_busy)

    def _button(self, words: str, asked: SignalInstance) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(filled(self.tr("{deed}: {model}"), deed=words, model=self.row.spec.title))
        button.clicked.connect(lambda: asked.emit(self.row.spec.name))
        return button

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        self._title.setWordWrap(False)
        first.addWidget(self._title)
        first.addWidget(self._state, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(first)
        words.addWidget(self._about)
        words.addWidget(self.plan)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_SMALL)
        top.addLayout(words, 1)
        for button in (self.get, self.take_in, self.check, self.remove, self.cancel):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.note)
        # While further cards come in, the page is too short for a moment: none of them is to be squeezed.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.plan.hide()
        self.note.hide()

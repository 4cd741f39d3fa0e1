"""Room: gui. "Prepare for my GPU": what it does, how far it is, and what to press. Builds nothing itself."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.settings.model_words import left_words
from mirror_app.gui.settings.preparer import Preparing
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.page_parts import breakable, heading, paragraph
from mirror_app.gui.wording import filled
from mirror_app.tools.models.plan_rows import BuildStep, Standing, Survey

_PER_MILLE: Final = 1000
_COMMAND: Final = re.compile(r"`([^`]+)`")


class PrepareStrip(QFrame):
    """Shown where there is a card and a model; where there is only a model, one quiet sentence."""

    prepare_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = heading(self.tr("Prepare for my GPU"), 14)
        self.words = paragraph("")
        self.note = paragraph("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _PER_MILLE)
        self.bar.setAccessibleName(self.tr("How far the model is prepared"))
        self.prepare = self._button(self.tr("Prepare"), self.tr("Prepare for my GPU"))
        self.cancel = self._button(self.tr("Cancel"), self.tr("Cancel preparing"))
        self.copy = self._button(self.tr("Copy command"), "")
        self._command = ""
        self.prepare.clicked.connect(self.prepare_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._command))
        self._lay_out()
        self.show_state(Preparing())

    def show_state(self, state: Preparing) -> None:
        """Show how the plans stand, or how far the one in work is."""
        survey, had_focus = state.survey, self.prepare.hasFocus() or self.cancel.hasFocus()
        self.setVisible(survey is not None and survey.has_models)
        if survey is None or not survey.has_models:
            return
        self._frame(bool(survey.card))
        self._title.setVisible(bool(survey.card))
        self._say(self.words, self._about(survey, is_busy=state.is_busy))
        self._say(self.note, self._progress(state) if state.is_busy else "\n".join(state.troubles + state.remarks))
        self._colour_note(is_bad=bool(state.troubles) and not state.is_busy)
        found = _COMMAND.search(spoken(survey.trouble)) if survey.card and survey.trouble else None
        self._command = found[1] if found else ""
        self.copy.setVisible(bool(self._command) and not state.is_busy)
        self.prepare.setVisible(bool(survey.waiting) and not state.is_busy)
        self.cancel.setVisible(state.is_busy)
        self._show_bar(state)
        if had_focus:
            self._pass_focus_on(state)

    def _about(self, survey: Survey, *, is_busy: bool) -> str:
        if not survey.card:
            return self.tr("No NVIDIA graphics card was found, so there is nothing to prepare for one.")
        if survey.trouble:
            return spoken(survey.trouble)
        if survey.waiting:
            what = filled(
                self.tr("Builds fast versions of your models for {card}; takes minutes, once."), card=survey.card
            )
            return what if is_busy else f"{what} {self._count(survey)}".rstrip()
        if any(row.standing is Standing.READY for row in survey.rows):
            return filled(self.tr("Your models are ready for {card}."), card=survey.card)
        return filled(self.tr("None of your models can be prepared for {card}."), card=survey.card)

    def _count(self, survey: Survey) -> str:
        ready = sum(row.standing is Standing.READY for row in survey.rows)
        if not ready:
            return ""
        return filled(self.tr("{ready} of {count} are ready."), ready=str(ready), count=str(len(survey.rows)))

    def _progress(self, state: Preparing) -> str:
        if state.is_stopping:
            return self.tr("Stopping…")
        return self.tr("Getting ready…") if state.step is None else self._step(state.step)

    def _step(self, step: BuildStep) -> str:
        words = [step.title, f"{step.share:.0%}"]
        if step.left_s is not None:
            words.append(left_words(step.left_s))
        if step.count > 1:
            number = filled(self.tr("model {number} of {count}"), number=str(step.number), count=str(step.count))
            words.insert(1, number)
        return "  ·  ".join(words)

    def _show_bar(self, state: Preparing) -> None:
        self.bar.setVisible(state.is_busy)
        self.bar.setRange(0, 0 if state.step is None else _PER_MILLE)
        if state.step is not None:
            self.bar.setValue(round(state.step.share * _PER_MILLE))

    def _pass_focus_on(self, state: Preparing) -> None:
        """Whoever pressed a button by key stays where the other one is."""
        heir = self.cancel if state.is_busy else self.prepare
        if not heir.isHidden():
            heir.setFocus()

    def _say(self, label: QLabel, words: str) -> None:
        label.setText(breakable(words))
        label.setVisible(bool(words))

    def _colour_note(self, *, is_bad: bool) -> None:
        self.note.setStyleSheet(f"color: {(theme.SHIELD if is_bad else theme.TEXT).name()};")

    def _frame(self, is_framed: bool) -> None:
        margins = (14, 10, 12, 10) if is_framed else (0, 0, 0, 0)
        self._column.setContentsMargins(*margins)
        self.setProperty("framed", is_framed)
        self.style().unpolish(self)
        self.style().polish(self)

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if name:
            button.setAccessibleName(name)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self.words)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_SMALL)
        top.addLayout(words, 1)
        for button in (self.prepare, self.cancel, self.copy):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(6)
        self._column.addLayout(top)
        self._column.addWidget(self.bar)
        self._column.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

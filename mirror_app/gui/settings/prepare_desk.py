"""Room: gui. Has plans for the NVIDIA card built beside everything else, whether a page shows it or not. No widgets."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from mirror_app.domain.errors import MirrorError
from mirror_app.gui.settings.model_hand import ModelHand
from mirror_app.gui.settings.preparer import Preparer, Preparing
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import filled

if TYPE_CHECKING:
    from mirror_app.tools.models.plan_rows import BuildStep, Outcome, PlanRow, Survey

_START_MS: Final = 4000
"""After the window came up: by then the mirror runs, and nothing holds its first frames up."""
_TELL_EVERY_S: Final = 0.2


class PrepareDesk(QObject):
    """One build at a time, in a thread of its own; closing the settings does not end it, closing the window does."""

    changed = Signal()
    """`state` is another one."""
    models_changed = Signal()
    """Plans were built: networks are to be opened anew."""
    notice = Signal(str)
    """A sentence for the user."""

    def __init__(self, preparer: Preparer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preparer = preparer
        # A build is in a process of its own, so the app may end in the middle of it.
        self._hand = ModelHand(self, ends_with_app=True)
        self._stop = threading.Event()
        self._told_s = 0.0
        self.state = Preparing()

    def start(self) -> None:
        """Soon, and once: have plans that are of no use any more built again."""
        QTimer.singleShot(_START_MS, self, self.mend)

    def mend(self) -> None:
        """Look for plans that are of no use any more, and build them again."""

        def work() -> Survey | None:
            return self._preparer.survey() if self._preparer.has_plans() else None

        self._hand.submit(work, self._mend, self.notice.emit)

    def look(self) -> None:
        """Look how the plans stand."""
        self._hand.submit(self._preparer.survey, self._show, self._say)

    def prepare(self) -> None:
        """Build what is missing and what is of no use any more."""
        if self.state.survey is not None:
            self._build([row.name for row in self.state.survey.waiting])

    def cancel(self) -> None:
        """End the build; what was built so far stays."""
        if self.state.is_busy:
            self._stop.set()
            self._change(replace(self.state, is_stopping=True))

    def ask_to_stop(self) -> None:
        """Have the build end, without waiting for it."""
        self._stop.set()

    def stop(self) -> None:
        """End all, within a second."""
        self._stop.set()
        self._hand.stop()

    def _mend(self, survey: Survey | None) -> None:
        if survey is None:
            return
        self._show(survey)
        if survey.stale and not self.state.is_busy:
            models = ", ".join(row.title for row in survey.stale)
            sentence = self.tr(
                "For {card} these models must be prepared again, which goes on in the background: {models}"
            )
            self.notice.emit(filled(sentence, card=survey.card, models=models))
            self._build([row.name for row in survey.stale])

    def _build(self, names: Sequence[str]) -> None:
        if self.state.is_busy or not names:
            return
        self._stop.clear()
        self._change(replace(self.state, is_busy=True, is_stopping=False, step=None, troubles=()))
        self._hand.submit(lambda: self._preparer.prepare(names, self._tell, self._stop.is_set), self._built, self._fail)

    def _tell(self, step: BuildStep) -> None:
        """From the building thread: announce how far it is, not too often."""
        now_s = time.monotonic()
        if step.share == 0 or now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._hand.tell(lambda: self._change(replace(self.state, step=step)))

    def _built(self, outcomes: Sequence[Outcome]) -> None:
        failed = [one for one in outcomes if one.error is not None]
        built = [one for one in outcomes if one.plan is not None]
        troubles = tuple(self._line(one, one.error) for one in failed)
        remarks = tuple(self._line(one, one.plan.remark) for one in built if one.plan is not None and one.plan.remark)
        survey = self.state.survey
        # Shown at once; a closer look, which takes seconds, follows.
        survey = survey and survey.with_ready({one.name for one in outcomes if one.error is None})
        self._change(Preparing(survey, troubles=troubles, remarks=remarks))
        self.look()
        card = survey.card if survey is not None else ""
        if built:
            self.models_changed.emit()
        if failed:
            sentence = self.tr("Not prepared for {card}: {models}. The page Models of the settings says why.")
            self.notice.emit(filled(sentence, card=card, models=_titles(failed)))
        elif outcomes:
            self.notice.emit(filled(self.tr("Ready for {card}: {models}"), card=card, models=_titles(outcomes)))

    def _line(self, outcome: Outcome, why: str | MirrorError | None) -> str:
        return filled(self.tr("{model}: {why}"), model=outcome.title, why=spoken(why or ""))

    def _fail(self, sentence: str) -> None:
        self._change(Preparing(self.state.survey, troubles=(sentence,)))

    def _say(self, sentence: str) -> None:
        self._change(replace(self.state, troubles=(sentence,)))

    def _show(self, survey: Survey) -> None:
        self._change(replace(self.state, survey=survey))

    def _change(self, state: Preparing) -> None:
        self.state = state
        self.changed.emit()


def _titles(models: Iterable[Outcome | PlanRow]) -> str:
    return ", ".join(dict.fromkeys(model.title for model in models))

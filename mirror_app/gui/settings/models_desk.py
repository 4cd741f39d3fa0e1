"""Room: gui. Does what the models page asks for, beside the window: downloads, imports, removals, checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.gui.overlays import DropFrame
from mirror_app.gui.settings.downloads import Downloads, FetchProgress
from mirror_app.gui.settings.model_dialogs import ModelDialogs
from mirror_app.gui.settings.model_hand import ModelHand
from mirror_app.gui.settings.model_shop import ModelShop
from mirror_app.gui.settings.models_page import ModelsPage
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import filled
from mirror_app.tools.models.rows import CheckedStage, ModelRow, TakenIn

T = TypeVar("T")


class ModelsDesk(QObject):
    """Stands between the page and the shop."""

    models_changed = Signal()
    """Another model is there, or one is gone."""

    def __init__(self, page: ModelsPage, shop: ModelShop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._shop = page, shop
        self._dialogs = ModelDialogs(page)
        self._hand = ModelHand(self)
        self.downloads = Downloads(shop, self)
        self._rows: dict[str, ModelRow] = {}
        page.get_requested.connect(self._ask_licence)
        page.cancel_requested.connect(self._cancel)
        page.import_requested.connect(self._choose_file)
        page.remove_requested.connect(lambda name: self._dialogs.ask_removal(self._rows[name], self._remove))
        page.check_requested.connect(self._check)
        self.downloads.progressed.connect(self._show_progress)
        self.downloads.ended.connect(self._download_ended)

    def open(self) -> None:
        """Look which models there are."""
        self._hand.submit(self._shop.rows, self._show, partial(self._page.say, is_bad=True))

    def take(self, paths: Sequence[Path]) -> None:
        """Import files that were dropped."""
        models = [path for path in paths if path.suffix.lower() == ".onnx"]
        if not models:
            self._page.say(self.tr("Only files that end in .onnx can be imported."), is_bad=True)
        for path in models:
            self._import(path, None)

    def take_drops_on(self, widget: QWidget) -> None:
        """Import what is dropped on a widget."""
        drop = DropFrame(widget)
        drop.invite = lambda _paths: (Icon.PLUS, self.tr("Drop models (.onnx) to import them"))
        drop.dropped.connect(self.take)
        save_first = self.tr("Save the file on this computer first, then drop it here.")
        drop.refused.connect(lambda _words: self._page.say(save_first, is_bad=True))

    def stop(self) -> None:
        """End all that runs, within two seconds; downloads go on the next time they are asked for."""
        self.downloads.stop()
        self._hand.stop()

    def _show(self, rows: Sequence[ModelRow]) -> None:
        self._rows = {row.spec.name: row for row in rows}
        self._page.show_models(rows)

    def _changed(self) -> None:
        self.open()
        self.models_changed.emit()

    # Downloads

    def _ask_licence(self, name: str) -> None:
        self._dialogs.ask_licence(self._rows[name], self._get)

    def _get(self, name: str) -> None:
        self._page.cards[name].show_fetch(self.tr("Waiting…"))
        self.downloads.get(name)

    def _cancel(self, name: str) -> None:
        self.downloads.cancel(name)
        self._page.cards[name].show_fetch(self.tr("Stopping…"))
        self._page.cards[name].cancel.setEnabled(False)

    def _show_progress(self, progress: FetchProgress) -> None:
        if progress.name in self.downloads.names:
            self._page.cards[progress.name].show_fetch(None, progress)

    def _download_ended(self, name: str, sentence: str) -> None:
        card = self._page.cards[name]
        card.say(sentence, is_bad=True)
        card.show_fetch(None)
        self._changed()

    # Files of the user

    def _choose_file(self, name: str) -> None:
        self._dialogs.choose_file(lambda path: self._import(path, name or None))

    def _import(self, path: Path, name: str | None) -> None:
        self._page.say(filled(self.tr("Importing {file}…"), file=path.name))
        self._hand.submit(
            lambda: self._shop.import_file(path, name),
            lambda taken: self._imported(path, taken),
            partial(self._page.say, is_bad=True),
        )

    def _imported(self, path: Path, taken: TakenIn) -> None:
        if taken.choices:
            self._page.say("")
            fitting = [self._rows[name] for name in taken.choices]
            self._dialogs.choose_model(path, fitting, lambda name: self._import(path, name))
            return
        done = filled(self.tr("{model} is imported."), model=taken.title)
        self._page.say(f"{done} {spoken(taken.warning)}" if taken.warning else done)
        self._changed()

    # Removal and examination

    def _remove(self, name: str) -> None:
        card = self._page.cards[name]
        card.rest(self.tr("Removing…"))
        self._work(name, lambda: self._shop.remove(name), lambda _gone: self._removed(name))

    def _removed(self, name: str) -> None:
        self._page.cards[name].say("")
        self._changed()

    def _check(self, name: str) -> None:
        self._page.cards[name].rest(self.tr("Checking: this takes some seconds…"))
        hand = self._hand
        self._work(
            name, lambda: self._shop.check(name, lambda: not hand.is_open), lambda stages: self._checked(name, stages)
        )

    def _checked(self, name: str, stages: Sequence[CheckedStage]) -> None:
        failed = [f"{spoken(stage.name)}: {spoken(stage.detail)}" for stage in stages if not stage.passed]
        if failed:
            self._page.cards[name].say("\n".join([self.tr("The check failed."), *failed]), is_bad=True)
        else:
            passed = filled(self.tr("The check passed: {count} steps."), count=str(len(stages)))
            self._page.cards[name].say(passed)

    def _work(self, name: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        card = self._page.cards[name]

        def finish(outcome: T) -> None:
            card.wake()
            done(outcome)

        def fail(sentence: str) -> None:
            card.wake()
            card.say(sentence, is_bad=True)

        self._hand.submit(work, finish, fail)

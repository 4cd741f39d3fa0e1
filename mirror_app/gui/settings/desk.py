"""Room: gui. Opens the settings and does what their pages ask for, in the background. Paints nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.label import LabelStyle
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.settings.prepare_desk import PrepareDesk
from mirror_app.settings import Settings

if TYPE_CHECKING:
    from mirror_app.gui.settings.dialog import SettingsDialog
    from mirror_app.gui.settings.model_shop import ModelShop
    from mirror_app.gui.settings.models_desk import ModelsDesk
    from mirror_app.gui.settings.models_page import ModelsPage
    from mirror_app.gui.settings.preparer import Preparer
    from mirror_app.tools.finding import Finding
    from mirror_app.tools.label_log import Unlabelled
    from mirror_app.tools.licences import Licence
    from mirror_app.tools.stored import Kept


class Page(IntEnum):
    """The pages in their order."""

    GENERAL = 0
    WATERMARK = 1
    MODELS = 2
    DOCTOR = 3
    PRIVACY = 4
    ABOUT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the pages want to know; each is called in the background.

    Attributes:
        examine: Looks at this computer, see `tools.doctor`.
        kept: What is stored.
        erase: Deletes it.
        licences: Whose work the app carries.
        models: The models on this computer.
        plans: Their plans for its NVIDIA card.
        unlabelled: When the mark was turned off.
    """

    examine: Callable[[], list[Finding]]
    kept: Callable[[], list[Kept]]
    erase: Callable[[], object]
    licences: Callable[[], list[Licence]]
    models: ModelShop
    plans: Preparer
    unlabelled: Callable[[], list[Unlabelled]]


class SettingsDesk(QObject):
    """Makes the dialog when it is first asked for."""

    keys_requested = Signal()
    label_style_changed = Signal(LabelStyle)
    engine_requested = Signal(str)
    """"auto", "mesh" or a model's name."""
    detector_requested = Signal(str)
    """"auto", "builtin" or a model's name."""
    devices_changed = Signal(dict)
    """One of `settings.DEVICES` by the value of a `Role`; "auto" for those not in it."""
    models_changed = Signal()
    """Another model is there, or one is gone: "auto" may mean another engine."""
    erased = Signal()
    """All that was kept is gone; the window is to close and to remember nothing."""
    notice = Signal(str)
    """A sentence for the user."""

    def __init__(self, settings: Settings, answers: Answers, jobs: BackgroundJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._settings = settings
        self._answers = answers
        self._jobs = jobs
        self._dialog: SettingsDialog | None = None
        self._models: ModelsDesk | None = None
        self._models_page: ModelsPage | None = None
        self._running = ("", "", "")
        self.preparing = PrepareDesk(answers.plans, self)
        self.preparing.models_changed.connect(self.models_changed)
        self.preparing.notice.connect(self.notice)

    def start(self) -> None:
        """Begin what goes on without the pages."""
        self.preparing.start()

    def open(self, page: Page = Page.GENERAL) -> None:
        """Come up with a page."""
        if self._dialog is None:
            self._dialog = self._make()
        self._dialog.open_page(page)

    def remembered_in(self, settings: Settings) -> Settings:
        """The settings with what was chosen here."""
        mine = self._settings
        return replace(
            settings, language=mine.language, look=mine.look,
            engine=mine.engine, detector=mine.detector, devices=mine.devices,
            label_text=mine.label_text, label_corner=mine.label_corner, label_opacity=mine.label_opacity,
        )  # fmt: skip

    def show_engine(self, engine: str, device: str, why: str) -> None:
        """Say on the page of models which engine runs, where, and why."""
        self._running = (engine, device, why)
        if self._models_page is not None:
            self._models_page.choices.show_engine(*self._running)

    def stop(self) -> None:
        """End what runs for the pages; downloads go on the next time they are asked for."""
        self.preparing.ask_to_stop()
        if self._models is not None:
            self._models.stop()
        self.preparing.stop()

    def erase_rest(self, window_state: QSettings) -> None:
        """Delete what windows wrote about their places while they closed; `erased` came before."""
        window_state.sync()
        with suppress(MirrorError):
            self._answers.erase()

    def _make(self) -> SettingsDialog:
        # Loaded here, as the pages are below: most starts never open the settings.
        from mirror_app.gui.settings.dialog import SettingsDialog

        dialog = SettingsDialog(self._window)
        for name, make in (
            (self.tr("General"), self._general_page),
            (self.tr("Watermark"), self._watermark_page),
            (self.tr("Models"), self._page_of_models),
            (self.tr("Doctor"), self._doctor_page),
            (self.tr("Privacy"), self._privacy_page),
            (self.tr("About"), self._about_page),
        ):
            dialog.add_page(name, make)
        return dialog

    def _general_page(self, _seen_through: QWidget) -> QWidget:
        from mirror_app.gui.settings.general_page import GeneralPage

        page = GeneralPage(self._settings.language, self._settings.look)
        page.language_picked.connect(self._set_language)
        page.look_picked.connect(self._set_look)
        page.keys_requested.connect(self.keys_requested)
        return page

    def _watermark_page(self, _seen_through: QWidget) -> QWidget:
        from mirror_app.gui.label.watermark_page import WatermarkPage

        page = WatermarkPage(self._settings.label_style)
        page.style_picked.connect(self._set_label_style)
        return page

    def _page_of_models(self, seen_through: QWidget) -> QWidget:
        from mirror_app.gui.settings.models_desk import ModelsDesk
        from mirror_app.gui.settings.models_page import ModelsPage

        page = self._models_page = ModelsPage(self._settings)
        desk = self._models = ModelsDesk(page, self._answers.models, self)
        desk.models_changed.connect(self.models_changed)
        self._show_preparing_on(page, desk)
        desk.take_drops_on(seen_through)
        page.choices.engine_picked.connect(self._set_engine)
        page.choices.detector_picked.connect(self._set_detector)
        page.choices.devices_picked.connect(self._set_devices)
        page.choices.show_engine(*self._running)
        desk.open()
        return page

    def _show_preparing_on(self, page: ModelsPage, desk: ModelsDesk) -> None:
        preparing = self.preparing
        preparing.changed.connect(lambda: page.show_preparing(preparing.state))
        page.strip.prepare_requested.connect(preparing.prepare)
        page.strip.cancel_requested.connect(preparing.cancel)
        desk.models_changed.connect(preparing.look)
        page.show_preparing(preparing.state)
        preparing.look()

    def _doctor_page(self, _seen_through: QWidget) -> QWidget:
        from mirror_app.gui.settings.doctor_page import DoctorPage

        page = DoctorPage()
        page.examine_requested.connect(
            lambda: self._jobs.submit(self._answers.examine, page.show_findings, self.notice.emit)
        )
        return page

    def _privacy_page(self, _seen_through: QWidget) -> QWidget:
        from mirror_app.gui.settings.privacy_page import PrivacyPage

        page, jobs, say = PrivacyPage(), self._jobs, self.notice.emit
        page.erase_confirmed.connect(lambda: jobs.submit(self._answers.erase, lambda _gone: self.erased.emit(), say))
        jobs.submit(self._answers.kept, page.show_kept, say)
        jobs.submit(self._answers.unlabelled, page.show_unlabelled, say)
        return page

    def _about_page(self, _seen_through: QWidget) -> QWidget:
        from mirror_app.gui.settings.about_page import AboutPage

        page = AboutPage()
        self._jobs.submit(self._answers.licences, page.show_licences, self.notice.emit)
        return page

    def _set_language(self, language: str) -> None:
        self._settings = replace(self._settings, language=language)

    def _set_look(self, look: str) -> None:
        self._settings = replace(self._settings, look=look)

    def _set_label_style(self, style: LabelStyle) -> None:
        self._settings = replace(
            self._settings, label_text=style.text.value, label_corner=style.corner.value, label_opacity=style.opacity
        )
        self.label_style_changed.emit(style)

    def _set_engine(self, engine: str) -> None:
        self._settings = replace(self._settings, engine=engine)
        self.engine_requested.emit(engine)

    def _set_detector(self, detector: str) -> None:
        self._settings = replace(self._settings, detector=detector)
        self.detector_requested.emit(detector)

    def _set_devices(self, devices: Mapping[str, str]) -> None:
        self._settings = replace(self._settings, devices=devices)
        self.devices_changed.emit(devices)

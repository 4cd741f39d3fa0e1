"""Room: tests. The settings' pages say what was chosen, found and asked for; the desk carries it out once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.settings.about_page import AboutPage
from mirror_app.gui.settings.desk import Answers, Page, SettingsDesk
from mirror_app.gui.settings.dialog import SettingsDialog
from mirror_app.gui.settings.doctor_page import DoctorPage
from mirror_app.gui.settings.general_page import GeneralPage
from mirror_app.gui.settings.licence_dialog import LicenceDialog
from mirror_app.gui.settings.models_page import ModelsPage
from mirror_app.gui.settings.privacy_page import PrivacyPage
from mirror_app.runtime.catalogue import Role
from mirror_app.settings import Settings
from mirror_app.tools.finding import Finding, Health
from mirror_app.tools.licences import Licence
from mirror_app.tools.stored import Kept
from tests.gui.model_fakes import FakePlans, FakeShop

PROBLEM = Finding("av", Health.PROBLEM, "not installed", "Run `pip install av`, or install mirror-app again.")
FINE = Finding("Python", Health.OK, "3.11")


def button(widget: QWidget, words: str) -> QPushButton:
    return next(one for one in widget.findChildren(QPushButton) if one.text() == words)


@pytest.mark.parametrize("language", ["", "en", "zh_CN"])
@pytest.mark.parametrize("look", ["", "dark", "light"])
def test_language_and_look_are_shown_and_said_when_they_change(qtbot: QtBot, language: str, look: str) -> None:
    page = GeneralPage(language, look)
    qtbot.addWidget(page)
    assert (page.language.value, page.look.value) == (language, look)
    for box, signal in ((page.language, page.language_picked), (page.look, page.look_picked)):
        other = next(str(box.itemData(row)) for row in range(box.count()) if box.itemData(row) != box.value)
        with qtbot.waitSignal(signal) as said:
            box.choose(other)
        assert said.args == [other]


def test_the_worst_finding_comes_first_and_its_command_can_be_copied(qtbot: QtBot) -> None:
    page = DoctorPage()
    qtbot.addWidget(page)
    page.show_findings([FINE, PROBLEM])
    first, second = page.cards
    assert first.command == "pip install av"
    button(first, "Copy command").click()
    assert QGuiApplication.clipboard().text() == "pip install av"
    assert second.command == ""
    page.show_findings([FINE])
    assert len(page.cards) == 1


def answer(page: PrivacyPage, words: str) -> None:
    question = page.findChild(QMessageBox)
    assert question is not None
    button(question, words).click()


def test_nothing_is_erased_without_a_second_yes(qtbot: QtBot) -> None:
    page = PrivacyPage()
    qtbot.addWidget(page)
    page.show()
    said: list[bool] = []
    page.erase_confirmed.connect(lambda: said.append(True))
    page.erase.click()
    answer(page, "Cancel")
    assert said == []
    for question in page.findChildren(QMessageBox):
        question.setParent(None)
    page.erase.click()
    answer(page, "Erase and close")
    assert said == [True]


def test_a_licence_is_shown_when_its_package_is_picked(qtbot: QtBot) -> None:
    page = AboutPage()
    qtbot.addWidget(page)
    page.show_licences([Licence("Mirror", "Apache-2.0", "text A"), Licence("numpy 2", "BSD", "text B")])
    assert page.text.toPlainText() == "text A"
    page.names.setCurrentRow(1)
    assert page.text.toPlainText() == "text B"


@pytest.fixture
def jobs(qtbot: QtBot) -> BackgroundJobs:
    return BackgroundJobs()


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def desk(qtbot: QtBot, jobs: BackgroundJobs, asked: list[str]) -> SettingsDesk:
    def noting(name: str, outcome: list[object]) -> Callable[[], list[object]]:
        def work() -> list[object]:
            asked.append(name)
            return outcome

        return work

    window = QWidget()
    qtbot.addWidget(window)
    answers = Answers(
        examine=noting("examine", [PROBLEM]),  # type: ignore[arg-type]
        kept=noting("kept", [Kept(Path("/somewhere"), 2, 4096)]),  # type: ignore[arg-type]
        erase=noting("erase", []),
        licences=noting("licences", [Licence("Mirror", "Apache-2.0", "")]),  # type: ignore[arg-type]
        models=FakeShop(),
        plans=FakePlans(),
        unlabelled=noting("unlabelled", []),  # type: ignore[arg-type]
    )
    return SettingsDesk(Settings(), answers, jobs, window)


def dialog_of(desk: SettingsDesk) -> SettingsDialog:
    window = desk.parent()
    assert window is not None
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    return dialog


def test_each_page_is_made_once_when_it_is_first_shown_and_filled_in_the_background(
    qtbot: QtBot, desk: SettingsDesk, asked: list[str]
) -> None:
    desk.open()
    dialog = dialog_of(desk)
    assert asked == []
    assert dialog.findChild(PrivacyPage) is None
    desk.open(Page.PRIVACY)
    assert dialog.names.currentRow() == Page.PRIVACY
    qtbot.waitUntil(lambda: asked == ["kept", "unlabelled"])
    desk.open(Page.ABOUT)
    desk.open(Page.PRIVACY)
    qtbot.waitUntil(lambda: asked == ["kept", "unlabelled", "licences"])
    assert len(dialog.findChildren(PrivacyPage)) == 1
    desk.open(Page.DOCTOR)
    page = dialog.findChild(DoctorPage)
    assert page is not None
    page.again.click()
    qtbot.waitUntil(lambda: len(page.cards) == 1)


def test_choices_are_remembered_and_erasing_is_said(qtbot: QtBot, desk: SettingsDesk, asked: list[str]) -> None:
    desk.open()
    desk.open(Page.PRIVACY)
    general, privacy = dialog_of(desk).findChild(GeneralPage), dialog_of(desk).findChild(PrivacyPage)
    assert general is not None
    assert privacy is not None
    general.look.choose("light")
    general.language.choose("zh_CN")
    kept = desk.remembered_in(Settings(target="tiger"))
    assert (kept.look, kept.language, kept.target) == ("light", "zh_CN", "tiger")
    with qtbot.waitSignal(desk.erased):
        privacy.erase_confirmed.emit()
    assert "erase" in asked


def models_page_of(qtbot: QtBot, desk: SettingsDesk) -> ModelsPage:
    desk.open(Page.MODELS)
    page = dialog_of(desk).findChild(ModelsPage)
    assert page is not None
    qtbot.waitUntil(lambda: len(page.cards) == 4)
    return page


def test_engine_detector_and_devices_are_said_and_remembered(qtbot: QtBot, desk: SettingsDesk) -> None:
    choices = models_page_of(qtbot, desk).choices
    with qtbot.waitSignal(desk.engine_requested) as engine:
        choices.engine.choose("mesh")
    with qtbot.waitSignal(desk.detector_requested) as detector:
        choices.detector.choose("detect")
    with qtbot.waitSignal(desk.devices_changed) as devices:
        choices.more.click()
        choices.devices[Role.SWAPPER].choose("gpu")
    assert (engine.args, detector.args, devices.args) == (["mesh"], ["detect"], [{"swapper": "gpu"}])
    kept = desk.remembered_in(Settings(target="tiger"))
    assert (kept.engine, kept.detector, kept.devices) == ("mesh", "detect", {"swapper": "gpu"})


def test_no_page_is_cut_in_the_narrowest_dialog(qtbot: QtBot, desk: SettingsDesk) -> None:
    models_page_of(qtbot, desk).choices.more.click()
    dialog = dialog_of(desk)
    dialog.resize(1, 1)
    for page in Page:
        desk.open(page)
    qtbot.wait(20)
    holders = [(holder.viewport(), holder.widget()) for holder in dialog.findChildren(QScrollArea)]
    assert len(holders) == len(Page)
    for viewport, shown in holders:
        assert shown is not None
        assert shown.minimumSizeHint().width() <= viewport.width(), shown


def test_what_is_said_of_a_file_comes_into_view(qtbot: QtBot, desk: SettingsDesk) -> None:
    page = models_page_of(qtbot, desk)
    dialog_of(desk).resize(700, 300)
    holder = next(one for one in dialog_of(desk).findChildren(QScrollArea) if one.widget() is page)
    qtbot.waitUntil(lambda: holder.verticalScrollBar().maximum() > 0)
    holder.verticalScrollBar().setValue(holder.verticalScrollBar().maximum())
    page.say("The file is no model.", is_bad=True)
    qtbot.waitUntil(lambda: any(label.text() == page.said and not label.visibleRegion().isEmpty()
                                for label in page.findChildren(QLabel)))  # fmt: skip


def test_choices_of_the_last_time_are_shown(qtbot: QtBot, jobs: BackgroundJobs) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    answers = Answers(
        examine=list, kept=list, erase=list, licences=list, models=FakeShop(), plans=FakePlans(), unlabelled=list
    )
    remembered = Settings(engine="swap_128", detector="builtin", devices={"parser": "cpu"})
    desk = SettingsDesk(remembered, answers, jobs, window)
    choices = models_page_of(qtbot, desk).choices
    choices.more.click()
    assert (choices.engine.value, choices.engine.currentText()) == ("swap_128", "Swap 128 (not there)")
    assert (choices.detector.value, choices.devices[Role.PARSER].value) == ("builtin", "cpu")
    assert desk.remembered_in(Settings()).engine == "swap_128"


def test_the_running_engine_is_shown_whether_the_page_is_made_before_or_after(qtbot: QtBot, desk: SettingsDesk) -> None:
    desk.show_engine("mesh", "CPU", "You chose it.")
    choices = models_page_of(qtbot, desk).choices
    assert choices.running.text() == "Runs now: Geometric (built in), on the processor. You chose it."
    desk.show_engine("swap_128", "RTX 3060", "")
    assert choices.running.text() == "Runs now: Swap 128, on RTX 3060."


def test_another_model_is_said_and_the_end_waits_for_no_download(qtbot: QtBot, desk: SettingsDesk) -> None:
    page = models_page_of(qtbot, desk)
    with qtbot.waitSignal(desk.models_changed):
        page.cards["detect"].remove_requested.emit("detect")
        box = page.findChild(QMessageBox)
        assert box is not None
        button(box, "Remove").click()
    page.cards["arc"].get.click()
    page.findChildren(LicenceDialog)[0].accept_terms.click()
    qtbot.waitUntil(lambda: page.cards["arc"].bar.value() == 500)
    begun_s = time.monotonic()
    desk.stop()
    assert time.monotonic() - begun_s < 1

"""Room: tests. Preparing for the card beside the window: from the button to the networks, at a start, at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import ModelError
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.settings import prepare_desk
from mirror_app.gui.settings.desk import Answers, Page, SettingsDesk
from mirror_app.gui.settings.licence_dialog import LicenceDialog
from mirror_app.gui.settings.models_page import ModelsPage
from mirror_app.gui.settings.prepare_desk import PrepareDesk
from mirror_app.gui.settings.prepare_strip import PrepareStrip
from mirror_app.gui.settings.preparer import Preparing
from mirror_app.settings import Settings
from mirror_app.tools.models.plan_rows import Standing, Survey
from tests.gui.conftest import Stage
from tests.gui.model_fakes import GPU, FakePlans, FakeShop, plans_of

NEW = plans_of(detect=Standing.MISSING, arc=Standing.READY)


class Room:
    """The settings over a fake builder, with the page of models open."""

    def __init__(self, qtbot: QtBot, plans: FakePlans) -> None:
        self.qtbot, self.plans, self.shop = qtbot, plans, FakeShop()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        answers = Answers(
            examine=list, kept=list, erase=list, licences=list, models=self.shop, plans=plans, unlabelled=list
        )
        self.desk = SettingsDesk(Settings(), answers, BackgroundJobs(), self.window)
        self.notices: list[str] = []
        self.reopened = 0
        self.desk.notice.connect(self.notices.append)
        self.desk.models_changed.connect(self._count)

    def _count(self) -> None:
        self.reopened += 1

    def open(self) -> PrepareStrip:
        self.desk.open(Page.MODELS)
        page = self.window.findChild(ModelsPage)
        assert page is not None
        self.page = page
        self.qtbot.waitUntil(lambda: len(page.cards) == 4 and self.desk.preparing.state.survey is not None)
        return page.strip


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    made = Room(qtbot, FakePlans(NEW))
    yield made
    made.plans.gate.set()
    made.desk.stop()


def shown(strip: QWidget) -> set[str]:
    return {button.text() for button in strip.findChildren(QPushButton) if not button.isHidden()}


def test_a_build_is_shown_ends_as_ready_and_the_networks_are_opened_anew(room: Room) -> None:
    strip = room.open()
    assert room.page.cards["detect"].plan.text() == f"not prepared for {GPU} yet"
    strip.prepare.click()
    room.qtbot.waitUntil(lambda: strip.note.text() == "Detect 10  ·  50%  ·  2 min left")
    assert strip.bar.value() == 500
    assert room.reopened == 0
    room.plans.gate.set()
    room.qtbot.waitUntil(lambda: room.page.cards["detect"].plan.text() == f"ready for {GPU}")
    assert room.reopened == 1
    assert room.plans.begun == ["detect"]
    assert room.notices == [f"Ready for {GPU}: Detect 10"]
    assert shown(strip) == set()


def test_all_is_asked_for_in_a_thread_of_its_own_and_other_work_goes_on(room: Room) -> None:
    strip = room.open()
    strip.prepare.click()
    room.qtbot.waitUntil(lambda: room.plans.begun == ["detect"])
    assert threading.current_thread().name not in room.plans.threads
    room.page.cards["detect"].check.click()
    room.qtbot.waitUntil(lambda: room.page.cards["detect"].note.text() == "The check passed: 1 steps.")
    assert room.desk.preparing.state.is_busy


def test_a_build_goes_on_while_the_settings_are_closed(room: Room) -> None:
    strip = room.open()
    strip.prepare.click()
    room.qtbot.waitUntil(lambda: room.plans.begun == ["detect"])
    strip.window().close()
    room.plans.gate.set()
    room.qtbot.waitUntil(lambda: room.reopened == 1)


def test_cancel_keeps_what_is_built_and_says_nothing_bad(room: Room) -> None:
    strip = room.open()
    strip.prepare.click()
    room.qtbot.waitUntil(lambda: room.plans.begun == ["detect"])
    strip.cancel.click()
    assert strip.note.text() == "Stopping…"
    room.qtbot.waitUntil(lambda: shown(strip) == {"Prepare"})
    assert (room.notices, room.reopened, strip.note.text()) == ([], 0, "")
    strip.prepare.click()
    room.qtbot.waitUntil(lambda: room.plans.begun == ["detect", "detect"])


def test_the_button_hands_the_keyboard_to_cancel_and_back(room: Room) -> None:
    strip = room.open()
    strip.window().activateWindow()
    room.qtbot.waitUntil(strip.window().isActiveWindow)
    strip.prepare.setFocus()
    QTest.keyClick(strip.prepare, Qt.Key.Key_Space)
    room.qtbot.waitUntil(strip.cancel.hasFocus)
    QTest.keyClick(strip.cancel, Qt.Key.Key_Space)
    room.qtbot.waitUntil(strip.prepare.hasFocus)


def test_one_that_fails_is_told_and_the_rest_is_ready(qtbot: QtBot) -> None:
    plans = FakePlans(plans_of(detect=Standing.MISSING, arc=Standing.MISSING))
    plans.failing = {"detect": ModelError("It is too big for {card}.", card=GPU)}
    plans.gate.set()
    room = Room(qtbot, plans)
    strip = room.open()
    strip.prepare.click()
    qtbot.waitUntil(lambda: strip.note.text() == f"Detect 10: It is too big for {GPU}.")
    assert room.notices == [f"Not prepared for {GPU}: Detect 10. The page Models of the settings says why."]
    assert room.reopened == 1
    qtbot.waitUntil(lambda: shown(strip) == {"Prepare"})
    room.desk.stop()


def test_where_nothing_can_be_built_the_sentence_stands_in_the_strip(qtbot: QtBot) -> None:
    plans = FakePlans(NEW, trouble=ModelError("TensorRT does not start."))
    room = Room(qtbot, plans)
    strip = room.open()
    strip.prepare.click()
    qtbot.waitUntil(lambda: strip.note.text() == "TensorRT does not start.")
    assert shown(strip) == {"Prepare"}
    room.desk.stop()


def test_another_model_is_looked_at(room: Room) -> None:
    room.open()
    seen = room.plans.surveys
    room.shop.gate.set()
    room.page.cards["arc"].get.click()
    room.page.findChildren(LicenceDialog)[0].accept_terms.click()
    room.qtbot.waitUntil(lambda: room.plans.surveys > seen)


# What a start does


@pytest.mark.parametrize(
    ("found", "built", "notices"),
    [
        (Survey(), [], 0),
        (plans_of(arc=Standing.READY, detect=Standing.MISSING), [], 0),
        (plans_of(arc=Standing.STALE, detect=Standing.MISSING), ["arc"], 2),
    ],
)
def test_a_start_builds_again_what_was_built_once_and_nothing_else(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, found: Survey, built: list[str], notices: int
) -> None:
    monkeypatch.setattr(prepare_desk, "_START_MS", 1)
    plans = FakePlans(found)
    plans.gate.set()
    desk = PrepareDesk(plans)
    said: list[str] = []
    desk.notice.connect(said.append)
    desk.start()
    qtbot.waitUntil(lambda: len(said) == notices)
    qtbot.wait(50)
    assert plans.begun == built
    assert len(said) == notices
    assert plans.surveys == (0 if not found.rows else 1 + len(built))
    if said:
        assert said[0] == (f"For {GPU} these models must be prepared again, which goes on in the background: Arc 50")
    desk.stop()


def test_the_page_shows_what_a_start_began(room: Room) -> None:
    room.plans.found = plans_of(arc=Standing.STALE)
    room.desk.preparing.mend()
    room.qtbot.waitUntil(lambda: room.plans.begun == ["arc"])
    strip = room.open()
    room.qtbot.waitUntil(lambda: strip.note.text().startswith("Arc 50"))
    assert shown(strip) == {"Cancel"}


def test_a_start_of_the_window_asks_for_nothing_in_its_own_thread(stage: Stage) -> None:
    plans = stage.window.parts.answers.plans
    assert isinstance(plans, FakePlans)
    assert plans.surveys == 0
    assert plans.threads == set()


# The end


@pytest.mark.parametrize("ignores_stop", [False, True])
def test_the_window_s_end_waits_a_second_at_most(qtbot: QtBot, ignores_stop: bool) -> None:
    plans = FakePlans(NEW, ignores_stop=ignores_stop)
    room = Room(qtbot, plans)
    room.open().prepare.click()
    qtbot.waitUntil(lambda: plans.begun == ["detect"])
    begun_s = time.monotonic()
    room.desk.stop()
    assert time.monotonic() - begun_s < 1.3
    plans.gate.set()
    qtbot.wait(30)
    assert room.reopened == 0


def test_a_plan_has_a_card_name_that_makes_nothing_wider(room: Room) -> None:
    room.open()
    width = room.page.minimumSizeHint().width()
    long = "GPU" * 90
    found = plans_of(detect=Standing.STALE)
    rows = tuple(replace(row, why=long) for row in found.rows)
    room.page.show_preparing(Preparing(replace(found, card=long, rows=rows), troubles=(long,)))
    assert room.page.minimumSizeHint().width() == width


def test_a_look_that_fails_does_not_end_a_build(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Survey:
        raise ModelError("The models cannot be read.")

    room.open()
    preparing = room.desk.preparing
    monkeypatch.setattr(room.plans, "survey", fails)
    preparing.look()
    preparing.prepare()
    room.qtbot.waitUntil(lambda: preparing.state.troubles == ("The models cannot be read.",))
    assert preparing.state.is_busy

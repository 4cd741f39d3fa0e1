"""Room: tests. The models page: cards, licences, downloads, imports; nothing is fetched before the yes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.gui.settings.licence_dialog import LicenceDialog
from mirror_app.gui.settings.model_card import ModelCard
from mirror_app.gui.settings.model_dialogs import ModelChoice
from mirror_app.gui.settings.model_words import place_words
from mirror_app.gui.settings.models_desk import ModelsDesk
from mirror_app.gui.settings.models_page import ModelsPage
from mirror_app.settings import Settings
from mirror_app.tools.models.rows import CheckedStage, ModelRow
from tests.gui.model_fakes import DETECT, GHOST, FakeShop

W = TypeVar("W", bound=QWidget)


class Room:
    """A page, its desk and a shop."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.shop = qtbot, FakeShop()
        self.page = ModelsPage(Settings())
        qtbot.addWidget(self.page)
        self.desk = ModelsDesk(self.page, self.shop)
        self.desk.open()
        self.page.resize(700, 900)
        self.page.show()
        qtbot.waitUntil(lambda: len(self.page.cards) == 4)

    def card(self, name: str) -> ModelCard:
        return self.page.cards[name]

    def asked(self, kind: type[W]) -> W:
        """The dialog that is open."""
        found = [one for one in self.page.findChildren(kind) if one.isVisible()]
        assert len(found) == 1
        return found[0]

    def said(self, card: str) -> str:
        return self.card(card).note.text()


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.shop.gate.set()
    room.desk.stop()


def buttons_of(card: ModelCard) -> set[str]:
    return {button.text() for button in card.findChildren(QPushButton) if button.isVisible()}


def words_of(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


# Cards


def test_an_address_or_a_path_in_a_sentence_makes_nothing_wider(room: Room) -> None:
    width = room.page.minimumSizeHint().width()
    long = "Not found: /" + 200 * "a" + "."
    room.card("ghost").say(long)
    room.page.say(long)
    room.page.choices.show_engine("mesh", "CPU", long)
    assert room.page.minimumSizeHint().width() == width


@pytest.mark.parametrize(
    ("name", "buttons"),
    [
        ("detect", {"Check", "Remove…"}),
        ("arc", {"Get…", "Import file…"}),
        ("swap_128", {"Get…", "Import file…"}),
        ("ghost", {"Import file…"}),
    ],
)
def test_a_card_offers_what_can_be_done_with_its_model(room: Room, name: str, buttons: set[str]) -> None:
    assert buttons_of(room.card(name)) == buttons
    for button in room.card(name).findChildren(QPushButton):
        assert room.shop.models[name].spec.title in button.accessibleName()


def test_swappers_come_first_and_each_role_is_explained(room: Room) -> None:
    tops = {name: card.mapTo(room.page, QPoint(0, 0)).y() for name, card in room.page.cards.items()}
    assert sorted(tops, key=tops.__getitem__) == ["swap_128", "ghost", "detect", "arc"]
    assert "They make the new face" in words_of(room.page)


def test_a_model_without_an_address_says_where_it_is(room: Room) -> None:
    assert room.said("ghost") == place_words(GHOST)
    assert "ghost.onnx" in room.said("ghost")


def test_models_of_other_programs_cannot_be_removed(qtbot: QtBot) -> None:
    card = ModelCard(ModelRow(DETECT, ("fp32",), is_own=False))
    qtbot.addWidget(card)
    card.show()
    assert buttons_of(card) == {"Check"}


def test_the_cards_are_made_a_few_at_a_time_and_not_before_they_are_seen(qtbot: QtBot) -> None:
    page = ModelsPage(Settings())
    qtbot.addWidget(page)
    rows = FakeShop().rows()
    page.show_models(rows)
    assert page.cards == {}
    page.show()
    assert 0 < len(page.cards) < len(rows)
    qtbot.waitUntil(lambda: len(page.cards) == len(rows))


# Downloads


def test_nothing_is_fetched_before_the_licence_is_accepted(room: Room) -> None:
    room.card("swap_128").get.click()
    dialog = room.asked(LicenceDialog)
    shown = words_of(dialog)
    for words in ("Swap 128", "Arc 50", "MIT", "Any use, with the authors named.", "https://example.org/mit",
                  "Not published", "Ask its authors.", "720 MB will be downloaded."):  # fmt: skip
        assert words in shown
    assert dialog.not_now.hasFocus() or dialog.not_now.isDefault()
    dialog.not_now.click()
    room.qtbot.wait(30)
    assert room.shop.begun == []
    room.card("swap_128").get.click()
    room.asked(LicenceDialog).accept_terms.click()
    room.qtbot.waitUntil(lambda: room.shop.begun == ["swap_128"])


def test_escape_accepts_no_licence(room: Room) -> None:
    room.card("arc").get.click()
    QTest.keyClick(room.asked(LicenceDialog), Qt.Key.Key_Escape)
    room.qtbot.wait(30)
    assert room.shop.begun == []


def get(room: Room, name: str) -> None:
    room.card(name).get.click()
    room.asked(LicenceDialog).accept_terms.click()


def test_a_download_shows_how_far_it_is_and_ends_as_installed(room: Room) -> None:
    get(room, "arc")
    card = room.card("arc")
    room.qtbot.waitUntil(lambda: card.bar.value() == 500)
    assert buttons_of(card) == {"Cancel"}
    with room.qtbot.waitSignal(room.desk.models_changed):
        room.shop.gate.set()
    room.qtbot.waitUntil(lambda: buttons_of(card) == {"Check", "Remove…"})
    assert card.bar.isHidden()
    assert room.said("arc") == ""


def test_a_second_download_waits_and_can_be_cancelled(room: Room) -> None:
    get(room, "arc")
    get(room, "swap_128")
    assert room.said("swap_128") == "Waiting…"
    room.card("swap_128").cancel.click()
    room.card("arc").cancel.click()
    assert not room.card("arc").cancel.isEnabled()
    room.qtbot.waitUntil(lambda: buttons_of(room.card("swap_128")) == {"Get…", "Import file…"})
    assert room.shop.begun == ["arc"]
    assert room.said("arc") == ""
    get(room, "arc")
    room.qtbot.waitUntil(lambda: room.shop.begun == ["arc", "arc"])
    assert room.card("arc").cancel.isEnabled()


def test_a_failed_download_is_a_sentence_on_its_card(room: Room) -> None:
    room.shop.trouble = ModelError("{url} was not downloaded: {why}.", url="https://a", why="full")
    room.shop.gate.set()
    get(room, "arc")
    room.qtbot.waitUntil(lambda: room.said("arc") == "https://a was not downloaded: full.")
    assert buttons_of(room.card("arc")) == {"Get…", "Import file…"}


def test_other_work_does_not_wait_for_a_download(room: Room) -> None:
    get(room, "arc")
    room.qtbot.waitUntil(lambda: room.shop.begun == ["arc"])
    room.card("detect").check.click()
    room.qtbot.waitUntil(lambda: room.said("detect") == "The check passed: 1 steps.")
    assert buttons_of(room.card("arc")) == {"Cancel"}


# Imports


@pytest.fixture
def no_native_dialog() -> Iterator[None]:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


def test_a_file_is_imported_by_a_card_or_recognised_by_the_page(no_native_dialog: None, room: Room) -> None:
    room.page.take_in.click()
    dialog = room.asked(QFileDialog)
    dialog.fileSelected.emit("/models/arc.onnx")
    dialog.close()
    room.qtbot.waitUntil(lambda: room.page.said == "Arc 50 is imported.")
    room.card("ghost").take_in.click()
    room.qtbot.waitUntil(lambda: len([d for d in room.page.findChildren(QFileDialog) if d.isVisible()]) == 1)
    room.asked(QFileDialog).fileSelected.emit("/models/mine.onnx")
    room.qtbot.waitUntil(lambda: room.page.said == "Ghost is imported. It is not the published file.")
    assert room.shop.imported == [("arc.onnx", None), ("mine.onnx", "ghost")]
    room.qtbot.waitUntil(lambda: "Check" in buttons_of(room.card("ghost")))
    assert room.said("ghost") == ""


def test_where_several_models_fit_the_user_says_which(room: Room) -> None:
    room.desk.take([Path("twins.onnx")])
    room.qtbot.waitUntil(lambda: bool(room.page.findChildren(ModelChoice)))
    choice = room.asked(ModelChoice)
    assert [choice.list.item(row).text() for row in range(choice.list.count())] == ["Swap 128", "Ghost"]
    QTest.keyClick(choice.list, Qt.Key.Key_Down)
    QTest.keyClick(choice.list, Qt.Key.Key_Return)
    room.qtbot.waitUntil(lambda: room.page.said.startswith("Ghost is imported."))
    assert room.shop.imported == [("twins.onnx", None), ("twins.onnx", "ghost")]


def test_no_choice_imports_nothing(room: Room) -> None:
    room.desk.take([Path("twins.onnx")])
    room.qtbot.waitUntil(lambda: bool(room.page.findChildren(ModelChoice)))
    room.asked(ModelChoice).cancel.click()
    assert room.page.said == ""
    assert room.shop.imported == [("twins.onnx", None)]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["cat.jpg"], "Only files that end in .onnx can be imported."),
        (["strange.onnx"], "The file strange.onnx is no model that the app knows."),
    ],
)
def test_what_is_no_model_is_refused_with_a_sentence(room: Room, names: list[str], words: str) -> None:
    room.desk.take([Path(name) for name in names])
    room.qtbot.waitUntil(lambda: room.page.said == words)


def test_a_file_dropped_on_the_page_is_imported(room: Room) -> None:
    holder = QWidget()
    room.qtbot.addWidget(holder)
    holder.resize(300, 300)
    holder.show()
    room.desk.take_drops_on(holder)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/models/arc.onnx")])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(holder, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(holder, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, left, none))
    room.qtbot.waitUntil(lambda: room.page.said == "Arc 50 is imported.")


# Removal and examination


def test_nothing_is_removed_without_a_second_yes(room: Room) -> None:
    for words in ("Cancel", "Remove"):
        assert room.shop.models["detect"].installed
        room.card("detect").remove.click()
        box = room.asked(QMessageBox)
        next(button for button in box.buttons() if button.text() == words).click()
        room.qtbot.waitUntil(lambda: not [one for one in room.page.findChildren(QMessageBox) if one.isVisible()])
    room.qtbot.waitUntil(lambda: buttons_of(room.card("detect")) == {"Get…", "Import file…"})


def test_a_check_names_the_stages_that_failed(room: Room) -> None:
    room.shop.stages = [
        CheckedStage(Sentence("loads"), True, ""),
        CheckedStage(Sentence("output"), False, Sentence("{count} of the numbers are not finite", count=7)),
    ]
    room.card("detect").check.click()
    assert not room.card("detect").check.isEnabled()
    room.qtbot.waitUntil(lambda: room.said("detect").startswith("The check failed."))
    assert "output: 7 of the numbers are not finite" in room.said("detect")
    assert "loads" not in room.said("detect")
    assert room.card("detect").check.isEnabled()


def test_a_check_or_removal_that_cannot_be_done_is_a_sentence(room: Room) -> None:
    room.shop.trouble = ModelError("The model {name} cannot be loaded.", name="detect")
    room.card("detect").check.click()
    room.qtbot.waitUntil(lambda: room.said("detect") == "The model detect cannot be loaded.")
    assert room.card("detect").remove.isEnabled()

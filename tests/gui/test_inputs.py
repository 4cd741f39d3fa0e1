"""Room: tests. Which camera runs when cameras come, go and fail."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.gui.camera.inputs import DEMO_ID, Inputs
from mirror_app.gui.camera.shelf import PEOPLE_ID
from tests.gui.fakes import FakeProvider, FakeShelf


class Desk:
    """The cameras, and everything that was said."""

    def __init__(self, *cameras: str) -> None:
        self.shelf = FakeShelf(*cameras)
        self.said: list[str] = []
        self.inputs = Inputs(
            self.shelf,
            lambda: FakeProvider("Demo"),
            lambda frame: None,
            open_people=lambda: FakeProvider("Demo: four people"),
        )
        self.inputs.notice.connect(self.said.append)
        self.inputs.stopped.connect(self.said.append)


@pytest.mark.parametrize(
    ("cameras", "remembered", "running"),
    [
        (("Front", "Back"), "", "id-Front"),
        (("Front", "Back"), "id-Back", "id-Back"),
        (("Front",), "id-Back", "id-Front"),
        ((), "", DEMO_ID),
        ((), "id-Front", DEMO_ID),
        (("Front",), DEMO_ID, DEMO_ID),
        (("Front",), PEOPLE_ID, PEOPLE_ID),
        ((), PEOPLE_ID, PEOPLE_ID),
    ],
    ids=[
        "default",
        "remembered",
        "remembered is gone",
        "none at all",
        "none, one remembered",
        "demo remembered",
        "four people remembered",
        "none, four people remembered",
    ],
)
def test_the_start(qtbot: QtBot, cameras: tuple[str, ...], remembered: str, running: str) -> None:
    desk = Desk(*cameras)
    desk.inputs.start(remembered)
    assert desk.inputs.running_id == running


def test_a_choice_stops_the_camera_before(qtbot: QtBot) -> None:
    desk = Desk("Front", "Back")
    desk.inputs.start("")
    front = desk.shelf.opened["Front"]
    desk.inputs.choose("id-Back")
    assert front.deliver is None
    assert desk.shelf.opened["Back"].deliver is not None
    assert desk.inputs.chosen_id == "id-Back"


def test_a_busy_camera_is_said_and_no_other_one_is_opened_unasked(qtbot: QtBot) -> None:
    desk = Desk("Front", "Back")
    desk.inputs.start("")
    desk.shelf.opened["Front"].failed.emit("Front cannot be opened.")
    qtbot.waitUntil(lambda: desk.said == ["Front cannot be opened."])
    assert desk.inputs.running_id == ""
    assert "Back" not in desk.shelf.opened


def test_the_only_camera_unplugged_gives_the_demo_and_comes_back_by_itself(qtbot: QtBot) -> None:
    desk = Desk("Front")
    desk.inputs.start("")
    desk.shelf.plug()
    assert desk.inputs.is_demo
    assert "unplugged" in desk.said[-1]
    assert not desk.inputs.has_cameras


def test_an_unplugged_camera_is_resumed_when_it_comes_back(qtbot: QtBot) -> None:
    desk = Desk("Front", "Back")
    desk.inputs.start("id-Back")
    desk.shelf.plug("Front")
    assert desk.inputs.running_id == ""
    assert "unplugged" in desk.said[-1]
    desk.shelf.plug("Front", "Back")
    assert desk.inputs.running_id == "id-Back"


def test_the_first_camera_takes_over_from_a_demo_that_stood_in(qtbot: QtBot) -> None:
    desk = Desk()
    desk.inputs.start("")
    desk.shelf.plug("New")
    assert desk.inputs.running_id == "id-New"
    assert desk.said == ["New is connected."]


def test_a_demo_that_was_picked_stays(qtbot: QtBot) -> None:
    desk = Desk("Front")
    desk.inputs.start("")
    desk.inputs.choose(DEMO_ID)
    desk.shelf.plug("Front", "New")
    assert desk.inputs.is_demo


def test_a_camera_that_runs_is_not_disturbed_by_another_one(qtbot: QtBot) -> None:
    desk = Desk("Front")
    desk.inputs.start("")
    desk.shelf.plug("New", "Front")
    assert desk.inputs.running_id == "id-Front"
    assert desk.shelf.opened["Front"].starts == 1


def test_a_camera_gone_between_list_and_click_is_a_sentence(qtbot: QtBot) -> None:
    desk = Desk("Front", "Back")
    desk.inputs.start("")
    desk.shelf.names.remove("Back")
    desk.inputs.choose("id-Back")
    assert "not plugged in" in desk.said[-1]
    assert desk.inputs.running_id == ""


def test_without_any_camera_library_there_is_the_demo(qtbot: QtBot) -> None:
    inputs = Inputs(None, lambda: FakeProvider("Demo"), lambda frame: None)
    inputs.start("")
    assert inputs.is_demo
    assert [choice.camera_id for choice in inputs.choices] == [DEMO_ID]
    inputs.stop()
    inputs.stop()


def test_four_people_are_a_demo_that_runs_only_where_it_is_picked(qtbot: QtBot) -> None:
    desk = Desk()
    desk.inputs.start("")
    assert [choice.camera_id for choice in desk.inputs.choices] == [DEMO_ID, PEOPLE_ID]
    assert desk.inputs.running_id == DEMO_ID
    desk.inputs.choose(PEOPLE_ID)
    assert desk.inputs.is_demo
    assert not desk.inputs.has_cameras
    assert desk.inputs.modes == ()
    desk.shelf.plug("Front")
    assert desk.inputs.running_id == PEOPLE_ID, "a camera that comes takes nobody away"
    desk.inputs.choose("id-Front")
    desk.shelf.plug()
    assert desk.inputs.running_id == DEMO_ID

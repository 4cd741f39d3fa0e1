"""Room: tests. What each command does to the window, what it answers, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import InputError, MirrorError, UnknownTargetError
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.camera.inputs import Inputs
from mirror_app.gui.control.remote_desk import Rate, RemoteDesk, Steering
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.live_worker import LiveTurn, LiveWorker
from mirror_app.gui.shield import Shield
from mirror_app.pipeline.result import MirrorState, Unsafe
from tests.gui.fakes import FakeDesk, FakeMirror, FakeProvider, FakeShelf, frame, record, result


@dataclass(frozen=True)
class Pace:
    frames_per_second: float
    delay_ms: float


@dataclass
class Window:
    """The parts that commands reach, and what was done to them."""

    worker: LiveWorker
    wardrobe: Wardrobe
    inputs: Inputs
    shield: Shield
    steps: list[int] = field(default_factory=list)
    swaps: list[bool] = field(default_factory=list)
    lives: list[bool] = field(default_factory=list)
    turn: LiveTurn | None = None
    rate: Rate | None = None

    def desk(self) -> RemoteDesk:
        return RemoteDesk(
            Steering(
                worker=self.worker,
                wardrobe=self.wardrobe,
                inputs=self.inputs,
                shield=self.shield,
                step_face=self.steps.append,
                set_swap=self.swaps.append,
                turn=lambda: self.turn,
                rate=lambda: self.rate,
                set_live=self.lives.append,
                air=lambda: {"live": False, "outputs": []},
            )
        )

    def ask(self, **request: object) -> dict[str, object]:
        return dict(self.desk().answer(request))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    worker, jobs = LiveWorker(FakeMirror), BackgroundJobs()
    desk = FakeDesk([record("anna"), record("next"), record("mona-lisa")])
    wardrobe = Wardrobe(lambda: desk, jobs, QLocale("en_US"))
    inputs = Inputs(FakeShelf("Front"), lambda: FakeProvider("Demo"), worker.deliver)
    yield Window(worker, wardrobe, inputs, Shield(worker))
    jobs.stop()


@pytest.fixture
def loaded(window: Window, qtbot: QtBot) -> Window:
    """The same with its faces read."""
    window.wardrobe.open("anna")
    qtbot.waitUntil(lambda: window.wardrobe.current == "anna", timeout=3000)
    return window


def test_panic_covers_and_release_uncovers(window: Window) -> None:
    assert window.ask(do="panic")["covered"] is True
    assert window.worker.controls.shield
    assert window.ask(do="panic")["state"] == "shield"
    assert window.ask(do="release")["covered"] is False
    assert not window.worker.controls.shield


def test_panic_works_before_anything_is_loaded(window: Window) -> None:
    answer = window.ask(do="panic")
    assert (answer["state"], answer["face"], answer["camera"]) == ("shield", "", "")


@pytest.mark.parametrize("asked", ["mona-lisa", "MONA-LISA", " Mona-Lisa "])
def test_a_face_is_worn_by_its_name_or_its_title(loaded: Window, asked: str) -> None:
    answer = loaded.ask(do="face", face=asked)
    assert (answer["face"], answer["face_title"]) == ("mona-lisa", "Mona-Lisa")
    assert loaded.wardrobe.current == "mona-lisa"


def test_a_neighbour_is_worn_and_a_face_of_that_name_comes_first(loaded: Window) -> None:
    loaded.ask(do="face", face="previous")
    assert loaded.steps == [-1]
    assert loaded.ask(do="face", face="next")["face"] == "next"
    assert loaded.steps == [-1]


@pytest.mark.parametrize("on", [True, False])
def test_going_live_and_cutting_are_passed_on(window: Window, on: bool) -> None:
    assert window.ask(do="live", live=on)["live"] is False
    assert window.lives == [on]


@pytest.mark.parametrize("on", [True, False])
def test_the_swap_is_switched(window: Window, on: bool) -> None:
    window.ask(do="swap", swap=on)
    assert window.swaps == [on]


@pytest.mark.parametrize(
    ("request_", "error", "sentence"),
    [
        ({}, InputError, "knows no command None"),
        ({"do": "dance"}, InputError, "knows no command dance"),
        ({"do": ["panic"]}, InputError, "knows no command"),
        ({"do": "x" * 3000}, InputError, "x" * 40 + "."),
        ({"do": "swap"}, InputError, "mirror-app swap --help"),
        ({"do": "swap", "swap": "on"}, InputError, "mirror-app swap --help"),
        ({"do": "face"}, InputError, "mirror-app face --help"),
        ({"do": "face", "face": 3}, InputError, "mirror-app face --help"),
        ({"do": "face", "face": "mona"}, UnknownTargetError, "Did you mean mona-lisa"),
        ({"do": "face", "face": "zzzz"}, UnknownTargetError, "There are: anna, next, mona-lisa"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_changes_nothing(
    loaded: Window, request_: dict[str, object], error: type[MirrorError], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        loaded.desk().answer(request_)
    assert sentence in str(caught.value)
    assert (loaded.wardrobe.current, loaded.swaps, loaded.worker.controls.shield) == ("anna", [], False)


def test_a_face_asked_for_too_early_is_refused_in_words(window: Window) -> None:
    with pytest.raises(InputError, match="not loaded yet"):
        window.ask(do="face", face="anna")


@pytest.mark.parametrize(
    ("state", "unsafe", "said"),
    [
        (MirrorState.LIVE, None, "live"),
        (MirrorState.HOLD, Unsafe.NOT_COVERED, "hold"),
        (MirrorState.SHIELD, Unsafe.NO_FACE, "shield"),
        (MirrorState.SHIELD, Unsafe.SWAP_OFF, "off"),
    ],
)
def test_the_status_says_what_the_window_shows(
    loaded: Window, state: MirrorState, unsafe: Unsafe | None, said: str
) -> None:
    loaded.inputs.start("id-Front")
    loaded.turn, loaded.rate = LiveTurn(result(frame(0), state, unsafe), 1.0), Pace(29.97, 41.26)
    status = loaded.ask(do="status")
    assert (status["state"], status["fps"], status["delay_ms"]) == (said, 30.0, 41.3)
    assert (status["camera"], status["demo"], status["face"]) == ("Front", False, "anna")
    assert bool(status["reason"]) == (unsafe is not None)
    assert json.loads(json.dumps(status)) == status


def test_without_a_picture_the_status_is_waiting(window: Window) -> None:
    status = window.ask(do="status")
    assert (status["state"], status["fps"], status["reason"]) == ("waiting", None, "")

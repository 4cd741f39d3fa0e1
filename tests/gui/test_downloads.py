"""Room: tests. Models are downloaded one at a time; each can be cancelled, and the end of the window waits for none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import ModelError
from mirror_app.gui.settings.downloads import Downloads, FetchProgress
from mirror_app.gui.settings.model_hand import ModelHand
from tests.gui.model_fakes import FakeShop


@pytest.fixture
def shop() -> FakeShop:
    return FakeShop()


@pytest.fixture
def downloads(qtbot: QtBot, shop: FakeShop) -> Iterator[Downloads]:
    downloads = Downloads(shop)
    yield downloads
    shop.gate.set()
    downloads.stop()


def test_one_comes_after_the_other(qtbot: QtBot, shop: FakeShop, downloads: Downloads) -> None:
    ended: list[tuple[str, str]] = []
    downloads.ended.connect(lambda name, sentence: ended.append((name, sentence)))
    for name in ("arc", "swap_128", "arc"):
        downloads.get(name)
    qtbot.waitUntil(lambda: shop.begun == ["arc"])
    assert downloads.names == ["arc", "swap_128"]
    shop.gate.set()
    qtbot.waitUntil(lambda: len(ended) == 2)
    assert shop.begun == ["arc", "swap_128"]
    assert ended == [("arc", ""), ("swap_128", "")]
    assert downloads.names == []


def test_a_cancelled_one_ends_and_the_next_one_begins(qtbot: QtBot, shop: FakeShop, downloads: Downloads) -> None:
    for name in ("arc", "swap_128", "ghost"):
        downloads.get(name)
    qtbot.waitUntil(lambda: shop.begun == ["arc"])
    downloads.cancel("swap_128")
    with qtbot.waitSignals([downloads.ended, downloads.ended]):
        downloads.cancel("arc")
    qtbot.waitUntil(lambda: shop.begun == ["arc", "ghost"])
    assert downloads.names == ["ghost"]
    assert shop.models["arc"].installed == ()


def test_what_goes_wrong_is_said(qtbot: QtBot, shop: FakeShop, downloads: Downloads) -> None:
    shop.trouble = ModelError("{url} was not downloaded: {why}.", url="https://a", why="full")
    shop.gate.set()
    with qtbot.waitSignal(downloads.ended) as ended:
        downloads.get("arc")
    assert ended.args == ["arc", "https://a was not downloaded: full."]


class TalkativeShop(FakeShop):
    """Reports every hundredth of a second for half a second."""

    def get(self, name: str, progress: Callable[[str, int, int], None], stop: Callable[[], bool]) -> bool:
        for done in range(1, 51):
            progress("Arc 50", done, 50)
            time.sleep(0.01)
        return True


def test_progress_is_told_ten_times_a_second_and_the_end_of_it(qtbot: QtBot) -> None:
    downloads, told = Downloads(TalkativeShop()), list[FetchProgress]()
    downloads.progressed.connect(told.append)
    with qtbot.waitSignal(downloads.ended):
        downloads.get("arc")
    assert 2 <= len(told) <= 12
    assert (told[-1].done, told[-1].total, told[-1].title) == (50, 50, "Arc 50")
    downloads.stop()


def test_speed_and_time_left_are_of_what_came_since_the_start(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mirror_app.gui.settings.downloads.time.monotonic", lambda: now[0])

    class ResumingShop(FakeShop):
        def get(self, name: str, progress: Callable[[str, int, int], None], stop: Callable[[], bool]) -> bool:
            for passed_s, done in ((0.0, 600), (0.5, 650), (2.0, 800)):
                now[0] = 100.0 + passed_s
                progress("Arc 50", done, 1000)
            return True

    downloads, told = Downloads(ResumingShop()), list[FetchProgress]()
    downloads.progressed.connect(told.append)
    with qtbot.waitSignal(downloads.ended):
        downloads.get("arc")
    assert [(one.bytes_per_s, one.left_s) for one in told] == [(None, None), (None, None), (100.0, 2.0)]
    downloads.stop()


@pytest.mark.parametrize("hangs", [False, True])
def test_the_end_waits_a_second_at_most_and_nothing_is_said_after_it(
    qtbot: QtBot, shop: FakeShop, downloads: Downloads, hangs: bool
) -> None:
    shop.ignores_stop = hangs
    said: list[object] = []
    downloads.ended.connect(lambda name, _sentence: said.append(name))
    downloads.get("arc")
    downloads.get("ghost")
    qtbot.waitUntil(lambda: shop.begun == ["arc"])
    begun_s = time.monotonic()
    downloads.stop()
    assert time.monotonic() - begun_s < 2
    shop.gate.set()
    qtbot.wait(50)
    assert said == []
    assert shop.begun == ["arc"]


def test_the_hand_goes_on_after_a_mishap_and_after_a_rest(qtbot: QtBot, tmp_path: Path) -> None:
    hand, said = ModelHand(), list[str]()

    def fail() -> str:
        raise ModelError("no")

    def break_down() -> str:
        raise ZeroDivisionError

    for work in (fail, break_down, lambda: "done"):
        hand.submit(work, said.append, lambda words: said.append(f"failed: {words}"))
    qtbot.waitUntil(lambda: len(said) == 3)
    assert said == ["failed: no", "failed: That failed because of an unexpected error.", "done"]
    hand.submit(lambda: "again", said.append, said.append)
    qtbot.waitUntil(lambda: said[-1] == "again")
    hand.stop()

"""Room: tests. The hand-over between two threads: newest wins, nothing out of order, nothing lost unseen."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.pipeline.latest_slot import LatestSlot


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=200))
def test_whatever_the_order_of_puts_and_takes_items_come_out_rising_and_all_are_accounted_for(puts: list[bool]) -> None:
    slot: LatestSlot[int] = LatestSlot()
    taken = []
    for number, is_put in enumerate(puts):
        if is_put:
            slot.put(number)
        elif (item := slot.take(0)) is not None:
            taken.append(item)
            assert item == max(index for index in range(number) if puts[index]), "not the newest"
    waiting = slot.take(0) is not None
    assert taken == sorted(set(taken))
    assert slot.given == sum(puts) == len(taken) + slot.dropped + waiting


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 3), st.lists(st.sampled_from([0.0, 0.0001, 0.001]), min_size=1, max_size=20))
def test_two_threads_never_see_items_out_of_order_and_the_last_one_arrives(pace: int, pauses: list[float]) -> None:
    slot: LatestSlot[int] = LatestSlot()
    taken: list[int] = []

    def take() -> None:
        while (item := slot.take(5)) is not None:
            taken.append(item)
            if item == len(pauses) * pace - 1:
                return

    taker = threading.Thread(target=take)
    taker.start()
    for number in range(len(pauses) * pace):
        slot.put(number)
        time.sleep(pauses[number % len(pauses)])
    taker.join(10)
    assert not taker.is_alive()
    assert taken == sorted(set(taken))
    assert taken[-1] == len(pauses) * pace - 1
    assert len(taken) + slot.dropped == slot.given


def test_a_taker_that_waits_is_woken_by_close() -> None:
    slot: LatestSlot[int] = LatestSlot()
    answers: list[int | None] = [1]
    taker = threading.Thread(target=lambda: answers.append(slot.take(None)))
    taker.start()
    slot.close()
    taker.join(5)
    assert answers == [1, None]


def test_a_closed_slot_gives_nothing_and_takes_nothing() -> None:
    slot: LatestSlot[str] = LatestSlot()
    slot.put("waits")
    slot.close()
    slot.put("too late")
    assert slot.take(0) is None
    assert slot.given == 1


@pytest.mark.parametrize("timeout_s", [0, 0.02])
def test_an_empty_slot_keeps_its_taker_no_longer_than_asked(timeout_s: float) -> None:
    begun = time.monotonic()
    assert LatestSlot[int]().take(timeout_s) is None
    assert time.monotonic() - begun >= timeout_s

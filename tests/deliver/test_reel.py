"""Room: tests. Which picture stands at each tick: the nearest, the one before, or the card; all of it counted."""

from __future__ import annotations

from mirror_app.deliver.reel import Counts, Reel
from mirror_app.domain.frame import SafeFrame, Size
from tests.deliver import marks

NS = 1_000_000_000
SIZE: Size = (16, 8)
START_NS = 10**12
CARD = marks.card(SIZE)


def at(seconds: float, level: int = marks.DARK) -> SafeFrame:
    return SafeFrame(marks.plain(SIZE, level), 0, START_NS + round(seconds * NS))


def reel() -> Reel:
    return Reel(CARD, START_NS, 10, NS)


def test_each_tick_takes_the_nearest_picture_however_late_it_arrived() -> None:
    under_test = reel()
    pictures = [at(0.0), at(0.12), at(0.19), at(0.3)]
    for each in pictures:
        under_test.put(each)
    assert under_test.begin(START_NS)
    taken = [under_test.take() for _ in pictures]
    assert [frame for frame, _ in taken] == pictures
    assert [at_ns - START_NS for _, at_ns in taken] == [0, NS // 10, NS // 5, 3 * NS // 10]
    assert under_test.counts == Counts(fresh=4)


def test_the_first_picture_is_the_beginning_and_the_card_when_none_comes() -> None:
    early, waiting = reel(), reel()
    early.put(at(-0.07))
    assert early.begin(START_NS)
    assert early.next_ns == START_NS - 7 * NS // 100
    assert not waiting.begin(START_NS + NS - 1)
    assert waiting.begin(START_NS + NS)
    assert waiting.take() == (CARD, START_NS)


def test_a_picture_stands_for_350_ms_and_then_the_card_does() -> None:
    under_test = reel()
    under_test.put(at(0.0))
    under_test.begin(START_NS)
    taken = [under_test.take()[0] is CARD for _ in range(6)]
    assert taken == [False, False, False, False, True, True]
    assert under_test.counts == Counts(fresh=1, repeated=3, cards=2)
    assert (under_test.counts.written, under_test.counts.missing) == (6, 5)


def test_ticks_that_are_given_up_are_counted() -> None:
    under_test = reel()
    under_test.put(at(0.0))
    under_test.begin(START_NS)
    under_test.take()
    under_test.skip_until(START_NS + 2 * NS)
    assert under_test.next_ns == START_NS + 2 * NS
    under_test.skip_until(START_NS + NS)
    assert (under_test.next_ns, under_test.counts.skipped) == (START_NS + 2 * NS, 19)


def test_pictures_of_another_size_and_those_that_no_memory_is_left_for_are_counted() -> None:
    under_test = reel()
    under_test.put(SafeFrame(marks.plain((8, 8), 0), 0, START_NS))
    for number in range(100):
        under_test.put(at(number / 10))
    assert under_test.counts.dropped == 1 + 55

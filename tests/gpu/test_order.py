"""Room: tests. Work of two streams: who waits for whom, in whatever order a card does it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import numpy as np
import pytest

from mirror_app.runtime.cuda import Card, CudaStream, DeviceMemory, PinnedArray
from tests.fake_cuda.control import FakeDriver, fake_driver

pytestmark = pytest.mark.gpu
_SEEDS = range(6)
_FLOAT = np.dtype(np.float32)


class Relay:
    """Numbers that one stream brings to the card and another one takes back."""

    def __init__(self, card: Card, count: int = 64) -> None:
        self.card = card
        self.first, self.second = CudaStream(card), CudaStream(card)
        self.memory = DeviceMemory(card, 4 * count)
        self.into, self.out = (PinnedArray(card, (count,), _FLOAT).view() for _ in range(2))
        self.brought, self.taken = (card.pycuda.Event() for _ in range(2))

    def bring(self) -> None:
        self.first.upload(self.memory, self.into)
        self.brought.record(self.first._stream)

    def take(self) -> None:
        self.second.download(self.out, self.memory)
        self.taken.record(self.second._stream)

    def run(self, *, takes_after: bool = True, brings_after: bool = True) -> bool:
        """Three numbers, one after another; whether each one came out."""
        came = []
        for number in (3, 4, 5):
            if brings_after and number > 3:
                self.first._stream.wait_for_event(self.taken)
            self.into[:] = number
            self.bring()
            if takes_after:
                self.second._stream.wait_for_event(self.brought)
            self.take()
            self.second.wait()
            came.append(bool((self.out == number).all()))
        self.first.wait()
        return all(came)


@pytest.fixture
def seeded(fake: FakeDriver, request: pytest.FixtureRequest) -> Iterator[FakeDriver]:
    fake.seed(request.param)
    yield fake
    fake.seed(0)


@pytest.fixture
def relay(card: Card) -> Iterator[Relay]:
    with card.current():
        made = Relay(card)
        yield made
        made.__dict__.clear()
        gc.collect()


def test_a_stream_that_waits_for_another_ones_event_gets_its_numbers(relay: Relay) -> None:
    assert relay.run()


@pytest.mark.parametrize("seeded", _SEEDS, indirect=True)
def test_so_it_does_in_every_order(seeded: FakeDriver, relay: Relay) -> None:
    assert relay.run()
    assert "stream" not in _complaints(seeded)


@pytest.mark.parametrize("seeded", _SEEDS, indirect=True)
def test_reading_without_a_wait_is_told_in_every_order(seeded: FakeDriver, relay: Relay) -> None:
    relay.run(takes_after=False)
    assert "a stream reads what another one writes, without a wait" in _complaints(seeded)


@pytest.mark.parametrize("seeded", _SEEDS, indirect=True)
def test_writing_over_what_is_still_to_be_read_is_told(seeded: FakeDriver, relay: Relay) -> None:
    relay.bring()
    relay.second._stream.wait_for_event(relay.brought)
    relay.take()
    relay.bring()
    assert "a stream writes what another one uses, without a wait" in _complaints(seeded)
    relay.second.wait()
    relay.first.wait()


def test_what_was_waited_for_here_needs_no_event(relay: Relay) -> None:
    relay.bring()
    relay.first.wait()
    relay.take()
    relay.second.wait()
    driver = fake_driver()
    assert driver is None or "stream" not in _complaints(driver)


def test_the_order_of_two_streams_depends_on_the_seed(relay: Relay, fake: FakeDriver) -> None:
    def numbers_at_once(seed: int) -> tuple[bool, bool]:
        """Whether the numbers of a stream are there before anybody waited for it, and those of another one."""
        fake.seed(seed)
        relay.into[:], relay.out[:] = 1, 0
        relay.bring()
        relay.take()
        for _ in range(4):
            relay.card.free_bytes()
        seen = bool((relay.out == 1).all()), relay.brought.query()
        fake.seed(0)
        relay.first.wait()
        relay.second.wait()
        return seen

    found = {numbers_at_once(seed) for seed in range(1, 30)}
    assert numbers_at_once(0) == (False, False)
    assert len(found) > 2
    fake.forget_complaints()


def _complaints(driver: FakeDriver) -> str:
    lines = [line for line in driver.left_behind().splitlines() if "a wait" in line]
    driver.forget_complaints()
    return "\n".join(lines)

"""Room: tests. The card: whose context is current where, work that is waited for, graphs, and what failures say."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.cuda import Card, CudaStream, DeviceMemory, PinnedArray
from tests.fake_cuda.control import OUT_OF_MEMORY, FakeDriver

pytestmark = pytest.mark.gpu
_FLOAT = np.dtype(np.float32)


class Mill:
    """Numbers that go to the card and come back."""

    def __init__(self, card: Card, count: int = 64) -> None:
        self.stream = CudaStream(card)
        self.memory = DeviceMemory(card, 4 * count)
        self.into, self.out = (PinnedArray(card, (count,), _FLOAT).view() for _ in range(2))

    def ask(self) -> None:
        self.stream.upload(self.memory, self.into)
        self.stream.download(self.out, self.memory)


def test_numbers_come_back_once_they_were_waited_for(card: Card) -> None:
    with card.current():
        mill = Mill(card)
        mill.into[:] = 3
        mill.ask()
        mill.stream.wait()
    assert (mill.out == 3).all()


def test_a_graph_reads_what_lies_there_when_it_is_launched(card: Card) -> None:
    with card.current():
        mill = Mill(card)
        graph = mill.stream.capture(mill.ask, mill)
        for number in (5, 7):
            mill.into[:] = number
            graph.launch()
            mill.stream.wait()
            assert (mill.out == number).all()


def test_the_context_is_current_only_inside_and_in_every_thread_that_asks(card: Card) -> None:
    def work(number: int) -> float:
        with card.current():
            mill = Mill(card)
            mill.into[:] = number
            mill.ask()
            mill.stream.wait()
            return float(mill.out.sum())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [64.0 * number for number in range(8)]
    with pytest.raises(ModelError), card.telling():
        DeviceMemory(card, 64)


def test_a_context_is_popped_also_after_an_error(card: Card) -> None:
    with pytest.raises(KeyError), card.current():
        raise KeyError
    with pytest.raises(ModelError), card.telling():
        card.free_bytes()


def test_a_view_outlives_all_else(card: Card) -> None:
    def view() -> NDArray[np.float32]:
        with card.current():
            mill = Mill(card)
            mill.into[:] = 9
            return mill.into[4:8]

    kept = view()
    gc.collect()
    assert (kept == 9).all()


def test_things_may_be_dropped_in_another_thread(card: Card) -> None:
    with card.current():
        mills = [Mill(card)]
    dropping = threading.Thread(target=mills.clear)
    dropping.start()
    dropping.join()
    # The fixture looks at what is left behind; pycuda would warn, and a warning fails the test.


def test_a_capture_that_fails_leaves_the_stream_usable(card: Card) -> None:
    with card.current():
        mill = Mill(card)

        def takes_memory() -> None:
            mill.ask()
            DeviceMemory(card, 64)

        with pytest.raises(ModelError):
            mill.stream.capture(takes_memory)
        mill.into[:] = 4
        mill.ask()
        mill.stream.wait()
        assert (mill.out == 4).all()
        mill.stream.capture(mill.ask, mill).launch()
        mill.stream.wait()


def test_nothing_is_collected_while_a_graph_is_captured(card: Card) -> None:
    with card.current():
        mill = Mill(card)
        seen: list[bool] = []

        def work() -> None:
            mill.ask()
            seen.append(gc.isenabled())

        mill.stream.capture(work, mill)
        assert seen == [False]
        assert gc.isenabled()


def test_other_threads_may_take_memory_during_a_capture(card: Card) -> None:
    with card.current():
        mill = Mill(card)

        def take() -> None:
            with card.current():
                DeviceMemory(card, 64)

        def work() -> None:
            mill.ask()
            with ThreadPoolExecutor(1) as pool:
                pool.submit(take).result()

        mill.into[:] = 2
        mill.stream.capture(work, mill).launch()
        mill.stream.wait()
        assert (mill.out == 2).all()


def test_a_graph_keeps_alive_what_it_uses(card: Card) -> None:
    with card.current():
        mill = Mill(card)
        stream, into, out = mill.stream, mill.into, mill.out
        graph = stream.capture(mill.ask, mill)
        del mill
        gc.collect()
        into[:] = 6
        graph.launch()
        stream.wait()
        assert (out == 6).all()


def test_a_graph_may_be_dropped_in_another_thread(card: Card) -> None:
    with card.current():
        mill = Mill(card)
        kept = [mill.stream.capture(mill.ask, mill)]
        del mill
    dropping = threading.Thread(target=kept.clear)
    dropping.start()
    dropping.join()
    # The fixture looks at what is left behind.


def test_a_graph_goes_before_what_it_uses(card: Card) -> None:
    with card.current():
        mill = Mill(card)
        graph = mill.stream.capture(mill.ask, mill)
        del mill
        gc.collect()
        del graph
    # The fake driver complains where memory goes first.


def test_what_was_recorded_before_an_error_is_destroyed(card: Card) -> None:
    with card.current():
        mill = Mill(card)

        def fails() -> None:
            mill.ask()
            raise KeyError

        with pytest.raises(KeyError):
            mill.stream.capture(fails, mill)
    # The fixture looks at what is left behind.


def test_a_thread_sleeps_while_it_waits(card: Card, fake: FakeDriver) -> None:
    with card.current():
        CudaStream(card)
    assert fake.count("cuEventCreate") == 1
    assert fake.count("cuEventCreate to spin") == 0


def test_a_pinned_array_begins_with_zeros(card: Card) -> None:
    with card.current():
        assert not PinnedArray(card, (3, 5), _FLOAT).view().any()


def test_too_little_memory_is_said_so(card: Card, fake: FakeDriver) -> None:
    # pycuda collects garbage and tries once more: failing once would not do.
    fake.set_memory(0)
    with pytest.raises(ModelError, match="Fake GPU has too little free memory"), card.current():
        DeviceMemory(card, 64)


def test_a_lost_card_is_said_so(card: Card, fake: FakeDriver) -> None:
    with card.current():
        mill = Mill(card)
    fake.lose_card()
    with pytest.raises(ModelError, match="Fake GPU no longer answers"), card.current():
        mill.ask()


def test_no_card_is_said_so(fake: FakeDriver) -> None:
    fake.fail("cuInit", 1, 100)
    with pytest.raises(ModelError, match="found no graphics card"):
        Card()


@pytest.mark.parametrize("call", ["cuStreamBeginCapture", "cuStreamEndCapture", "cuGraphInstantiate"])
def test_each_step_of_a_capture_may_fail(card: Card, fake: FakeDriver, call: str) -> None:
    with card.current():
        mill = Mill(card)
        fake.fail(call, 1, OUT_OF_MEMORY)
        with pytest.raises(ModelError, match="too little free memory"):
            mill.stream.capture(mill.ask, mill)


def test_the_card_is_given_back_when_nothing_needs_it(fake: FakeDriver) -> None:
    before = fake.count("cuDevicePrimaryCtxRelease")
    Card()
    gc.collect()
    assert fake.count("cuDevicePrimaryCtxRelease") == before + 1
    assert "pushed" not in fake.left_behind()

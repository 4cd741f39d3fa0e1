"""Room: tests. Where the fake TensorRT is as strict as the real one, or stricter: each rule is broken once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.cuda import Card, CudaStream, DeviceMemory, Held, PinnedArray
from mirror_app.runtime.trt_library import TrtLibrary
from tests.fake_cuda.control import FakeDriver
from tests.fake_cuda.plan import FakePlan, packed
from tests.runtime.nets import doubling

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("fake")]
_SIDE = 16
_MOST = 4


class Bench:
    """An execution context of a network with a free batch, at one face, with memory for its two tensors."""

    def __init__(self, folder: Path, library: TrtLibrary, card: Card) -> None:
        plan = packed(doubling(folder / "net.onnx", ("n", _SIDE)).read_bytes(), FakePlan(most_batch=_MOST))
        self.library, self.card, self.stream = library, card, CudaStream(card)
        self.held = Held(card, library.runtime())
        self.held.things.append(self.held.things[0].deserialize_cuda_engine(plan))
        self.held.things.append(self.held.things[1].create_execution_context())
        self.memory = {name: DeviceMemory(card, 4 * _SIDE) for name in "xy"}
        self.into, self.out = (PinnedArray(card, (1, _SIDE), np.dtype(np.float32)).view() for _ in "xy")
        self.into[:] = 3

    @property
    def context(self) -> Any:
        return self.held.things[2]

    def set_up(self) -> None:
        assert self.context.set_input_shape("x", (1, _SIDE))
        assert all(self.context.set_tensor_address(name, one.address) for name, one in self.memory.items())

    def ask(self) -> bool:
        self.stream.upload(self.memory["x"], self.into)
        asked = bool(self.context.execute_async_v3(self.stream.handle))
        self.stream.download(self.out, self.memory["y"])
        return asked

    def record(self) -> None:
        assert self.ask()

    def found(self) -> float:
        self.stream.wait()
        return float(self.out.mean())


@pytest.fixture
def bench(tmp_path: Path, library: TrtLibrary, card: Card) -> Iterator[Bench]:
    with card.current():
        made = Bench(tmp_path, library, card)
        yield made
        made.__dict__.clear()


def test_set_up_rightly_it_runs(bench: Bench) -> None:
    bench.set_up()
    assert bench.ask()
    assert bench.found() == 6


@pytest.mark.parametrize("missing", ["x", "y"])
def test_without_an_address_it_says_no(bench: Bench, missing: str) -> None:
    bench.set_up()
    assert bench.context.set_tensor_address(missing, 0)
    assert not bench.context.execute_async_v3(bench.stream.handle)
    assert f"{missing} has no address" in bench.library.complaints()


def test_with_too_little_memory_it_says_no(bench: Bench) -> None:
    bench.set_up()
    assert bench.context.set_input_shape("x", (2, _SIDE))
    assert not bench.context.execute_async_v3(bench.stream.handle)


@pytest.mark.parametrize("shape", [(_MOST + 1, _SIDE), (0, _SIDE), (1, _SIDE + 1), (1,)])
def test_a_shape_outside_its_profile_is_refused(bench: Bench, shape: tuple[int, ...]) -> None:
    assert not bench.context.set_input_shape("x", shape)


def test_shapes_that_were_never_set_are_told(bench: Bench) -> None:
    assert bench.context.infer_shapes() == ["x"]
    bench.set_up()
    assert bench.context.infer_shapes() == []


@pytest.mark.parametrize("name", ["z", "y"])
def test_what_is_no_input_has_no_shape_to_set(bench: Bench, name: str) -> None:
    assert not bench.context.set_input_shape(name, (1, _SIDE))


def test_what_is_no_tensor_has_no_address(bench: Bench) -> None:
    assert not bench.context.set_tensor_address("z", bench.memory["x"].address)


@pytest.mark.parametrize("is_new_shape", [False, True])
def test_the_first_run_at_a_shape_cannot_be_captured(bench: Bench, is_new_shape: bool) -> None:
    bench.set_up()
    if is_new_shape:
        assert bench.ask()
        bench.stream.wait()
        bench.memory = {name: DeviceMemory(bench.card, 2 * 4 * _SIDE) for name in "xy"}
        bench.set_up()
        assert bench.context.set_input_shape("x", (2, _SIDE))
    answers: list[bool] = []
    with pytest.raises(ModelError):
        bench.stream.capture(lambda: answers.append(bench.context.execute_async_v3(bench.stream.handle)))
    assert answers == [False]


def test_a_graph_keeps_the_addresses_that_it_was_made_with(bench: Bench) -> None:
    bench.set_up()
    assert bench.ask()
    bench.stream.wait()
    graph = bench.stream.capture(bench.record)
    other = DeviceMemory(bench.card, 4 * _SIDE)
    assert bench.context.set_tensor_address("y", other.address)
    bench.into[:], bench.out[:] = 5, 0
    graph.launch()
    assert bench.found() == 10


def test_a_graph_that_outlives_its_context_gives_no_numbers(bench: Bench, fake: FakeDriver) -> None:
    bench.set_up()
    assert bench.ask()
    bench.stream.wait()
    graph = bench.stream.capture(bench.record)
    bench.held.things.pop()
    graph.launch()
    assert np.isnan(bench.found())
    fake.forget_complaints()


def test_one_context_on_two_streams_is_told(bench: Bench, fake: FakeDriver) -> None:
    bench.set_up()
    other = CudaStream(bench.card)
    assert bench.ask()
    assert bench.context.execute_async_v3(other.handle)
    assert "without a wait" in fake.left_behind()
    bench.stream.wait()
    other.wait()
    fake.forget_complaints()


def test_one_context_in_two_threads_at_once_loses_the_card(bench: Bench) -> None:
    bench.set_up()
    assert bench.ask()
    bench.stream.wait()
    busy: threading.Lock = bench.context._busy
    assert bench.ask()
    with busy, pytest.raises(bench.card.pycuda.Error):
        bench.stream.wait()


def test_plans_are_refused_without_an_exception(library: TrtLibrary, card: Card) -> None:
    with card.current():
        held = Held(card, library.runtime())
        assert held.things[0].deserialize_cuda_engine(b"garbage") is None
        assert "Serialization" in library.complaints()


def test_nothing_is_made_where_no_context_is_current(library: TrtLibrary, bench: Bench) -> None:
    bench.card.context.pop()
    try:
        with pytest.raises(TypeError, match="nullptr"):
            library.module.Runtime(library._logger)
        assert bench.held.things[1].create_execution_context() is None
    finally:
        bench.card.context.push()

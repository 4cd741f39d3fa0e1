"""Room: tests. What breaks a capture, in whose thread and in which mode: of a real driver and of the fake alike."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.cuda import Card, CudaStream, DeviceMemory, PinnedArray
from tests.fake_cuda.control import FakeDriver

pytestmark = pytest.mark.gpu
Call = Callable[[Card, int], Any]
_FINE, _UNSUPPORTED, _INVALIDATED = "CUDA_SUCCESS", "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "INVALIDATED"


def _take(card: Card, _: int) -> Any:
    code, address = card.bindings.cuMemAlloc(64)
    if code == card.bindings.CUresult.CUDA_SUCCESS:
        card.bindings.cuMemFree(address)
    return code


CALLS: dict[str, Call] = {
    "take memory": _take,
    "give memory back": lambda card, memory: card.bindings.cuMemFree(memory)[0],
    "wait for the card": lambda card, _: card.bindings.cuCtxSynchronize()[0],
}


class Capturing:
    """A stream in the middle of a capture, and some memory."""

    def __init__(self, card: Card) -> None:
        self.card, self.stream = card, CudaStream(card)
        self.memory = card.checked(card.bindings.cuMemAlloc(64))

    def begin(self, mode: str) -> None:
        kind = getattr(self.card.bindings.CUstreamCaptureMode, f"CU_STREAM_CAPTURE_MODE_{mode}")
        self.card.checked(self.card.bindings.cuStreamBeginCapture(self.stream.handle, kind))

    def end(self) -> str:
        code, graph = self.card.bindings.cuStreamEndCapture(self.stream.handle)
        if code == self.card.bindings.CUresult.CUDA_SUCCESS:
            self.card.bindings.cuGraphDestroy(graph)
        return str(code.name)


@pytest.fixture
def capturing(card: Card) -> Iterator[Capturing]:
    with card.current():
        made = Capturing(card)
        yield made
        made.end()
        card.bindings.cuMemFree(made.memory)
        made.__dict__.clear()


# Given back for good, it could not be given back once more: only where it must fail.
@pytest.mark.parametrize(
    ("mode", "call", "is_other_thread", "breaks"),
    [
        ("GLOBAL", "take memory", False, True),
        ("GLOBAL", "take memory", True, True),
        ("GLOBAL", "give memory back", False, True),
        ("GLOBAL", "give memory back", True, True),
        ("THREAD_LOCAL", "take memory", False, True),
        ("THREAD_LOCAL", "take memory", True, False),
        ("THREAD_LOCAL", "give memory back", False, True),
        ("RELAXED", "take memory", False, False),
        ("RELAXED", "take memory", True, False),
        *(
            (mode, "wait for the card", other, True)
            for mode in ("GLOBAL", "THREAD_LOCAL", "RELAXED")
            for other in (False, True)
        ),
    ],
)
def test_what_may_be_done_during_a_capture(
    capturing: Capturing, mode: str, call: str, is_other_thread: bool, breaks: bool
) -> None:
    card = capturing.card

    def ask() -> str:
        with card.current():
            return str(CALLS[call](card, capturing.memory).name)

    capturing.begin(mode)
    if is_other_thread:
        with ThreadPoolExecutor(1) as pool:
            said = pool.submit(ask).result()
    else:
        said = ask()
    assert (said != _FINE) == breaks
    assert (capturing.end() != _FINE) == breaks


def test_a_broken_capture_takes_nothing_more_until_it_is_ended(capturing: Capturing) -> None:
    card, stream = capturing.card, capturing.stream
    memory, array = DeviceMemory(card, 64), PinnedArray(card, (16,), np.dtype(np.float32)).view()
    capturing.begin("THREAD_LOCAL")
    stream.upload(memory, array)
    _take(card, 0)
    for _ in range(2):
        with pytest.raises(ModelError), card.telling():
            stream.upload(memory, array)
    code, state = card.bindings.cuStreamIsCapturing(stream.handle)
    assert (code.name, state.name.rpartition("_")[2]) == (_FINE, _INVALIDATED)
    assert capturing.end() == f"CUDA_ERROR_STREAM_CAPTURE_{_INVALIDATED}"
    array[:] = 5
    stream.upload(memory, array)
    stream.wait()


@pytest.mark.parametrize("wait", ["stream", "own query", "event recorded in it"])
def test_nobody_waits_for_what_is_only_recorded(capturing: Capturing, wait: str) -> None:
    card, stream = capturing.card, capturing.stream
    event = card.checked(card.bindings.cuEventCreate(0))
    capturing.begin("THREAD_LOCAL")
    if wait == "event recorded in it":
        card.checked(card.bindings.cuEventRecord(event, stream.handle))
        (said,) = card.bindings.cuEventSynchronize(event)
    else:
        ask = card.bindings.cuStreamSynchronize if wait == "stream" else card.bindings.cuStreamQuery
        (said,) = ask(stream.handle)
    assert said.name != _FINE
    capturing.end()
    card.bindings.cuEventDestroy(event)


def test_a_capture_does_not_wait_for_work_outside(capturing: Capturing) -> None:
    card = capturing.card
    event, other = card.checked(card.bindings.cuEventCreate(0)), CudaStream(card)
    card.checked(card.bindings.cuEventRecord(event, other.handle))
    capturing.begin("THREAD_LOCAL")
    (said,) = card.bindings.cuStreamWaitEvent(capturing.stream.handle, event, 0)
    assert said.name == "CUDA_ERROR_STREAM_CAPTURE_ISOLATION"
    assert capturing.end() != _FINE
    card.bindings.cuEventDestroy(event)
    other.wait()


def test_only_the_thread_that_began_a_capture_ends_it(capturing: Capturing) -> None:
    capturing.begin("THREAD_LOCAL")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(_ended_elsewhere, capturing).result() == "CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD"
    assert capturing.end() == _FINE


def _ended_elsewhere(capturing: Capturing) -> str:
    with capturing.card.current():
        return capturing.end()


def test_the_default_stream_cannot_be_captured(card: Card) -> None:
    mode = card.bindings.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
    with card.current():
        (said,) = card.bindings.cuStreamBeginCapture(0, mode)
    assert said.name == _UNSUPPORTED


def test_a_graph_whose_memory_was_given_back_loses_the_card(card: Card, fake: FakeDriver) -> None:
    with card.current():
        stream, array = CudaStream(card), PinnedArray(card, (16,), np.dtype(np.float32)).view()
        memory = [DeviceMemory(card, 64)]
        graph = stream.capture(lambda: stream.upload(memory[0], array))
        memory.clear()
        graph.launch()
        with pytest.raises(ModelError, match="no longer answers"), card.telling():
            stream.wait()
    fake.forget_complaints()


def test_memory_is_poisoned_when_it_is_given_and_when_it_is_taken_back(card: Card, fake: FakeDriver) -> None:
    with card.current():
        stream, array = CudaStream(card), PinnedArray(card, (16,), np.dtype(np.uint32)).view()
        memory = DeviceMemory(card, 64)
        stream.download(array, memory)
        stream.wait()
        assert (array == 0xCDCDCDCD).all()
        address = array.ctypes.data
        del array
    assert bytes((ctypes.c_ubyte * 4).from_address(address)) == b"\xdd" * 4
    with card.current():
        assert DeviceMemory(card, 64).address != memory.address

"""Room: tests. Two networks of one mirror at once: a detector in its thread, a swapper in another, and in turns."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_library import TrtLibrary
from tests.fake_cuda.control import LAUNCH_FAILED, FakeDriver, fake_driver
from tests.gpu.plans import built
from tests.runtime.nets import doubling

pytestmark = pytest.mark.gpu
_FRAMES = 30
_WIDTHS = (("detector", 96), ("swapper", 64))
Open = Callable[[str], TrtBackend]


@pytest.fixture
def opened(tmp_path: Path, library: TrtLibrary, card: Card) -> Open:
    plans = {name: built(doubling(tmp_path / f"{name}.onnx", (1, width)), library, card) for name, width in _WIDTHS}
    return lambda name: TrtBackend(plans[name], name, library, card)


def frames_are_right(backend: TrtBackend, first: int = 0, count: int = _FRAMES) -> bool:
    """Run some frames; whether each one gave the double of its own numbers."""
    ((_, width),) = (spec.shape for spec in backend.inputs)
    for number in range(first, first + count):
        (got,) = backend.run({"x": np.full((1, width), number, np.float32)})
        if not np.allclose(got, 2 * number):
            return False
    return True


def test_each_runs_in_a_thread_of_its_own_with_its_own_numbers(opened: Open) -> None:
    together = threading.Barrier(2)

    def live(name: str) -> bool:
        backend = opened(name)
        together.wait()
        return frames_are_right(backend, first=1000 * (name == "swapper"))

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(live, ("detector", "swapper")))
    driver = fake_driver()
    assert driver is None or "a wait" not in driver.left_behind()


def test_one_is_opened_and_dropped_while_the_other_one_runs(opened: Open) -> None:
    swapper, ended = opened("swapper"), threading.Event()

    def change_detectors() -> list[str]:
        notes = []
        try:
            for _ in range(4):
                detector = opened("detector")
                notes.append(detector.note)
                assert frames_are_right(detector, count=2)
                del detector
                gc.collect()
        finally:
            ended.set()
        return notes

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change_detectors)
        while not ended.is_set():
            assert frames_are_right(swapper, count=5)
        assert changing.result() == [""] * 4


def test_they_run_in_turns_in_one_thread_the_detector_every_third_frame(opened: Open) -> None:
    detector, swapper = opened("detector"), opened("swapper")
    for number in range(_FRAMES):
        if number % 3 == 0:
            assert frames_are_right(detector, number, 1)
        assert frames_are_right(swapper, 7 * number, 1)


def test_one_is_opened_in_one_thread_runs_in_another_and_is_dropped_in_a_third(opened: Open) -> None:
    with ThreadPoolExecutor(1) as loader, ThreadPoolExecutor(1) as worker:
        backends = [loader.submit(opened, "swapper").result()]
        assert worker.submit(lambda: frames_are_right(backends[0])).result()
    backends.clear()
    gc.collect()
    # The fixture of the card looks at what is left behind.


def test_a_detector_that_fails_once_costs_the_swapper_no_frame(opened: Open, fake: FakeDriver) -> None:
    detector, swapper = opened("detector"), opened("swapper")
    fake.fail("cuGraphLaunch", 1, LAUNCH_FAILED)
    with pytest.raises(ModelError, match="Fake GPU failed"):
        frames_are_right(detector, count=1)
    assert frames_are_right(swapper)
    assert frames_are_right(detector)


def test_a_frame_of_two_networks_is_two_launches_and_two_waits(opened: Open, fake: FakeDriver) -> None:
    backends = [opened(name) for name, _ in _WIDTHS]
    fake.forget_counts()
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(frames_are_right, backends))
    assert fake.count("cuGraphLaunch") == fake.count("cuEventSynchronize") == 2 * _FRAMES
    assert fake.count("cuCtxPushCurrent") == fake.count("cuCtxPopCurrent") == 2 * _FRAMES
    assert [fake.count(call) for call in ("cuMemAlloc", "cuMemHostAlloc", "cuCtxSynchronize")] == [0, 0, 0]

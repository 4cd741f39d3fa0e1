"""Room: tests. TensorRT, then ONNX Runtime: which of them runs a network, when it changes, and what is said then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime import trt_door
from mirror_app.runtime.child import Answer, Question
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.factory import Device, Opened, open_backend
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.trt_door import Preparation, Prepared, TrtDoor
from mirror_app.runtime.trt_library import TrtLibrary
from tests.fake_cuda.control import LAUNCH_FAILED, OUT_OF_MEMORY, FakeDriver
from tests.fake_cuda.plan import FakePlan
from tests.gpu.plans import built
from tests.gpu.test_trt import numbers
from tests.runtime.nets import convolution, doubling

pytestmark = pytest.mark.gpu


def fine(question: Question) -> Answer:
    return Answer(("Fake GPU", "8.6", "0", "13.0", "11.4"), "")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return convolution(tmp_path / "conv.onnx", side=32)


def prepared(model: Path, plan: bytes, *, is_embedding: bool = False) -> Preparation:
    samples = tuple(numbers(OrtBackend(model), seed) for seed in range(3))
    return lambda: Prepared(plan, model, lambda _: samples, is_embedding)


def opened(
    model: Path,
    library: TrtLibrary,
    card: Card,
    decisions: FakePlan | None = None,
    ask: Callable[[Question], Answer] = fine,
) -> Opened:
    plan = built(model, library, card, decisions)
    return open_backend(model, Device.AUTO, prepared=prepared(model, plan), door=TrtDoor(ask))


def test_tensorrt_runs_what_it_runs_rightly(model: Path, library: TrtLibrary, card: Card) -> None:
    result = opened(model, library, card)
    assert (result.providers, result.note, result.backend.device) == (("TensorRT",), "", card.name)
    (got,), (expected,) = (one.run(numbers(OrtBackend(model))) for one in (result.backend, OrtBackend(model)))
    np.testing.assert_allclose(got, expected, atol=2e-2, rtol=2e-2)


def test_a_child_process_tries_tensorrt_first(model: Path, library: TrtLibrary, card: Card) -> None:
    plan = built(model, library, card)
    result = open_backend(model, Device.GPU, prepared=prepared(model, plan), door=TrtDoor())
    assert (result.providers, result.note) == (("TensorRT",), "")


def test_what_ended_the_child_is_kept_out_of_this_process(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    fake.forget_counts()
    result = opened(model, library, card, ask=lambda _: Answer((), "it crashed (signal 11)"))
    assert "conv.onnx runs without TensorRT: TensorRT does not work on this computer. (it crashed" in result.note
    assert fake.count("cuDevicePrimaryCtxRetain") == 0
    assert result.backend.device == "CPU"


@pytest.mark.parametrize(
    ("decisions", "why"),
    [
        (FakePlan(skew=0.5), "its output differs from ONNX Runtime's by up to"),
        (FakePlan(skew=float("nan")), "its output is not finite"),
    ],
)
def test_a_plan_that_gives_something_else_is_not_used(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, decisions: FakePlan, why: str
) -> None:
    result = opened(model, library, card, decisions)
    assert why in result.note
    assert result.backend.device == "CPU"


def test_vectors_are_compared_by_their_angle(tmp_path: Path, library: TrtLibrary, card: Card, fake: FakeDriver) -> None:
    model = doubling(tmp_path / "vector.onnx", (1, 512))
    plan = built(model, library, card, FakePlan(skew=1.0))
    result = open_backend(model, Device.AUTO, prepared=prepared(model, plan, is_embedding=True), door=TrtDoor(fine))
    assert "cosine" in result.note


def test_a_plan_that_may_not_be_read_is_passed_over(model: Path, card: Card) -> None:
    def refuse() -> Prepared:
        raise ModelError("{path} is damaged: {why}. Build it again.", path="conv.plan", why="cut off")

    result = open_backend(model, Device.AUTO, prepared=refuse, door=TrtDoor(fine))
    assert "conv.plan is damaged" in result.note
    assert result.backend.device != ""


@pytest.mark.parametrize("skew", [0.0, 0.5])
def test_only_a_good_comparison_is_remembered(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, skew: float
) -> None:
    found: list[Parity] = []
    ready = replace(prepared(model, built(model, library, card, FakePlan(skew=skew)))(), remember=found.append)
    open_backend(model, Device.AUTO, prepared=lambda: ready, door=TrtDoor(fine))
    assert len(found) == (skew == 0.0)


def test_the_driver_is_asked_before_tensorrt(
    model: Path, library: TrtLibrary, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_card() -> Card:
        raise ModelError("The NVIDIA driver found no graphics card. ({why})", why="none")

    def never() -> TrtLibrary:
        raise AssertionError

    monkeypatch.setattr(trt_door, "Card", no_card)
    monkeypatch.setattr(trt_door, "open_library", never)
    with pytest.raises(ModelError, match="found no graphics card"):
        TrtDoor(fine).open(b"", "net")


def test_whoever_wants_the_cpu_gets_it(model: Path, card: Card) -> None:
    def never() -> Prepared:
        raise AssertionError

    result = open_backend(model, Device.CPU, prepared=never, door=TrtDoor(fine))
    assert (result.backend.device, result.note) == ("CPU", "")


@pytest.mark.parametrize(("code", "sticky"), [(OUT_OF_MEMORY, False), (LAUNCH_FAILED, False), (LAUNCH_FAILED, True)])
def test_a_frame_that_fails_is_made_by_onnx_runtime_and_so_are_all_after_it(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, code: int, sticky: bool
) -> None:
    backend = opened(model, library, card).backend
    feeds, reference = numbers(backend), OrtBackend(model)
    backend.run(feeds)
    fake.fail("cuGraphLaunch", 1, code, sticky=sticky)
    for _ in range(2):
        np.testing.assert_allclose(backend.run(feeds)[0], reference.run(feeds)[0], rtol=1e-5)
    assert backend.device == "CPU"
    assert "conv.onnx goes on with CPU instead of Fake GPU" in getattr(backend, "note", "")


def test_several_faces_go_on_one_by_one(tmp_path: Path, library: TrtLibrary, card: Card, fake: FakeDriver) -> None:
    plan = built(doubling(tmp_path / "free.onnx", ("n", 8)), library, card, FakePlan(most_batch=4))
    model = doubling(tmp_path / "fixed.onnx", (1, 8))
    backend = open_backend(model, Device.AUTO, prepared=prepared(model, plan), door=TrtDoor(fine)).backend
    feeds = {"x": np.arange(24, dtype=np.float32).reshape(3, 8)}
    np.testing.assert_array_equal(backend.run(feeds)[0], 2 * feeds["x"])
    fake.lose_card()
    np.testing.assert_array_equal(backend.run(feeds)[0], 2 * feeds["x"])
    assert backend.device == "CPU"


def test_when_all_means_fail_that_is_an_error(model: Path, library: TrtLibrary, card: Card, fake: FakeDriver) -> None:
    backend = opened(model, library, card).backend
    feeds = numbers(backend)
    fake.lose_card()
    model.unlink()
    with pytest.raises(ModelError, match=r"conv\.onnx cannot be loaded"):
        backend.run(feeds)

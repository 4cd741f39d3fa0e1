"""Room: tests. Networks through TensorRT: the same numbers, the calls of a frame, and what goes wrong on the way."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import Feeds, InferenceBackend
from mirror_app.runtime.cuda import Card, CudaGraph
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_lane import Lane, Slot
from mirror_app.runtime.trt_library import TrtLibrary
from tests.fake_cuda.control import LAUNCH_FAILED, OUT_OF_MEMORY, FakeDriver
from tests.fake_cuda.plan import FakePlan
from tests.gpu.plans import built
from tests.runtime.nets import convolution, doubling

pytestmark = pytest.mark.gpu
# TensorRT may use TF32 for FP32 networks, which keeps 10 bits.
_ABOUT = 2e-2
_MANY = FakePlan(most_batch=4)


def numbers(backend: InferenceBackend, seed: int = 0, batch: int = 1) -> Feeds:
    rng = np.random.default_rng(seed)
    return {
        spec.name: rng.normal(size=[batch if size == -1 else size for size in spec.shape]).astype(np.float32)
        for spec in backend.inputs
    }


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return convolution(tmp_path / "conv.onnx", side=32)


def opened(model: Path, library: TrtLibrary, card: Card, decisions: FakePlan | None = None) -> TrtBackend:
    return TrtBackend(built(model, library, card, decisions), model.name, library, card)


def test_it_gives_what_onnx_runtime_gives_frame_after_frame(model: Path, library: TrtLibrary, card: Card) -> None:
    backend, reference = opened(model, library, card), OrtBackend(model)
    assert {spec.name: spec.shape for spec in backend.inputs} == {spec.name: spec.shape for spec in reference.inputs}
    assert backend.outputs == reference.outputs
    for seed in range(5):
        (got,), (expected,) = (one.run(numbers(one, seed)) for one in (backend, reference))
        np.testing.assert_allclose(got, expected, atol=_ABOUT, rtol=_ABOUT)
    assert backend.note == ""


def test_the_first_frame_is_right_too(model: Path, library: TrtLibrary, card: Card) -> None:
    backend, reference = opened(model, library, card), OrtBackend(model)
    np.testing.assert_allclose(
        backend.run(numbers(backend))[0], reference.run(numbers(reference))[0], atol=_ABOUT, rtol=_ABOUT
    )


def test_a_result_stays_while_the_next_one_is_made(model: Path, library: TrtLibrary, card: Card) -> None:
    backend = opened(model, library, card)
    (first,) = backend.run(numbers(backend, 1))
    copy = first.copy()
    backend.run(numbers(backend, 2))
    np.testing.assert_array_equal(first, copy)


def test_a_result_outlives_its_backend(model: Path, library: TrtLibrary, card: Card) -> None:
    (result,) = opened(model, library, card).run(numbers(OrtBackend(model)))
    gc.collect()
    np.testing.assert_allclose(result, OrtBackend(model).run(numbers(OrtBackend(model)))[0], atol=_ABOUT, rtol=_ABOUT)


def test_half_precision_outside_is_converted(tmp_path: Path, library: TrtLibrary, card: Card) -> None:
    model = doubling(tmp_path / "half.onnx", (1, 8), kind=TensorProto.FLOAT16)
    backend = opened(model, library, card)
    feeds = numbers(backend)
    (got,) = backend.run(feeds)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, 2 * feeds["x"], atol=1e-2)
    kept = got.copy()
    backend.run(numbers(backend, 1))
    np.testing.assert_array_equal(got, kept)


@pytest.mark.parametrize("batches", [[1, 3, 1, 4, 3], [6], [13, 1]])
def test_each_batch_has_its_own_lane_and_larger_ones_go_in_parts(
    tmp_path: Path, library: TrtLibrary, card: Card, batches: list[int]
) -> None:
    backend = opened(doubling(tmp_path / "many.onnx", ("n", 8)), library, card, _MANY)
    assert backend.inputs[0].shape == (-1, 8)
    for batch in batches:
        feeds = numbers(backend, batch, batch)
        np.testing.assert_allclose(backend.run(feeds)[0], 2 * feeds["x"], rtol=1e-5)


def test_feeds_that_do_not_fit_are_refused(model: Path, library: TrtLibrary, card: Card) -> None:
    backend = opened(model, library, card)
    with pytest.raises(ModelError, match="expected"):
        backend.run({"x": np.zeros((1, 3, 8, 8), np.float32), "s": np.zeros((1, 16), np.float32)})
    with pytest.raises(ModelError, match="expected"):
        backend.run({})


def test_it_runs_in_whatever_thread(model: Path, library: TrtLibrary, card: Card) -> None:
    backends = [opened(model, library, card) for _ in range(3)]
    expected = OrtBackend(model).run(numbers(backends[0]))[0].copy()
    with ThreadPoolExecutor(3) as pool:
        for _ in range(4):
            for (got,) in pool.map(lambda one: one.run(numbers(one)), backends):
                np.testing.assert_allclose(got, expected, atol=_ABOUT, rtol=_ABOUT)


def test_backends_may_be_opened_in_two_threads_at_once(model: Path, library: TrtLibrary, card: Card) -> None:
    plan = built(model, library, card)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: TrtBackend(plan, "conv.onnx", library, card), range(6)))
    assert [one.note for one in made] == [""] * 6


def test_a_frame_is_one_launch_and_one_wait_and_takes_no_memory(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    backend = opened(model, library, card)
    feeds = numbers(backend)
    fake.forget_counts()
    for _ in range(10):
        backend.run(feeds)
    waits = ("cuEventSynchronize", "cuStreamSynchronize", "cuCtxSynchronize")
    assert fake.count("cuGraphLaunch") == 10
    assert sum(fake.count(call) for call in waits) == 10
    asked = ("cuMemAlloc", "cuMemFree", "cuMemHostAlloc", "cuMemcpyHtoDAsync", "cuMemcpyDtoHAsync", "cuLaunchHostFunc")
    assert {call: fake.count(call) for call in asked} == dict.fromkeys(asked, 0)
    # It would break a capture in another thread.
    assert fake.count("cuCtxSynchronize") == 0
    assert fake.count("cuCtxPushCurrent") == fake.count("cuCtxPopCurrent") == 10


def test_without_graphs_it_gives_the_same(model: Path, library: TrtLibrary, card: Card) -> None:
    plan = built(model, library, card)
    eager, graph = (TrtBackend(plan, "conv.onnx", library, card, graphs=graphs) for graphs in (False, True))
    for seed in range(3):
        feeds = numbers(eager, seed)
        np.testing.assert_allclose(eager.run(feeds)[0], graph.run(feeds)[0], rtol=1e-5, atol=1e-5)


def test_what_cannot_be_captured_runs_without_a_graph_and_says_so(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    backend = opened(model, library, card, FakePlan(cannot_be_captured=True))
    assert "runs without a CUDA graph" in backend.note
    fake.forget_counts()
    np.testing.assert_allclose(
        backend.run(numbers(backend))[0], OrtBackend(model).run(numbers(backend))[0], rtol=1e-4, atol=1e-5
    )
    assert fake.count("cuGraphLaunch") == 0


@pytest.mark.parametrize("call", ["cuStreamBeginCapture", "cuStreamEndCapture", "cuGraphInstantiate"])
def test_a_capture_that_fails_once_is_tried_again(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, call: str
) -> None:
    fake.fail(call, 1, 901)
    assert opened(model, library, card).note == ""
    fake.forget_counts()


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (b"garbage", "does not load the plan"),
        (b"", "does not load the plan"),
    ],
)
def test_a_damaged_plan_is_refused(library: TrtLibrary, card: Card, fake: FakeDriver, plan: bytes, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        TrtBackend(plan, "net.onnx", library, card)


def test_a_plan_that_does_not_fit_is_refused_before_it_is_loaded(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    fake.set_memory(100 << 20)
    with pytest.raises(ModelError, match="needs about 257 MB of the graphics card Fake GPU, where 100 MB are free"):
        opened(model, library, card)
    assert fake.count("cuMemAlloc") == 0


def test_working_memory_that_does_not_fit_is_refused_before_it_is_taken(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    fake.set_memory(300 << 20)
    with pytest.raises(ModelError, match="needs about 501 MB"):
        opened(model, library, card, FakePlan(working_bytes=500 << 20))


@pytest.mark.parametrize("nth", range(1, 8))
def test_memory_that_another_program_takes_meanwhile_is_an_error_that_leaves_nothing_behind(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, nth: int
) -> None:
    # Where pycuda asks it tries a second time, which works; TensorRT does not.
    fake.fail("cuMemAlloc", nth, OUT_OF_MEMORY)
    said = "Close other programs"
    try:
        opened(model, library, card)
    except ModelError as error:
        said = str(error)
    assert "Close other programs" in said
    # The fixture of the card looks at what is left behind.


@pytest.mark.parametrize("call", ["cuGraphLaunch", "cuEventRecord", "cuEventSynchronize", "cuCtxPushCurrent"])
def test_a_call_of_a_frame_that_fails_is_an_error_and_the_next_frame_works(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, call: str
) -> None:
    backend = opened(model, library, card)
    feeds = numbers(backend)
    expected = backend.run(feeds)[0].copy()
    fake.fail(call, 1, LAUNCH_FAILED)
    with pytest.raises(ModelError, match="Fake GPU failed"):
        backend.run(feeds)
    np.testing.assert_array_equal(backend.run(feeds)[0], expected)


def test_a_card_that_is_lost_in_a_frame_is_an_error(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    backend = opened(model, library, card)
    fake.fail("cuEventSynchronize", 1, LAUNCH_FAILED, sticky=True)
    for _ in range(2):
        with pytest.raises(ModelError, match="Fake GPU no longer answers"):
            backend.run(numbers(backend))


def test_a_tensor_of_another_kind_is_refused(tmp_path: Path, library: TrtLibrary, card: Card, fake: FakeDriver) -> None:
    model = doubling(tmp_path / "wide.onnx", (1, 3, "h", "w"))
    with pytest.raises(ModelError, match="cannot handle: x"):
        opened(model, library, card, _MANY)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("get_tensor_dtype", lambda module: module.DataType.INT64),
        ("get_tensor_location", lambda module: module.TensorLocation.HOST),
    ],
)
def test_a_tensor_that_the_app_cannot_feed_is_refused(
    model: Path,
    library: TrtLibrary,
    card: Card,
    fake: FakeDriver,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    said: Any,
) -> None:
    answer = said(library.module)
    monkeypatch.setattr(library.module.ICudaEngine, asked, lambda self, name: answer)
    with pytest.raises(ModelError, match="cannot handle"):
        opened(model, library, card)


@pytest.mark.parametrize(
    ("kind", "asked", "answer"),
    [
        ("ICudaEngine", "create_execution_context", None),
        ("IExecutionContext", "set_input_shape", False),
        ("IExecutionContext", "infer_shapes", ["x"]),
        ("IExecutionContext", "set_tensor_address", False),
        ("IExecutionContext", "get_tensor_shape", (2, 2)),
    ],
)
def test_what_tensorrt_refuses_is_an_error(
    model: Path,
    library: TrtLibrary,
    card: Card,
    fake: FakeDriver,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    asked: str,
    answer: object,
) -> None:
    # What it would have done is done, so that nothing but the answer tells.
    owner = getattr(library.module, kind)
    whole, calls = getattr(owner, asked), iter(range(100))

    def refuse(self: object, *given: object) -> object:
        done = whole(self, *given)
        return answer if next(calls) < (2 if asked == "get_tensor_shape" else 100) else done

    monkeypatch.setattr(owner, asked, refuse)
    with pytest.raises(ModelError, match="failed on the graphics card Fake GPU"):
        opened(model, library, card)


def test_a_warm_up_that_fails_is_noticed_when_it_is_opened(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    plan = built(model, library, card)
    fake.fail("cuEventSynchronize", 1, LAUNCH_FAILED)
    with pytest.raises(ModelError, match="Fake GPU failed"):
        TrtBackend(plan, "conv.onnx", library, card, graphs=False)


def test_a_graph_that_does_something_else_is_not_used(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(self: Lane, slot: Slot) -> CudaGraph:
        return self._stream.capture(lambda: None, slot)

    monkeypatch.setattr(Lane, "_captured", forgetful)
    backend = opened(model, library, card)
    assert "The CUDA graph of conv.onnx gives something else than the network" in backend.note
    np.testing.assert_allclose(
        backend.run(numbers(backend))[0], OrtBackend(model).run(numbers(backend))[0], rtol=1e-4, atol=1e-5
    )


def test_a_network_that_refuses_to_run_is_an_error(
    model: Path, library: TrtLibrary, card: Card, fake: FakeDriver
) -> None:
    backend = TrtBackend(built(model, library, card), "conv.onnx", library, card, graphs=False)
    fake.fail("cuLaunchHostFunc", 1, LAUNCH_FAILED)
    with pytest.raises(ModelError, match=r"conv\.onnx failed on the graphics card Fake GPU"):
        backend.run(numbers(backend))

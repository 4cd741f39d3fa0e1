"""Room: tests. A smaller file of a network: what must stay exact does, and nothing else is left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import Feeds
from mirror_app.runtime.convert import Making, convert
from mirror_app.runtime.convert_fp16 import norm_nodes, overflowing_nodes, to_fp16
from mirror_app.runtime.convert_int8 import to_int8
from mirror_app.runtime.ort import OrtBackend
from tests.runtime.nets import convolution, save_net
from tests.twins import architecture

MAKINGS: tuple[Making, ...] = (to_fp16, to_int8)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where programs put what they do not want to keep."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def swapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return architecture("inswapper_128", tmp_path_factory.mktemp("twins"), 1 / 32)


def some_feeds(model: Path, count: int = 2) -> list[dict[str, NDArray[np.float32]]]:
    rng = np.random.default_rng(1)
    specs = OrtBackend(model).inputs
    return [{spec.name: rng.random(spec.shape, np.float32) for spec in specs} for _ in range(count)]


@pytest.mark.parametrize(("making", "largest"), [(to_fp16, 0.01), (to_int8, 0.3)])
def test_a_swapper_stays_the_same_to_its_users(
    tmp_path: Path, swapper: Path, making: Making, largest: float, capfd: pytest.CaptureFixture[str]
) -> None:
    feeds = some_feeds(swapper)
    made = tmp_path / "smaller.onnx"
    convert(swapper, made, feeds, making)
    exact, smaller = OrtBackend(swapper), OrtBackend(made)
    assert (smaller.inputs, smaller.outputs) == (exact.inputs, exact.outputs)
    for feed in feeds:
        difference = np.abs(smaller.run(feed)[0] - exact.run(feed)[0])
        assert 0 < difference.max() < largest
    assert made.stat().st_size < 0.9 * swapper.stat().st_size
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("making", MAKINGS)
@pytest.mark.parametrize("emap_last", [True, False])
def test_the_table_for_identities_survives_as_it_is(tmp_path: Path, making: Making, emap_last: bool) -> None:
    model = architecture("inswapper_128", tmp_path, 1 / 64, emap_last=emap_last)
    made = tmp_path / "smaller.onnx"
    convert(model, made, some_feeds(model, 1), making)
    before, after = (
        next(one for one in onnx.load(path).graph.initializer if one.name == "buff2fs") for path in (model, made)
    )
    assert after.data_type == TensorProto.FLOAT
    np.testing.assert_array_equal(numpy_helper.to_array(after), numpy_helper.to_array(before))


def test_the_norms_of_a_swapper_are_computed_in_full_precision(tmp_path: Path, swapper: Path) -> None:
    made = tmp_path / "half.onnx"
    convert(swapper, made, some_feeds(swapper, 1), to_fp16)
    model = onnx.load(made)
    onnx.checker.check_model(model)
    shaped = onnx.shape_inference.infer_shapes(model).graph
    kinds = {one.name: one.type.tensor_type.elem_type for one in shaped.value_info}
    norms = norm_nodes(model)
    roots = [node for node in model.graph.node if node.op_type == "Sqrt"]
    assert len(roots) == 12
    assert {kinds[name] for node in model.graph.node if node.name in norms for name in node.output} == {
        TensorProto.FLOAT
    }
    convolutions = [node.output[0] for node in model.graph.node if node.op_type == "Conv"]
    assert {kinds[name] for name in convolutions} == {TensorProto.FLOAT16}


def test_numbers_too_small_for_half_precision_are_normalised_well(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["m"], axes=[2], keepdims=1),
        helper.make_node("Sub", ["x", "m"], ["d"]),
        helper.make_node("Mul", ["d", "d"], ["q"]),
        helper.make_node("ReduceMean", ["q"], ["v"], axes=[2], keepdims=1),
        helper.make_node("Add", ["v", "tiny"], ["e"]),
        helper.make_node("Sqrt", ["e"], ["r"]),
        helper.make_node("Div", ["d", "r"], ["y"]),
    ]
    model = save_net(
        tmp_path / "norm.onnx", nodes, {"x": (1, 2, 64)}, {"y": (1, 2, 64)}, {"tiny": np.array(1e-14, np.float32)}
    )
    feeds = {"x": np.random.default_rng(2).normal(size=(1, 2, 64)).astype(np.float32) * np.float32(1e-4)}
    made = tmp_path / "half.onnx"
    convert(model, made, [feeds], to_fp16)
    np.testing.assert_allclose(OrtBackend(made).run(feeds)[0], OrtBackend(model).run(feeds)[0], atol=5e-3)


def test_what_overflows_half_precision_stays_in_full(tmp_path: Path) -> None:
    factors = {"up": np.array(1e4, np.float32), "down": np.array(1e-8, np.float32)}
    nodes = [
        helper.make_node("Mul", ["x", "up"], ["a"]),
        helper.make_node("Mul", ["a", "up"], ["b"]),
        helper.make_node("Mul", ["b", "down"], ["c"]),
        helper.make_node("Relu", ["c"], ["y"]),
    ]
    model = save_net(tmp_path / "large.onnx", nodes, {"x": (1, 4)}, {"y": (1, 4)}, factors)
    feeds = {"x": np.array([[0.5, 1, 2, 3]], np.float32)}
    made = tmp_path / "half.onnx"
    convert(model, made, [feeds], to_fp16)
    np.testing.assert_allclose(OrtBackend(made).run(feeds)[0], feeds["x"], rtol=2e-3)


def test_a_node_is_kept_exact_only_where_some_sample_needs_it(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Mul", ["x", "up"], ["a"], name="first"),
        helper.make_node("Relu", ["a"], ["b"], name="second"),
        helper.make_node("Mul", ["x", "x"], ["c"], name="other"),
        helper.make_node("Add", ["b", "c"], ["y"], name="last"),
    ]
    proto = onnx.load(
        save_net(tmp_path / "n.onnx", nodes, {"x": (1,)}, {"y": (1,)}, {"up": np.array(1000, np.float32)})
    )
    small, large = {"x": np.array([2], np.float32)}, {"x": np.array([100], np.float32)}
    assert overflowing_nodes(proto, [small], tmp_path) == set()
    assert overflowing_nodes(proto, [small, large], tmp_path) == {"first", "second", "last"}


def _failing(error: BaseException) -> Making:
    def making(proto: onnx.ModelProto, samples: Sequence[Feeds], folder: Path) -> onnx.ModelProto:
        (folder / "half finished.onnx").write_bytes(b"half")
        raise error

    return making


@pytest.mark.parametrize(
    ("making", "raised"),
    [
        (to_fp16, None),
        (to_int8, None),
        (_failing(ValueError("no such node")), ModelError),
        (_failing(KeyboardInterrupt()), KeyboardInterrupt),
        (_failing(OSError(28, "No space left on device")), OSError),
    ],
    ids=["fp16", "int8", "tool fails", "Ctrl-C", "full disk"],
)
def test_nothing_else_is_left_behind(
    tmp_path: Path, temporary: Path, making: Making, raised: type[BaseException] | None
) -> None:
    folder = tmp_path / "模型"
    folder.mkdir()
    model = convolution(folder / "net.onnx")
    before, feeds = model.read_bytes(), some_feeds(model)
    made = tmp_path / "made" / "smaller.onnx"
    made.parent.mkdir()
    if raised is None:
        convert(model, made, feeds, making)
    else:
        with pytest.raises(raised):
            convert(model, made, feeds, making)
    assert list(made.parent.iterdir()) == ([made] if raised is None else [])
    assert list(temporary.iterdir()) == []
    assert list(folder.iterdir()) == [model]
    assert model.read_bytes() == before


def test_a_network_that_the_tools_do_not_know_is_named_with_the_reason(tmp_path: Path) -> None:
    model = convolution(tmp_path / "net.onnx")
    with pytest.raises(ModelError, match=r"net\.onnx cannot be converted: .*no such node"):
        convert(model, tmp_path / "made.onnx", [], _failing(ValueError("no such node")))


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    path = convolution(tmp_path / "net.onnx")
    onnx.save(onnx.load(path), path, save_as_external_data=True, location="weights.bin", size_threshold=300)
    with pytest.raises(ModelError, match="keeps its weights in other files"):
        convert(path, tmp_path / "made.onnx", [], to_fp16)

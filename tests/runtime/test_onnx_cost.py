"""Room: tests. What small networks cost, against numbers reckoned by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.network_cost import NetworkCost
from mirror_app.runtime.onnx_cost import cost_of
from tests.runtime.nets import Shape, save_net


def one_node(
    path: Path, kind: str, x: Shape, y: Shape, weights: Mapping[str, tuple[int, ...]], **attributes: Any
) -> Path:
    node = helper.make_node(kind, ["x", *weights], ["y"], **attributes)
    values = {name: np.zeros(shape, np.float32) for name, shape in weights.items()}
    return save_net(path, [node], {"x": x}, {"y": y}, values)


@pytest.mark.parametrize(
    ("kind", "x", "y", "weights", "attributes", "macs", "learnt"),
    [
        # 4 channels of 8 x 8, each of 3 x 3 x 3 products.
        ("Conv", (1, 3, 8, 8), (1, 4, 8, 8), {"w": (4, 3, 3, 3)}, {"pads": [1] * 4}, 256 * 27, 108),
        ("Conv", (1, 3, 8, 8), (1, 4, 8, 8), {"w": (4, 3, 3, 3), "b": (4,)}, {"pads": [1] * 4}, 256 * 27, 112),
        # The stride leaves a quarter of the places.
        ("Conv", (1, 3, 8, 8), (1, 4, 4, 4), {"w": (4, 3, 2, 2)}, {"strides": [2, 2]}, 64 * 12, 48),
        # Two groups: each output sees half of the four channels.
        ("Conv", (1, 4, 8, 8), (1, 6, 8, 8), {"w": (6, 2, 1, 1)}, {"group": 2}, 384 * 2, 12),
        # Each channel by itself.
        ("Conv", (1, 4, 8, 8), (1, 4, 6, 6), {"w": (4, 1, 3, 3)}, {"group": 4}, 144 * 9, 36),
        ("Conv", (1, 2, 10), (1, 3, 8), {"w": (3, 2, 3)}, {}, 24 * 6, 18),
        # Every number that goes in is multiplied with 5 x 2 x 2 weights.
        ("ConvTranspose", (1, 3, 4, 4), (1, 5, 8, 8), {"w": (3, 5, 2, 2)}, {"strides": [2, 2]}, 48 * 20, 60),
        ("Gemm", (1, 16), (1, 5), {"w": (16, 5), "b": (5,)}, {}, 80, 85),
        ("Gemm", (1, 16), (1, 5), {"w": (5, 16)}, {"transB": 1}, 80, 80),
        ("MatMul", (1, 7, 16), (1, 7, 5), {"w": (16, 5)}, {}, 7 * 80, 80),
        ("Relu", (1, 3, 8, 8), (1, 3, 8, 8), {}, {}, 0, 0),
    ],
)
def test_multiplications_and_weights_are_those_reckoned_by_hand(
    tmp_path: Path,
    kind: str,
    x: Shape,
    y: Shape,
    weights: dict[str, tuple[int, ...]],
    attributes: dict[str, Any],
    macs: int,
    learnt: int,
) -> None:
    cost = cost_of(one_node(tmp_path / "net.onnx", kind, x, y, weights, **attributes), {"x": tuple(map(int, x[1:]))})
    assert (cost.macs, cost.weights) == (macs, learnt)
    ports = int(np.prod(np.array(x, int))), int(np.prod(np.array(y, int)))
    assert (cost.inputs, cost.outputs) == ports
    assert cost.moved == cost.peak == sum(ports)


@pytest.mark.parametrize("batch", ["n", 1, 4])
def test_a_network_of_any_batch_is_counted_for_one_face(tmp_path: Path, batch: int | str) -> None:
    nodes = [helper.make_node("Gemm", ["x", "w"], ["y"])]
    path = save_net(tmp_path / "net.onnx", nodes, {"x": (batch, 6)}, {"y": (batch, 2)}, {"w": np.zeros((6, 2), "f4")})
    assert cost_of(path, {"x": (6,)}) == NetworkCost(macs=12, weights=12, inputs=6, outputs=2, moved=8, peak=8)


def test_a_picture_of_any_size_is_counted_at_the_size_it_is_fed(tmp_path: Path) -> None:
    path = one_node(tmp_path / "net.onnx", "Conv", (1, 3, "h", "w"), (1, 2, "h", "w"), {"w1": (2, 3, 1, 1)})
    assert cost_of(path, {"": (3, 10, 20)}).macs == 200 * 6


def chain(path: Path, *nodes: onnx.NodeProto, **weights: tuple[int, ...]) -> NetworkCost:
    values = {name: np.zeros(shape, np.float32) for name, shape in weights.items()}
    return cost_of(save_net(path, list(nodes), {"x": (1, 2, 4, 4)}, {"y": (1, 2, 4, 4)}, values), {"x": (2, 4, 4)})


def test_what_works_number_by_number_is_done_in_the_step_before(tmp_path: Path) -> None:
    conv = helper.make_node("Conv", ["x", "w"], ["a"])
    plain = chain(
        tmp_path / "a.onnx", conv, helper.make_node("Relu", ["a"], ["b"]), helper.make_node("Identity", ["b"], ["y"]),
        w=(2, 2, 1, 1),
    )  # fmt: skip
    assert (plain.moved, plain.peak) == (64, 64)


def test_what_is_read_again_later_is_kept_and_moved_again(tmp_path: Path) -> None:
    """x to a (read 32, write 32); a to b (32, 32), where x joins by addition (32 more)."""
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"]),
        helper.make_node("Conv", ["a", "w"], ["b"]),
        helper.make_node("Add", ["b", "x"], ["y"]),
    ]
    cost = chain(tmp_path / "net.onnx", *nodes, w=(2, 2, 1, 1))
    assert (cost.moved, cost.peak) == (5 * 32, 3 * 32)


def test_a_weight_that_nothing_reads_is_not_counted(tmp_path: Path) -> None:
    cost = chain(tmp_path / "net.onnx", helper.make_node("Relu", ["x"], ["y"]), idle=(512, 512))
    assert cost.weights == 0


@pytest.mark.parametrize(
    ("shapes", "why"),
    [({"x": (3, 8)}, "3 dimensions, not 4|4 dimensions, not 3"), ({}, "4 dimensions, not 1")],
)
def test_inputs_of_other_shapes_are_refused(tmp_path: Path, shapes: dict[str, tuple[int, ...]], why: str) -> None:
    path = one_node(tmp_path / "net.onnx", "Relu", (1, 3, 8, 8), (1, 3, 8, 8), {})
    with pytest.raises(ModelError, match=why):
        cost_of(path, shapes)


def test_a_size_that_depends_on_the_numbers_cannot_be_counted(tmp_path: Path) -> None:
    nodes = [helper.make_node("NonZero", ["x"], ["a"]), helper.make_node("Cast", ["a"], ["y"], to=1)]
    path = save_net(tmp_path / "net.onnx", nodes, {"x": (1, 3)}, {"y": (2, "n")})
    with pytest.raises(ModelError, match="not fixed"):
        cost_of(path, {"x": (3,)})


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"\xff\xffno network")
    with pytest.raises(ModelError, match=r"net\.onnx costs cannot be counted"):
        cost_of(tmp_path / "net.onnx", {})

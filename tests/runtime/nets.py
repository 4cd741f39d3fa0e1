"""Room: tests. Small ONNX networks made on the spot, for tests of how networks are run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Shape = Sequence[int | str]


def save_net(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: dict[str, Shape],
    outputs: dict[str, Shape],
    weights: Mapping[str, NDArray[Any]] | None = None,
    kind: int = TensorProto.FLOAT,
) -> Path:
    """Write a network; every input and output is of one kind."""
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(np.asarray(values), name) for name, values in (weights or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def doubling(path: Path, shape: Shape, out_shape: Shape | None = None, kind: int = TensorProto.FLOAT) -> Path:
    """y = 2 x."""
    two = np.array(2, np.float16 if kind == TensorProto.FLOAT16 else np.float32)
    node = helper.make_node("Mul", ["x", "two"], ["y"])
    return save_net(path, [node], {"x": shape}, {"y": out_shape or shape}, {"two": two}, kind)


def convolution(path: Path, side: int = 8) -> Path:
    """y = conv(x) * s: a fixed batch of one that only stands in the graph's inputs and outputs."""
    rng = np.random.default_rng(3)
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Gemm", ["s", "g"], ["style"]),
        helper.make_node("Unsqueeze", ["style", "axes"], ["wide"]),
        helper.make_node("Mul", ["c", "wide"], ["y"]),
    ]
    weights: dict[str, NDArray[Any]] = {
        "w": rng.normal(size=(3, 3, 3, 3)).astype(np.float32),
        "g": rng.normal(size=(16, 3)).astype(np.float32),
        "axes": np.array([2, 3], np.int64),
    }
    return save_net(path, nodes, {"x": (1, 3, side, side), "s": (1, 16)}, {"y": (1, 3, side, side)}, weights)


def baked_reshape(path: Path) -> Path:
    """y = x put into a row of fixed length: a batch of one is written into the graph."""
    node = helper.make_node("Reshape", ["x", "row"], ["y"])
    return save_net(path, [node], {"x": (1, 3, 4)}, {"y": (1, 12)}, {"row": np.array([1, 12], np.int64)})


def mixing(path: Path) -> Path:
    """y = x less its mean over everything, the batch too: two at once come out differently, without an error."""
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["m"], axes=[0, 1, 2], keepdims=1),
        helper.make_node("Sub", ["x", "m"], ["y"]),
    ]
    return save_net(path, nodes, {"x": (1, 3, 4)}, {"y": (1, 3, 4)})

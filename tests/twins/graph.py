"""Room: tests. Builds small ONNX files node by node. Knows operators, not models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_OPSET = 17
_IR_VERSION = 8


class Graph:
    """An ONNX graph in the making; tensors are known by their names.

    Node names start with "step": insightface guesses a network's input range from names that start with "Sub", "Mul"
    or "bn_data".
    """

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._constants: list[onnx.TensorProto] = []

    def input(self, name: str, shape: Sequence[int | str]) -> str:
        """Declare a float32 input; -1 or a word where any size fits."""
        self._inputs.append(_info(name, shape))
        return name

    def output(self, tensor: str, name: str, shape: Sequence[int | str]) -> None:
        """Give a tensor out under a name."""
        self._outputs.append(_info(name, shape))
        self._nodes.append(helper.make_node("Identity", [tensor], [name], name=f"step{len(self._nodes)}"))

    def constant(self, values: NDArray[np.generic] | Sequence[float] | float, name: str = "") -> str:
        """A constant; Python numbers become float32."""
        array = values if isinstance(values, np.ndarray) else np.array(values, np.float32)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = name or f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def integers(self, *values: int) -> str:
        """A constant list of int64, as shapes, axes and pads are given."""
        return self.constant(np.array(values, np.int64))

    def op(self, kind: str, *inputs: str, name: str = "", **attributes: object) -> str:
        """Add an operator with one output; returns that tensor."""
        tensor = f"tensor{len(self._nodes)}"
        node_name = name or f"step{len(self._nodes)}"
        node = helper.make_node(kind, list(inputs), [tensor], name=node_name)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(attributes.items()))
        self._nodes.append(node)
        return tensor

    def split(self, tensor: str, axis: int, *sizes: int) -> list[str]:
        """Cut a tensor along an axis."""
        names = [f"tensor{len(self._nodes)}_{part}" for part in range(len(sizes))]
        step = f"step{len(self._nodes)}"
        self._nodes.append(helper.make_node("Split", [tensor, self.integers(*sizes)], names, name=step, axis=axis))
        return names

    def save(self, path: Path) -> Path:
        """Check the graph and write it; returns the path."""
        graph = helper.make_graph(self._nodes, "twin", self._inputs, self._outputs, self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        onnx.checker.check_model(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, path)
        return path


def _info(name: str, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
    free = [f"{name}_{axis}" if size == -1 else size for axis, size in enumerate(shape)]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, free)

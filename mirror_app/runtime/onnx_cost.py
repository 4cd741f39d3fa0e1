"""Room: runtime. What one run of an ONNX network costs at least, counted from its graph. Runs nothing.

Counted are multiplications with an addition (convolutions, matrix products) and the numbers that are read and written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Final

import onnx
from onnx import TensorProto, shape_inference
from onnx.helper import get_node_attr_value

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.network_cost import NetworkCost

Shape = tuple[int, ...]

_HEAVY: Final = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul"})
_VIEWS: Final = frozenset({"Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Constant", "Shape", "Dropout"})
"""Move nothing: another name or shape for the same numbers."""
_FUSED: Final = frozenset(
    {"Abs", "Add", "BatchNormalization", "Cast", "Clip", "Div", "Elu", "Exp", "HardSigmoid", "HardSwish", "LeakyRelu"}
    | {"Log", "Max", "Min", "Mul", "Neg", "PRelu", "Pow", "Relu", "Sigmoid", "Softplus", "Sqrt", "Sub", "Tanh", "Where"}
    | {"DequantizeLinear", "QuantizeLinear"}
)
"""Work number by number: builders do them in the step before, where that step's result has no other reader."""
_WEIGHT_KINDS: Final = frozenset({TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.INT8})
# Shapes, axes and pads are shorter; larger tensors are only weights, and their values play no part in the shapes.
_KEPT_VALUES: Final = 256


def cost_of(path: Path, shapes: Mapping[str, Shape]) -> NetworkCost:
    """Count a network.

    Args:
        path: Its file; all in one.
        shapes: Of each input, without the batch; "" stands for the only one.

    Raises:
        ModelError: The file cannot be read, or its shapes depend on what it is fed.
    """
    try:
        model = onnx.load(path, load_external_data=False)
        _fix_inputs(model.graph, shapes)
        _drop_values(model.graph)
        model = shape_inference.infer_shapes(model, data_prop=True)
    # Also what protobuf raises, whose tree of errors begins at Exception.
    except Exception as error:
        raise ModelError("What {name} costs cannot be counted: {why}", name=path.name, why=error) from error
    return _Count(model.graph, path.name).cost()


def _fix_inputs(graph: onnx.GraphProto, shapes: Mapping[str, Shape]) -> None:
    """One face per run, in the given shapes; what was noted of other shapes along the way is dropped."""
    weights = {tensor.name for tensor in graph.initializer}
    for value in graph.input:
        if value.name not in weights:
            _set(value, (1, *shapes.get(value.name, shapes.get("", ()))))
    for value in graph.output:
        value.type.tensor_type.ClearField("shape")
    del graph.value_info[:]


def _set(value: onnx.ValueInfoProto, sizes: Shape) -> None:
    dims = value.type.tensor_type.shape.dim
    if len(dims) != len(sizes):
        raise ValueError(f"the input {value.name} has {len(dims)} dimensions, not {len(sizes)}")
    for dim, size in zip(dims, sizes, strict=True):
        dim.dim_value = size


def _drop_values(graph: onnx.GraphProto) -> None:
    """Keep the sizes of weights only: half a gigabyte would be copied."""
    for tensor in graph.initializer:
        if prod(tensor.dims) > _KEPT_VALUES:
            for field in ("raw_data", "float_data", "int32_data"):
                tensor.ClearField(field)


class _Count:
    """The tensors of a graph and what its nodes do with them."""

    def __init__(self, graph: onnx.GraphProto, name: str) -> None:
        self._graph, self._name = graph, name
        self._constants = {tensor.name: tensor for tensor in _constants(graph)}
        values = (*graph.input, *graph.value_info, *graph.output)
        self._shapes = {value.name: _sizes(value) for value in values if value.name not in self._constants}
        self._inputs = [value.name for value in graph.input if value.name not in self._constants]
        self._outputs = [value.name for value in graph.output]
        self._alias: dict[str, str] = {}
        for node in graph.node:
            if node.op_type in _VIEWS and node.input:
                self._alias[node.output[0]] = self._root(node.input[0])
        readers = (self._root(name) for node in graph.node if node.op_type not in _VIEWS for name in node.input)
        self._readers = Counter([*readers, *(self._root(name) for name in self._outputs)])

    def cost(self) -> NetworkCost:
        used = {name for node in self._graph.node for name in node.input}
        return NetworkCost(
            macs=sum(self._macs(node) for node in self._graph.node if node.op_type in _HEAVY),
            weights=sum(
                prod(tensor.dims)
                for name, tensor in self._constants.items()
                if name in used and tensor.data_type in _WEIGHT_KINDS
            ),
            inputs=sum(map(self._size, self._inputs)),
            outputs=sum(map(self._size, self._outputs)),
            moved=self._moved(),
            peak=self._peak(),
        )

    def _macs(self, node: onnx.NodeProto) -> int:
        first, second = (self._shape(name) for name in node.input[:2])
        if node.op_type == "Conv":
            return self._size(node.output[0]) * prod(second[1:])
        if node.op_type == "ConvTranspose":
            return prod(first) * prod(second[1:])
        across = first[0] if node.op_type == "Gemm" and _number(node, "transA", 0) else first[-1]
        return self._size(node.output[0]) * across

    def _steps(self) -> Iterator[tuple[list[str], list[str]]]:
        """What each step reads and writes, in order; a step ends where a number-by-number node cannot join it."""
        reads: list[str] = []
        writes: list[str] = []
        for node in self._graph.node:
            if node.op_type in _VIEWS:
                continue
            comes = [self._root(name) for name in node.input if self._is_moved(name)]
            joins = [name for name in comes if name in writes and self._readers[name] == 1]
            if node.op_type in _FUSED and joins:
                reads += [name for name in comes if name not in joins and name not in reads]
                writes = [name for name in writes if name not in joins]
            else:
                yield reads, writes
                reads, writes = list(dict.fromkeys(comes)), []
            writes += [name for name in node.output if name]
        yield reads, writes

    def _moved(self) -> int:
        return sum(self._size(name) for reads, writes in self._steps() for name in (*reads, *writes))

    def _peak(self) -> int:
        """The most that is there at once, when everything is let go of after its last reader."""
        steps = list(self._steps())
        last = {name: number for number, (reads, _) in enumerate(steps) for name in reads}
        last |= {self._root(name): len(steps) for name in self._outputs}
        there = {self._root(name) for name in self._inputs}
        most = sum(map(self._size, there))
        for number, (_, writes) in enumerate(steps):
            there |= set(writes)
            most = max(most, sum(map(self._size, there)))
            there = {name for name in there if last.get(name, -1) > number}
        return most

    def _is_moved(self, name: str) -> bool:
        """Whether it is a tensor that comes from the input; what only constants go into is worked out beforehand."""
        return bool(name) and self._root(name) not in self._constants

    def _root(self, name: str) -> str:
        return self._alias.get(name, name)

    def _size(self, name: str) -> int:
        return prod(self._shape(name))

    def _shape(self, name: str) -> Shape:
        if name in self._constants:
            return tuple(self._constants[name].dims)
        sizes = self._shapes.get(name)
        if sizes is None:
            raise ModelError(
                "What {name} costs cannot be counted: {why}", name=self._name, why=f"the size of {name} is not fixed"
            )
        return sizes


def _number(node: onnx.NodeProto, name: str, usual: int) -> int:
    """A whole number among a node's attributes."""
    named = any(attribute.name == name for attribute in node.attribute)
    return int(get_node_attr_value(node, name)) if named else usual


def _constants(graph: onnx.GraphProto) -> Iterator[TensorProto]:
    """Initialisers, and the same written as nodes, under the names by which they are read."""
    yield from graph.initializer
    for node in graph.node:
        if node.op_type == "Constant" and any(attribute.name == "value" for attribute in node.attribute):
            tensor = TensorProto()
            tensor.CopyFrom(get_node_attr_value(node, "value"))
            tensor.name = node.output[0]
            yield tensor


def _sizes(value: onnx.ValueInfoProto) -> Shape | None:
    """Its shape; None where any size is open."""
    if not value.type.tensor_type.HasField("shape"):
        return None
    dims: Sequence[onnx.TensorShapeProto.Dimension] = value.type.tensor_type.shape.dim
    return tuple(dim.dim_value for dim in dims) if all(dim.HasField("dim_value") for dim in dims) else None

"""Room: runtime. An INT8 network rewritten for TensorRT, whose 8-bit numbers lie evenly around zero. Writes no file.

TensorRT takes 8-bit numbers without zero points and adds biases in floating point. The ranges stay those that the file
was calibrated with.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

_STEPS: Final = ("QuantizeLinear", "DequantizeLinear")
_LARGEST: Final = 127


def evened(proto: onnx.ModelProto) -> onnx.ModelProto:
    """The network with signed numbers around zero; it is changed in place and returned."""
    graph = proto.graph
    weights = {weight.name: weight for weight in graph.initializer}
    made: dict[str, onnx.TensorProto] = {}
    nodes = []
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and _is_kind(weights, node.input[0], TensorProto.INT32):
            made[node.output[0]] = _bias(node, weights)
            continue
        if node.op_type in _STEPS and len(node.input) == 3 and _is_kind(weights, node.input[2], TensorProto.UINT8):
            scale, zero = _even_range(weights[node.input[1]], weights[node.input[2]])
            node.input[1], node.input[2] = scale.name, zero.name
            made |= {scale.name: scale, zero.name: zero}
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(made.values())
    used = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
    needed = [weight for weight in graph.initializer if weight.name in used]
    del graph.initializer[:]
    graph.initializer.extend(needed)
    # What was noted of tensors still says that they are unsigned.
    del graph.value_info[:]
    return proto


def _is_kind(weights: dict[str, onnx.TensorProto], name: str, kind: int) -> bool:
    return name in weights and weights[name].data_type == kind


def _bias(node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]) -> onnx.TensorProto:
    """The constant that the node would make: whole numbers times a step for each channel."""
    whole, step = (numpy_helper.to_array(weights[name]) for name in node.input[:2])
    return numpy_helper.from_array(np.asarray(whole * step, np.float32), node.output[0])


def _even_range(scale: onnx.TensorProto, zero: onnx.TensorProto) -> tuple[onnx.TensorProto, onnx.TensorProto]:
    """A step and a zero for -127..127 that reach as far as 0..255 did on the wider side of its zero point."""
    step = numpy_helper.to_array(scale)
    point = numpy_helper.to_array(zero).astype(np.int32)
    wider = np.maximum(point, np.iinfo(np.uint8).max - point)
    even = np.asarray(step * wider / _LARGEST, step.dtype)
    return (
        numpy_helper.from_array(even, f"{scale.name}_even"),
        numpy_helper.from_array(np.zeros(point.shape, np.int8), f"{zero.name}_even"),
    )

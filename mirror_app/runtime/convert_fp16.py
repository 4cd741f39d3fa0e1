"""Room: runtime. A network in half precision, except where that would lose it. Writes no file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
from onnxruntime.transformers.onnx_model import OnnxModel

from mirror_app.runtime.backend import Feeds
from mirror_app.runtime.convert import loaded, named_nodes

# Largest number that half precision is trusted with: a quarter of what it can hold (65504), because other pictures
# give larger numbers than the samples did.
_LARGEST: Final = 65504 / 4
# Of the time: measured with inswapper's layers at half their width.
_LOADED: Final = 0.15
_RUN: Final = 0.75
# Sums, squares and quotients of many numbers: what normalising consists of.
_NORMS: Final = (
    "InstanceNormalization", "LayerNormalization", "GroupNormalization", "LpNormalization",
    "MeanVarianceNormalization", "ReduceMean", "ReduceSum", "ReduceSumSquare", "ReduceL2", "Sqrt", "Reciprocal",
    "Softmax", "LogSoftmax", "Exp", "Log", "Pow",
)  # fmt: skip
# Between a norm's mean and its root, or right behind the root, these are steps of the norm too.
_NORM_STEPS: Final = frozenset({"Add", "Sub", "Mul", "Div", *_NORMS})


def to_fp16(
    proto: onnx.ModelProto,
    samples: Sequence[Feeds],
    folder: Path,
    kept_operators: Sequence[str] = (),
    tell: Callable[[float], None] = lambda _: None,
) -> onnx.ModelProto:
    """The network with halved weights; its inputs and outputs stay FP32.

    Args:
        proto: The FP32 network; its nodes get names.
        samples: Inputs like those it will get: what gives large numbers for one of them stays FP32.
        folder: For a file that is no longer needed afterwards.
        kept_operators: Kinds of nodes that stay FP32 besides.
        tell: Called with how much is done, 0..1.
    """
    named_nodes(proto)
    kept = norm_nodes(proto) | overflowing_nodes(proto, samples, folder, tell)
    half: onnx.ModelProto = convert_float_to_float16(
        proto,
        keep_io_types=True,
        op_block_list=[*DEFAULT_OP_BLOCK_LIST, *_NORMS, *kept_operators],
        node_block_list=sorted(kept),
    )
    _join_casts(half.graph)
    OnnxModel(half).topological_sort()
    tell(1.0)
    return half


def norm_nodes(proto: onnx.ModelProto) -> set[str]:
    """Names of the nodes of norms that are spelled out: x less its mean, the square's mean, its root, the quotient."""
    makers = {name: node for node in proto.graph.node for name in node.output}
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in proto.graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    found: set[str] = set()
    for root in (node for node in proto.graph.node if node.op_type in ("Sqrt", "Pow", "ReduceL2")):
        waiting = [root]
        while waiting:
            node = waiting.pop()
            found.add(node.name)
            before = (makers[name] for name in node.input if name in makers)
            waiting += [one for one in before if one.op_type in _NORM_STEPS and one.name not in found]
        behind = [one for name in root.output for one in users.get(name, ()) if one.op_type in _NORM_STEPS]
        found |= {one.name for one in behind}
    return found


def overflowing_nodes(
    proto: onnx.ModelProto, samples: Sequence[Feeds], folder: Path, tell: Callable[[float], None] = lambda _: None
) -> set[str]:
    """Names of the nodes that make or take numbers too large for half precision, with any of the samples.

    See `to_fp16` for the arguments.
    """
    largest = {
        weight.name: float(np.abs(numpy_helper.to_array(weight)).max(initial=0))
        for weight in proto.graph.initializer
        if weight.data_type == TensorProto.FLOAT
    }
    largest |= _largest_activations(proto, samples, folder, tell)
    too_large = {name for name, value in largest.items() if not value <= _LARGEST}
    return {node.name for node in proto.graph.node if too_large.intersection((*node.input, *node.output))}


def _largest_activations(
    proto: onnx.ModelProto, samples: Sequence[Feeds], folder: Path, tell: Callable[[float], None]
) -> dict[str, float]:
    """The largest magnitude of every float tensor: the network tells them itself, as further outputs of one number."""
    inferred = onnx.shape_inference.infer_shapes(proto).graph
    known = {one.name: one for one in (*inferred.value_info, *inferred.output)}
    made = [name for node in proto.graph.node for name in node.output if name in known]
    floats = [name for name in made if known[name].type.tensor_type.elem_type == TensorProto.FLOAT]
    telling = onnx.ModelProto()
    telling.CopyFrom(proto)
    for index, name in enumerate(floats):
        size, one = f"{name}_size", f"{name}_largest"
        telling.graph.node.append(helper.make_node("Abs", [name], [size], name=f"Abs_{index}_told"))
        telling.graph.node.append(helper.make_node("ReduceMax", [size], [one], name=f"Max_{index}_told", keepdims=0))
        telling.graph.output.append(helper.make_tensor_value_info(one, TensorProto.FLOAT, []))
    model = folder / "telling.onnx"
    onnx.save(telling, model)
    del telling
    session = loaded(model)
    all_told = []
    for number, sample in enumerate(samples):
        tell(_LOADED + (_RUN - _LOADED) * number / len(samples))
        all_told.append(session.run([f"{name}_largest" for name in floats], dict(sample)))
    tell(_RUN)
    return {name: max(float(values[index]) for values in all_told) for index, name in enumerate(floats)}


def _join_casts(graph: onnx.GraphProto) -> None:
    """Lead numbers from one FP32 node straight to the next: the tool halves them in between, which loses them.

    It also casts a number anew for every node that takes it, under the same name, which ONNX Runtime refuses.
    """
    makers = {name: node for node in graph.node for name in node.output}
    casts = [node for node in graph.node if _casts_to(node, TensorProto.FLOAT) and node.input[0] in makers]
    whole = {node.output[0]: makers[node.input[0]] for node in casts}
    instead = {name: half.input[0] for name, half in whole.items() if _casts_to(half, TensorProto.FLOAT16)}
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = instead.get(name, name)
    needed = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
    nodes = [node for node in graph.node if node.op_type != "Cast" or node.output[0] in needed]
    once = {node.output[0] or node.name: node for node in nodes}
    del graph.node[:]
    graph.node.extend(once.values())
    shapes = {one.name: one for one in graph.value_info}
    del graph.value_info[:]
    graph.value_info.extend(shapes.values())


def _casts_to(node: onnx.NodeProto, kind: int) -> bool:
    return node.op_type == "Cast" and any(one.name == "to" and one.i == kind for one in node.attribute)

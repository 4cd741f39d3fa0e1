"""Room: runtime. A network whose multiplications run on 8-bit numbers. Writes only into the folder it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.quant_utils import add_pre_process_metadata

from mirror_app.runtime.backend import Feeds
from mirror_app.runtime.convert import named_nodes

# Nearly all of a network's work. Everything else, norms first, stays FP32.
_MULTIPLICATIONS: Final = ("Conv", "Gemm", "MatMul")


def to_int8(proto: onnx.ModelProto, samples: Sequence[Feeds], folder: Path) -> onnx.ModelProto:
    """The network with its multiplications between steps that quantise and dequantise (QDQ), each channel for itself.

    Args:
        proto: The FP32 network; its nodes get names.
        samples: Inputs like those it will get: the ranges of its numbers are theirs.
        folder: For the tool's own files.
    """
    named_nodes(proto)
    shaped = onnx.shape_inference.infer_shapes(proto)
    # Without this mark the tool warns that shapes may be missing.
    add_pre_process_metadata(shaped)
    model, made = folder / "shaped.onnx", folder / "int8.onnx"
    onnx.save(shaped, model)
    quantize_static(
        str(model),
        str(made),
        _Reader(samples),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=list(_MULTIPLICATIONS),
        nodes_to_exclude=sorted(edge_nodes(shaped.graph)),
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return onnx.load(made)


def edge_nodes(graph: onnx.GraphProto) -> set[str]:
    """Names of the first and the last multiplications: they cost little time, and what they lose is lost for good."""
    makers = {name: [node] for node in graph.node for name in node.output}
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    first = _nearest([one.name for one in graph.input], users, lambda node: node.output)
    return first | _nearest([one.name for one in graph.output], makers, lambda node: node.input)


def _nearest(
    names: Sequence[str],
    next_to: Mapping[str, Sequence[onnx.NodeProto]],
    onwards: Callable[[onnx.NodeProto], Iterable[str]],
) -> set[str]:
    """The multiplications met first on every way from these tensors."""
    found: set[str] = set()
    waiting, seen = list(names), set(names)
    while waiting:
        for node in next_to.get(waiting.pop(), ()):
            if node.op_type in _MULTIPLICATIONS:
                found.add(node.name)
                continue
            new = set(onwards(node)) - seen
            seen |= new
            waiting += new
    return found


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """Hands the samples out one by one, as the tool wants them."""

    def __init__(self, samples: Sequence[Feeds]) -> None:
        self._left: Iterator[Feeds] = iter(samples)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next sample, None after the last."""
        sample: Any = next(self._left, None)
        return None if sample is None else dict(sample)

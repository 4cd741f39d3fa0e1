"""Room: runtime. Makes smaller files of a network: FP16 and INT8. Judges nothing, leaves nothing else behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import onnx
import onnxruntime

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import Feeds

Making = Callable[[onnx.ModelProto, Sequence[Feeds], Path], onnx.ModelProto]
"""From a network and inputs to learn from to a smaller network; may write into the folder."""

# Protobuf's limit for one message, which the tools work on.
_MOST_BYTES: Final = 2**31 - 1


def convert(model: Path, made: Path, samples: Sequence[Feeds], making: Making) -> None:
    """Write a smaller file of a network.

    Args:
        model: The FP32 file.
        made: Where the new one is to lie; nothing lies there when it fails.
        samples: Inputs like those it will get.
        making: `to_fp16` or `to_int8`.

    Raises:
        ModelError: The network is too big for it, or of a kind that the tools do not know.
        OSError: The disk is full.
    """
    if model.stat().st_size > _MOST_BYTES:
        raise ModelError("{name} is larger than 2 GB and cannot be converted.", name=model.name)
    # The tools write files of their own: next to the network, unless it is handed over without a path.
    with tempfile.TemporaryDirectory(prefix="mirror-app-", dir=made.parent) as folder:
        proto = onnx.load(model, load_external_data=False)
        if any(weight.data_location == onnx.TensorProto.EXTERNAL for weight in proto.graph.initializer):
            raise ModelError("{name} keeps its weights in other files and cannot be converted.", name=model.name)
        unused = _take_unused(proto.graph)
        try:
            smaller = making(proto, samples, Path(folder))
        except (MemoryError, OSError):
            raise
        # The tools and ONNX Runtime raise all kinds of errors for what they do not know.
        except Exception as error:
            raise ModelError("{name} cannot be converted: {why}", name=model.name, why=error) from error
        smaller.graph.initializer.extend(unused)
        finished = Path(folder) / "made.onnx"
        onnx.save(smaller, finished)
        finished.replace(made)


def _take_unused(graph: onnx.GraphProto) -> list[onnx.TensorProto]:
    """Take the numbers out that no node uses: a swapper's table for identities is one (`buff2fs`)."""
    used = _names_used(graph)
    unused = [weight for weight in graph.initializer if weight.name not in used]
    needed = [weight for weight in graph.initializer if weight.name in used]
    del graph.initializer[:]
    graph.initializer.extend(needed)
    return unused


def _names_used(graph: onnx.GraphProto) -> set[str]:
    inner = [one.g for node in graph.node for one in node.attribute if one.HasField("g")]
    names = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
    return names.union(*map(_names_used, inner))


def named_nodes(proto: onnx.ModelProto) -> None:
    """Give every node a name of its own; the tools tell nodes apart by it."""
    seen: set[str] = set()
    for index, node in enumerate(proto.graph.node):
        if not node.name or node.name in seen:
            node.name = f"{node.op_type}_{index}_named"
        seen.add(node.name)


def loaded(model: Path) -> Any:
    """A session of ONNX Runtime on the CPU that changes nothing in the graph."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(model), sess_options=options, providers=["CPUExecutionProvider"], enable_fallback=0
    )

"""Room: runtime. Lets a network whose batch is fixed to one take several pictures at once. Opens no device."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import InferenceBackend

# Protobuf's limit for one message; a model above it keeps its weights in other files.
_MOST_BYTES: Final = 2**31 - 1
# The two may differ by this share of the largest number: other sizes of batch add up in another order. What mixes two
# pictures up, or gives the first one twice, differs by far more.
_TOLERANCE: Final = {"float32": 1e-3, "float16": 2e-2}


def freed(model: Path) -> bytes | None:
    """The model with the first dimension of every input and output free.

    Returns:
        The file's new content; None where the batch is no fixed one, or the model is too big or in several files.
    """
    if model.stat().st_size > _MOST_BYTES:
        return None
    proto = onnx.load(model, load_external_data=False)
    graph = proto.graph
    weights = {weight.name for weight in graph.initializer}
    inputs = [value for value in graph.input if value.name not in weights]
    if any(weight.data_location == onnx.TensorProto.EXTERNAL for weight in graph.initializer):
        return None
    if not all(_has_batch_of_one(value) for value in (*inputs, *graph.output)):
        return None
    for value in (*inputs, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    # The shapes noted along the way are those of a batch of one.
    del graph.value_info[:]
    return bytes(proto.SerializeToString())


def _has_batch_of_one(value: Any) -> bool:
    dims = value.type.tensor_type.shape.dim
    return len(dims) > 0 and dims[0].dim_value == 1


def same_one_by_one(free: InferenceBackend, fixed: InferenceBackend, tolerance: float | None = None) -> bool:
    """Whether two pictures at once come out as they do one after the other, tried with random numbers.

    Args:
        free: The network with a free batch.
        fixed: The same with a batch of one.
        tolerance: Share of the largest number by which the two may differ; by the outputs' kind unless given.
    """
    rng = np.random.default_rng(0)
    shapes = {spec.name: spec.shape[1:] for spec in fixed.inputs}
    if any(-1 in shape for shape in shapes.values()):
        return False
    pair = {name: rng.random((2, *shape), np.float32) for name, shape in shapes.items()}
    try:
        together = [values.copy() for values in free.run(pair)]
    # A shape that was written into the graph for one picture does not fit two.
    except ModelError:
        return False
    for index in range(2):
        alone = fixed.run({name: values[index : index + 1] for name, values in pair.items()})
        for spec, both, one in zip(fixed.outputs, together, alone, strict=True):
            allowed = _TOLERANCE.get(spec.dtype, 0.0) if tolerance is None else tolerance
            if len(both) != 2 or not _close(both[index], one[0], allowed):
                return False
    return True


def _close(first: NDArray[np.float32], second: NDArray[np.float32], tolerance: float) -> bool:
    if first.shape != second.shape or not np.isfinite(second).all():
        return False
    return bool(np.abs(first - second).max(initial=0) <= tolerance * max(np.abs(second).max(initial=0), 1e-6))

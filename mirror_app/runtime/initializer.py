"""Room: runtime. One constant out of an ONNX file: half a gigabyte of others is skipped, not read. Runs nothing."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.field_walk import Field, FieldWalk
from mirror_app.runtime.model_file import opened_model
from mirror_app.runtime.onnx_header import GRAPH, INITIALIZER

# What a constant takes beside its numbers: name, sizes, type.
_HEAD_BYTES: Final = 4096


def read_initializer(path: Path, name: str, shape: tuple[int, ...]) -> NDArray[np.float32] | None:
    """A constant of this name and shape, else the last one of this shape; None where the file has none.

    Args:
        path: The ONNX file.
        name: As most files name it.
        shape: Its sizes.

    Returns:
        float32, also where the file keeps it as float16.

    Raises:
        ModelError: The file cannot be read, or is no ONNX file.
    """
    found: NDArray[np.float32] | None = None
    try:
        with opened_model(path) as file:
            walk = FieldWalk(file, path.name)
            for field in _constants(walk, os.fstat(file.fileno()).st_size):
                # Two to four bytes for a number: the other constants are not even looked at.
                if not math.prod(shape) * 2 <= field.end - field.start <= math.prod(shape) * 4 + _HEAD_BYTES:
                    continue
                numbers, its_name = _numbers(walk.read(field.start, field.end), shape, path.name)
                if numbers is not None:
                    found = numbers
                    if its_name == name:
                        break
    except OSError as error:
        raise ModelError("The model file {name} cannot be read. ({why})", name=path.name, why=error) from error
    return found


def _constants(walk: FieldWalk, size_bytes: int) -> Iterator[Field]:
    for graph in walk.fields(0, size_bytes):
        if graph.number == GRAPH and graph.is_long:
            yield from (
                field for field in walk.fields(graph.start, graph.end) if field.number == INITIALIZER and field.is_long
            )


def _numbers(content: bytes, shape: tuple[int, ...], file: str) -> tuple[NDArray[np.float32] | None, str]:
    """A constant's numbers and name; None where it has another shape or kind."""
    # Loaded here: it takes half a second, and few engines need it.
    import onnx

    try:
        tensor = onnx.TensorProto.FromString(content)
        if tuple(tensor.dims) != shape or tensor.data_type not in (tensor.FLOAT, tensor.FLOAT16):
            return None, ""
        return np.asarray(onnx.numpy_helper.to_array(tensor), np.float32), str(tensor.name)
    # Protocol buffers' own error is a ValueError in some versions and none in others.
    except Exception as error:
        raise ModelError("The file {name} is no ONNX model.", name=file) from error

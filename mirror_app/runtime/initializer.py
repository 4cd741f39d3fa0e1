"""Room: runtime. One constant out of an ONNX file: half a gigabyte of others is skipped, not read. Runs nothing."""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError

# Numbers of `ModelProto.graph` and `GraphProto.initializer`, see onnx.proto.
_GRAPH, _INITIALIZER = 7, 5
# Wire types of protocol buffers: https://protobuf.dev/programming-guides/encoding/
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_VARINT_BYTES: Final = 10
# What a constant takes beside its numbers: name, sizes, type.
_HEAD_BYTES: Final = 4096
_Content = mmap.mmap | bytes


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
    # Loaded here: it takes half a second, and few engines need it.
    import onnx

    found: NDArray[np.float32] | None = None
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            for start, end in _inside(content, 0, len(content), (_GRAPH, _INITIALIZER)):
                # Two to four bytes for a number: the other constants are not even looked at.
                if not math.prod(shape) * 2 <= end - start <= math.prod(shape) * 4 + _HEAD_BYTES:
                    continue
                tensor = onnx.TensorProto.FromString(content[start:end])
                if tuple(tensor.dims) == shape and tensor.data_type in (tensor.FLOAT, tensor.FLOAT16):
                    found = np.asarray(onnx.numpy_helper.to_array(tensor), np.float32)
                    if tensor.name == name:
                        break
    except OSError as error:
        raise ModelError("The model file {name} cannot be read. ({why})", name=path.name, why=error) from error
    # Protocol buffers' own error is a ValueError in some versions and none in others.
    except Exception as error:
        raise ModelError("The file {name} is no ONNX model.", name=path.name) from error
    return found


def _inside(content: _Content, start: int, end: int, path: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Where the messages lie that one reaches through these field numbers."""
    for number, first, last in _fields(content, start, end):
        if number == path[0]:
            if len(path) == 1:
                yield first, last
            else:
                yield from _inside(content, first, last, path[1:])


def _fields(content: _Content, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of every field with a length of its own."""
    at = start
    while at < end:
        key, at = _varint(content, at)
        wire = key & 7
        if wire == _LENGTH:
            length, at = _varint(content, at)
            if length > end - at:
                raise ValueError("expected a field inside its message")
            yield key >> 3, at, at + length
            at += length
        elif wire == _VARINT:
            _, at = _varint(content, at)
        elif wire in (_FIXED32, _FIXED64):
            at += 4 if wire == _FIXED32 else 8
        else:
            raise ValueError(f"expected a field of a known kind, got {wire}")


def _varint(content: _Content, at: int) -> tuple[int, int]:
    """A number written seven bits a byte, and where it ends."""
    value = 0
    for place in range(_VARINT_BYTES):
        byte = content[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("expected a number of at most ten bytes")

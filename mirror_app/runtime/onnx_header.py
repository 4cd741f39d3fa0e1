"""Room: runtime. An ONNX file without its weights: half a gigabyte is skipped, not read, and nothing of it is executed.

An ONNX file is one protocol buffer: fields of a key and a value, where long values say their length first. See
https://protobuf.dev/programming-guides/encoding/ and onnx.proto.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final

from mirror_app.domain.errors import ModelError

if TYPE_CHECKING:
    import onnx

_GRAPH, _INITIALIZER = 7, 5
"""Numbers of `ModelProto.graph` and `GraphProto.initializer`."""
_WEIGHTS: Final = frozenset({4, 5, 6, 7, 9, 10, 11})
"""Numbers of `TensorProto`'s fields that hold the numbers themselves, in one type or another."""
_INSIDE: Final[Mapping[str, Mapping[int, str]]] = {
    "model": {_GRAPH: "graph"},
    "graph": {_INITIALIZER: "tensor"},
    "tensor": {},
}
"""Messages whose fields are looked at one by one, and which of those are such messages again."""
_MOST_BYTES: Final = 128 * 2**20
"""Of everything but the weights; real networks have less than one megabyte."""
_MOST_FIELDS: Final = 500_000
"""Of the messages looked at; real networks have a few thousand."""
_VARINT_BYTES: Final = 10
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_FIXED_BYTES: Final = {_FIXED64: 8, _FIXED32: 4}


def read_header(file: BinaryIO, name: str) -> onnx.ModelProto:
    """Everything of an ONNX file but the numbers of its weights.

    Args:
        file: Open for reading.
        name: What to call it in messages.

    Raises:
        ModelError: It is no ONNX file, ends too early, or keeps its weights in other files.
    """
    # Loaded here: it takes half a second, and most starts look at no new file.
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it ships none

    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    reader = _Reader(file, name)
    try:
        header: onnx.ModelProto = onnx.ModelProto.FromString(reader.without_weights("model", size))
    except DecodeError as error:
        raise ModelError("The file {name} is no ONNX model.", name=name) from error
    if not header.HasField("graph") or not header.graph.output:
        raise ModelError("The file {name} is no ONNX model.", name=name)
    if any(_is_elsewhere(tensor) for tensor in _all_tensors(header)):
        raise ModelError(
            "The model {name} keeps its weights in other files. Only models in one file are taken.", name=name
        )
    return header


class _Reader:
    """Walks over a file from field to field."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._at = 0
        self._fields = 0
        self._kept_bytes = 0

    def without_weights(self, kind: str, end: int) -> bytes:
        """The message from here to `end` as it is, less the weights in it."""
        kept = bytearray()
        while self._at < end:
            self._fields += 1
            if self._fields > _MOST_FIELDS:
                raise self._absurd()
            key = self._varint(end)
            number, wire = key >> 3, key & 7
            inside = _INSIDE[kind].get(number) if wire == _LENGTH else None
            if wire == _LENGTH:
                length = self._varint(end)
                self._check_room(length, end)
                if inside:
                    value = self.without_weights(inside, self._at + length)
                elif kind == "tensor" and number in _WEIGHTS:
                    self._skip(length)
                    continue
                else:
                    value = self._read(length)
                kept += _as_varint(key) + _as_varint(len(value)) + value
            elif wire == _VARINT:
                kept += _as_varint(key) + _as_varint(self._varint(end))
            elif wire in _FIXED_BYTES:
                self._check_room(_FIXED_BYTES[wire], end)
                kept += _as_varint(key) + self._read(_FIXED_BYTES[wire])
            else:
                raise ModelError("The file {name} is no ONNX model.", name=self._name)
        return bytes(kept)

    def _varint(self, end: int) -> int:
        value = 0
        for place in range(_VARINT_BYTES):
            self._check_room(1, end)
            byte = self._read(1)[0]
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value
        raise ModelError("The file {name} is no ONNX model.", name=self._name)

    def _check_room(self, length: int, end: int) -> None:
        if length > end - self._at:
            raise ModelError("The file {name} is no ONNX model, or only a part of one.", name=self._name)

    def _read(self, length: int) -> bytes:
        self._kept_bytes += length
        if self._kept_bytes > _MOST_BYTES:
            raise self._absurd()
        value = self._file.read(length)
        self._at += length
        if len(value) < length:
            raise ModelError("The file {name} is no ONNX model, or only a part of one.", name=self._name)
        return value

    def _skip(self, length: int) -> None:
        self._at += length
        self._file.seek(self._at)

    def _absurd(self) -> ModelError:
        return ModelError("The file {name} is no model that the app can use: it is too complex.", name=self._name)


def _as_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _all_tensors(header: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Every tensor of a file, also those in branches, loops and functions."""
    graphs = [header.graph]
    for training in header.training_info:
        graphs += [training.initialization, training.algorithm]
    nodes = [node for function in header.functions for node in function.node]
    while graphs or nodes:
        if graphs:
            graph = graphs.pop()
            yield from graph.initializer
            for sparse in graph.sparse_initializer:
                yield from (sparse.values, sparse.indices)
            nodes += graph.node
            continue
        for attribute in nodes.pop().attribute:
            yield from (attribute.t, *attribute.tensors)
            for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
                yield from (sparse.values, sparse.indices)
            graphs += [attribute.g, *attribute.graphs] if attribute.HasField("g") or attribute.graphs else []


def _is_elsewhere(tensor: onnx.TensorProto) -> bool:
    return tensor.data_location == tensor.EXTERNAL or bool(tensor.external_data)

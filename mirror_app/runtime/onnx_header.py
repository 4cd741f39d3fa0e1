"""Room: runtime. An ONNX file without its weights: half a gigabyte is skipped, not read, and nothing of it is executed.

The numbers of fields are those of onnx.proto.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.field_walk import LONG, FieldWalk, as_varint, too_complex

if TYPE_CHECKING:
    import onnx

GRAPH, INITIALIZER = 7, 5
"""Numbers of `ModelProto.graph` and `GraphProto.initializer`."""
_WEIGHTS: Final = frozenset({4, 5, 6, 7, 9, 10, 11})
"""Numbers of `TensorProto`'s fields that hold the numbers themselves, in one type or another."""
_INSIDE: Final[Mapping[str, Mapping[int, str]]] = {
    "model": {GRAPH: "graph"},
    "graph": {INITIALIZER: "tensor"},
    "tensor": {},
}
"""Messages whose fields are looked at one by one, and which of those are such messages again."""
_MOST_BYTES: Final = 128 * 2**20
"""Of everything but the weights; real networks have less than one megabyte."""


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
    reader = _Reader(file, name)
    try:
        header: onnx.ModelProto = onnx.ModelProto.FromString(reader.without_weights("model", 0, size))
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
    """Reads a file but for its weights."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._walk = FieldWalk(file, name)
        self._name = name
        self._kept_bytes = 0

    def without_weights(self, kind: str, start: int, end: int) -> bytes:
        """The message between two places as it is, less the weights in it."""
        kept = bytearray()
        for field in self._walk.fields(start, end):
            inside = _INSIDE[kind].get(field.number) if field.is_long else None
            if inside:
                value = self.without_weights(inside, field.start, field.end)
                kept += as_varint(field.number << 3 | LONG) + as_varint(len(value)) + value
            elif not (kind == "tensor" and field.is_long and field.number in _WEIGHTS):
                kept += self._read(field.begin, field.end)
        return bytes(kept)

    def _read(self, start: int, end: int) -> bytes:
        self._kept_bytes += end - start
        if self._kept_bytes > _MOST_BYTES:
            raise too_complex(self._name)
        return self._walk.read(start, end)


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

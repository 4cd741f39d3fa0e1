"""Room: runtime. Walks over the fields of a protocol buffer, which an ONNX file is. Reads no value unless asked.

Fields are a key and a value, where long values say their length first: half a gigabyte of weights is skipped. See
https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from mirror_app.domain.errors import ModelError

_MOST_FIELDS: Final = 500_000
"""Of the messages looked at; real networks have a few thousand."""
_VARINT_BYTES: Final = 10
LONG: Final = 2
"""How a key says that its value's length comes first."""
_VARINT, _FIXED64, _FIXED32 = 0, 1, 5
_FIXED_BYTES: Final = {_FIXED64: 8, _FIXED32: 4}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message; places are bytes from the file's start.

    Attributes:
        number: Which field of its message.
        is_long: Whether its value says its length: a text, numbers in a row, or a message again.
        begin: Where its key begins.
        start: Where its value begins.
        end: Where the next field begins.
    """

    number: int
    is_long: bool
    begin: int
    start: int
    end: int


class FieldWalk:
    """Goes over an open file from field to field."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Stand at the file's start.

        Args:
            file: Open for reading.
            name: What to call it in messages.
        """
        self._file, self._name = file, name
        self._at = self._seen = 0
        file.seek(0)

    def fields(self, start: int, end: int) -> Iterator[Field]:
        """The fields of the message between two places, in order; others may be walked over in between.

        Raises:
            ModelError: No message lies there, or it has absurdly many fields.
        """
        self._go(start)
        while self._at < end:
            self._seen += 1
            if self._seen > _MOST_FIELDS:
                raise too_complex(self._name)
            field = self._field(end)
            yield field
            self._go(field.end)

    def read(self, start: int, end: int) -> bytes:
        """What stands between two places.

        Raises:
            ModelError: The file ends before.
        """
        self._go(start)
        value = self._file.read(end - start)
        self._at += len(value)
        if self._at < end:
            raise self._cut_off()
        return value

    def _field(self, end: int) -> Field:
        begin = self._at
        key = self._varint(end)
        wire = key & 7
        length = self._varint(end) if wire == LONG else _FIXED_BYTES.get(wire, 0)
        start = self._at
        if wire == _VARINT:
            self._varint(end)
        elif wire != LONG and wire not in _FIXED_BYTES:
            raise ModelError("The file {name} is no ONNX model.", name=self._name)
        if length > end - self._at:
            raise self._cut_off()
        return Field(key >> 3, wire == LONG, begin, start, self._at + length)

    def _varint(self, end: int) -> int:
        """A number written seven bits a byte."""
        value = 0
        for place in range(_VARINT_BYTES):
            if self._at >= end:
                raise self._cut_off()
            byte = self.read(self._at, self._at + 1)[0]
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value
        raise ModelError("The file {name} is no ONNX model.", name=self._name)

    def _go(self, at: int) -> None:
        if self._at != at:
            self._file.seek(at)
            self._at = at

    def _cut_off(self) -> ModelError:
        return ModelError("The file {name} is no ONNX model, or only a part of one.", name=self._name)


def too_complex(name: str) -> ModelError:
    """The error for a file that no real network looks like."""
    return ModelError("The file {name} is no model that the app can use: it is too complex.", name=name)


def as_varint(value: int) -> bytes:
    """A number written seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)

"""Room: deliver. AMF0, in which RTMP writes its commands: the few kinds of values that streaming needs."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final, TypeAlias

Value: TypeAlias = float | bool | str | Mapping[str, "Value"] | None
"""What can be written. Arrays and dates are read, and become mappings and numbers."""
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED = 0, 1, 2, 3, 5, 6
_MAP, _END, _LIST, _DATE, _LONG = 8, 9, 10, 11, 12
_DEEPEST: Final = 16
"""Objects may stand in objects so deep; a server that sends more means no good."""


def written(*values: Value) -> bytes:
    """AMF0 for some values, one after the other."""
    return b"".join(_written(value) for value in values)


def _written(value: Value) -> bytes:
    match value:
        case None:
            return bytes([_NULL])
        case bool():
            return bytes([_BOOLEAN, value])
        case int() | float():
            return struct.pack(">Bd", _NUMBER, value)
        case str():
            return bytes([_STRING]) + _name(value)
        case _:
            inner = b"".join(_name(name) + _written(each) for name, each in value.items())
            return bytes([_OBJECT]) + inner + b"\0\0" + bytes([_END])


def _name(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def read(data: bytes) -> list[Value]:
    """The values in a message.

    Raises:
        ValueError: It is no AMF0, or breaks off.
    """
    reader = _Reader(data)
    values = []
    while reader.place < len(data):
        values.append(reader.value(0))
    return values


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def value(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise ValueError("AMF0: too deep")
        kind = self._bytes(1)[0]
        if kind == _NUMBER:
            return self._double()
        if kind == _BOOLEAN:
            return self._bytes(1)[0] != 0
        if kind in (_STRING, _LONG):
            return self._text(4 if kind == _LONG else 2)
        if kind in (_NULL, _UNDEFINED):
            return None
        if kind in (_OBJECT, _MAP):
            if kind == _MAP:
                self._bytes(4)
            return self._members(depth)
        if kind == _LIST:
            return {str(index): self.value(depth + 1) for index in range(self._number(4))}
        if kind == _DATE:
            return (self._double(), self._bytes(2))[0]
        raise ValueError(f"AMF0: unknown kind {kind}")

    def _members(self, depth: int) -> Mapping[str, Value]:
        members: dict[str, Value] = {}
        while True:
            name = self._text(2)
            if not name and self._data[self.place : self.place + 1] == bytes([_END]):
                self.place += 1
                return members
            members[name] = self.value(depth + 1)

    def _double(self) -> float:
        number: float = struct.unpack(">d", self._bytes(8))[0]
        return number

    def _text(self, length_bytes: int) -> str:
        return self._bytes(self._number(length_bytes)).decode("utf-8", "replace")

    def _number(self, count: int) -> int:
        return int.from_bytes(self._bytes(count), "big")

    def _bytes(self, count: int) -> bytes:
        data = self._data[self.place : self.place + count]
        if len(data) < count:
            raise ValueError("AMF0: breaks off")
        self.place += count
        return data

"""Room: deliver. RTMP's messages in chunks, and FLV's tags, from which a stream's messages are made. Opens nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

CHUNK_BYTES: Final = 4096
"""So large are the chunks we send; the server is told before the first one."""
_FIRST_CHUNK_BYTES: Final = 128
"""So large a server's chunks are until it says otherwise (RTMP 1.0, section 5.4.1)."""
_MOST_BYTES: Final = 1 << 20
"""A server only sends small answers; more means no good."""
_LATER: Final = 0xFFFFFF
"""Stands for a time that follows the header."""
_FLV_HEADER_BYTES: Final = 13
_TAG_BYTES: Final = 11


class Kind(IntEnum):
    """What a message holds; sound, pictures and data have the same number in FLV."""

    SET_CHUNK_SIZE = 1
    USER_CONTROL = 4
    SOUND = 8
    PICTURE = 9
    DATA = 18
    COMMAND = 20


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `kind` may be a number that `Kind` does not know."""

    kind: int
    body: bytes
    time_ms: int = 0


def chunked(message: Message, channel: int, stream: int) -> bytes:
    """A message in chunks, with a whole header.

    Args:
        message: What to send.
        channel: 3..63; one message at a time goes through each.
        stream: The message stream; 0 for commands about the connection.
    """
    late = message.time_ms >= _LATER
    extended = struct.pack(">I", message.time_ms & 0xFFFFFFFF) if late else b""
    head = struct.pack(">B", channel) + min(message.time_ms, _LATER).to_bytes(3, "big")
    head += len(message.body).to_bytes(3, "big") + bytes([message.kind]) + struct.pack("<I", stream) + extended
    between = bytes([0xC0 | channel]) + extended
    body = message.body
    pieces = [body[start : start + CHUNK_BYTES] for start in range(0, len(body), CHUNK_BYTES)] or [b""]
    return head + between.join(pieces)


@dataclass
class _Channel:
    length: int = 0
    kind: int = 0
    is_late: bool = False
    body: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """Puts a server's messages together again."""

    def __init__(self) -> None:
        self._channels: dict[int, _Channel] = {}
        self._chunk_bytes = _FIRST_CHUNK_BYTES

    def take(self, inbox: bytearray) -> Iterator[Message]:
        """Take all whole messages out of what has come; the rest stays for the next time.

        Raises:
            ValueError: It is no RTMP.
        """
        while (taken := self._chunk(inbox)) is not None:
            length, message = taken
            del inbox[:length]
            if message is not None:
                if message.kind == Kind.SET_CHUNK_SIZE:
                    self._chunk_bytes = max(int.from_bytes(message.body[:4], "big") & 0x7FFFFFFF, 1)
                yield message

    def _chunk(self, data: bytearray) -> tuple[int, Message | None] | None:
        """The length of the first chunk and the message that it ends, or None when it is not all there."""
        if not data:
            return None
        small = data[0] & 0x3F
        place = {0: 2, 1: 3}.get(small, 1)
        header_bytes = (11, 7, 3, 0)[data[0] >> 6]
        if len(data) < place + header_bytes:
            return None
        number = small if small > 1 else 64 + int.from_bytes(data[1:place], "little")
        header, channel = data[place : place + header_bytes], self._channels.get(number, _Channel())
        length, kind, is_late = channel.length, channel.kind, channel.is_late
        if header_bytes >= 3:
            is_late = int.from_bytes(header[:3], "big") == _LATER
        if header_bytes >= 7:
            length, kind = int.from_bytes(header[3:6], "big"), header[6]
        if length > _MOST_BYTES:
            raise ValueError("RTMP: a message that is too long")
        place += header_bytes + (4 if is_late else 0)
        end = place + min(length - len(channel.body), self._chunk_bytes)
        if end < place:
            raise ValueError("RTMP: a message that got shorter")
        if len(data) < end:
            return None
        channel.length, channel.kind, channel.is_late = length, kind, is_late
        channel.body += data[place:end]
        self._channels[number] = channel
        if len(channel.body) < length:
            return end, None
        message, channel.body = Message(kind, bytes(channel.body)), bytearray()
        return end, message


class FlvTags:
    """Cuts an FLV file that comes in pieces into its tags."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._is_begun = False

    def add(self, data: bytes) -> Iterator[Message]:
        """One more piece of the file, and the tags that are whole with it."""
        self._data += data
        if not self._is_begun and len(self._data) >= _FLV_HEADER_BYTES:
            self._is_begun = True
            del self._data[:_FLV_HEADER_BYTES]
        while self._is_begun and len(self._data) >= _TAG_BYTES:
            length = int.from_bytes(self._data[1:4], "big")
            # Four more bytes repeat the tag's length.
            if len(self._data) < _TAG_BYTES + length + 4:
                return
            time_ms = int.from_bytes(self._data[4:7], "big") | self._data[7] << 24
            yield Message(self._data[0], bytes(self._data[_TAG_BYTES : _TAG_BYTES + length]), time_ms)
            del self._data[: _TAG_BYTES + length + 4]

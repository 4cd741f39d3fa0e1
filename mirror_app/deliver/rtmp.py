"""Room: deliver. A stream to an RTMP server, from the handshake to the goodbye. Encodes nothing.

RTMP is spoken here and not by FFmpeg: PyAV opens a network address while it holds the interpreter, without any limit of
time, so a server that does not answer would stop the whole app; and the key stays out of FFmpeg's log.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from typing import Final

from mirror_app.deliver import amf
from mirror_app.deliver.link import Departures
from mirror_app.deliver.rtmp_chunks import CHUNK_BYTES, ChunkReader, FlvTags, Kind, Message, chunked
from mirror_app.deliver.stream_address import StreamAddress
from mirror_app.deliver.wire import Wire
from mirror_app.domain.errors import OutputError

_VERSION: Final = 3
_SHAKE_BYTES: Final = 1536
_CONTROL, _COMMANDS, _STREAM = 2, 3, 4
_PING, _PONG = 6, 7
_GOODBYE_S: Final = 0.5
_MOST_WORDS: Final = 200
_NAME: Final = "FMLE/3.0 (compatible; mirror)"
"""Servers ask what is streaming; several let in only what calls itself Adobe's Flash Media Live Encoder."""


class RtmpLink:
    """A connection on which a server takes the stream. Implements `Link`."""

    container = "flv"
    packet_bytes = 32 * 1024
    trouble = ""

    def __init__(self, address: StreamAddress, is_over: Callable[[], bool]) -> None:
        """Connect and publish.

        Args:
            address: Of scheme rtmp or rtmps.
            is_over: True as soon as nobody wants it any more.

        Raises:
            OutputError: The server cannot be reached or does not take the stream.
        """
        self.gone = Departures()
        self._address = address
        self._tags, self._reader = FlvTags(), ChunkReader()
        self._answers: dict[float, list[amf.Value]] = {}
        self._is_published = False
        self._stream = 0
        is_secure = address.scheme == "rtmps"
        self._wire = Wire(address.host, address.port, address.shown, is_secure=is_secure, is_over=is_over)
        self._wire.on_sent = self.gone.note
        try:
            self._shake_hands()
            self._publish()
        except BaseException:
            self.close()
            raise

    @property
    def sent(self) -> int:
        """Bytes that went out."""
        return self._wire.sent

    @property
    def waiting(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._wire.waiting

    def write(self, data: bytes) -> int:
        """Take a piece of the FLV file."""
        for tag in self._tags.add(data):
            if tag.kind == Kind.PICTURE and tag.body[1:2] == b"\1":
                self.gone.begins()
            body = amf.written("@setDataFrame") + tag.body if tag.kind == Kind.DATA else tag.body
            self._wire.put(chunked(Message(tag.kind, body, tag.time_ms), _STREAM, self._stream))
            if tag.kind == Kind.PICTURE:
                self.gone.reaches(self._wire.sent + self._wire.waiting)
        return len(data)

    def pump(self, seconds: float) -> None:
        """Send for so long, and hear what the server says."""
        self._wire.pump(seconds)
        self._listen()

    def end(self) -> None:
        """Tell the server that the stream ends."""
        try:
            self._command("FCUnpublish", 6, None, self._address.key)
            self._command("deleteStream", 7, None, float(self._stream))
            self._wire.until(lambda: self._wire.waiting == 0, _GOODBYE_S, even_if_over=True)
        except OutputError:
            return

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _shake_hands(self) -> None:
        hello = bytes(8) + os.urandom(_SHAKE_BYTES - 8)
        self._wire.put(bytes([_VERSION]) + hello)
        if self._wire.take(1)[0] != _VERSION:
            raise OutputError("{server} does not speak RTMP.", server=self._wire.shown)
        echo = self._wire.take(_SHAKE_BYTES)
        self._wire.put(echo)
        self._wire.take(_SHAKE_BYTES)

    def _publish(self) -> None:
        address = self._address
        self._send(Message(Kind.SET_CHUNK_SIZE, struct.pack(">I", CHUNK_BYTES)), _CONTROL)
        about = {"app": address.app, "type": "nonprivate", "flashVer": _NAME, "tcUrl": address.server_url}
        self._command("connect", 1, about)
        self._answer(1)
        self._command("releaseStream", 2, None, address.key)
        self._command("FCPublish", 3, None, address.key)
        self._command("createStream", 4, None)
        stream = self._answer(4)[-1]
        if not isinstance(stream, float) or not 0 <= stream < 1 << 32:
            raise OutputError("{server} does not speak RTMP.", server=self._wire.shown)
        self._stream = int(stream)
        body = amf.written("publish", 5.0, None, address.key, "live")
        self._wire.put(chunked(Message(Kind.COMMAND, body), _STREAM, self._stream))
        self._wire.until(self._heard(lambda: self._is_published))

    def _answer(self, number: float) -> list[amf.Value]:
        self._wire.until(self._heard(lambda: number in self._answers))
        return self._answers.pop(number)

    def _heard(self, done: Callable[[], bool]) -> Callable[[], bool]:
        def look() -> bool:
            self._listen()
            return done()

        return look

    def _listen(self) -> None:
        try:
            for message in self._reader.take(self._wire.inbox):
                if message.kind == Kind.USER_CONTROL and message.body[:2] == struct.pack(">H", _PING):
                    self._send(Message(Kind.USER_CONTROL, struct.pack(">H", _PONG) + message.body[2:6]), _CONTROL)
                elif message.kind == Kind.COMMAND:
                    self._hear(amf.read(message.body))
        except ValueError as error:
            raise OutputError("{server} does not speak RTMP.", server=self._wire.shown) from error

    def _hear(self, values: list[amf.Value]) -> None:
        """An answer to a command, or news of the stream."""
        name = values[0] if values else None
        news = next((value for value in reversed(values) if isinstance(value, Mapping)), {})
        if name == "_result" and len(values) > 1 and isinstance(values[1], float):
            self._answers[values[1]] = values
        elif name == "_error" and values[1:2] not in ([2.0], [3.0]):
            # Many servers know neither releaseStream (2) nor FCPublish (3), and do without.
            raise self._refusal(news)
        elif name == "onStatus":
            if news.get("level") == "error":
                raise self._refusal(news)
            self._is_published = self._is_published or news.get("code") == "NetStream.Publish.Start"

    def _refusal(self, news: Mapping[str, amf.Value]) -> OutputError:
        said = str(news.get("description") or news.get("code") or "-")
        # What it says may hold the key, cut short or not: masked first, then shortened.
        words = "".join(char for char in self._address.hide(said) if char.isprintable())[:_MOST_WORDS]
        return OutputError("{server} does not take the stream: {why}", server=self._wire.shown, why=words)

    def _command(self, name: str, number: float, *values: amf.Value) -> None:
        self._send(Message(Kind.COMMAND, amf.written(name, float(number), *values)), _COMMANDS)

    def _send(self, message: Message, channel: int) -> None:
        self._wire.put(chunked(message, channel, 0))

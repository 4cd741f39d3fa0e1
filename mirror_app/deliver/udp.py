"""Room: deliver. A stream as MPEG-TS in UDP datagrams: nobody answers, nobody has to listen. Encodes nothing."""

from __future__ import annotations

import socket
import time
from collections import deque
from typing import Final

from mirror_app.deliver.link import Departures
from mirror_app.deliver.stream_address import StreamAddress
from mirror_app.domain.errors import OutputError
from mirror_app.domain.sentence import Sentence

_TS_BYTES: Final = 188
_DATAGRAM_BYTES: Final = 7 * _TS_BYTES
"""As many whole TS packets as fit into an Ethernet frame."""
_PICTURES_PID: Final = 0x100
"""FFmpeg's number of the first stream, which is the pictures'."""
_AT_ONCE: Final = 8
_PAUSE_S: Final = 0.001
"""After so many datagrams comes a pause, so that a large picture does not overrun the receiver: 10 MB/s at most."""
_DEAF_S: Final = 2.0
"""So long after the last "nobody listens there" that is still believed."""


class UdpLink:
    """Datagrams to a host and port. Implements `Link`."""

    container = "mpegts"
    packet_bytes = _DATAGRAM_BYTES

    def __init__(self, address: StreamAddress) -> None:
        """Look the host up; nothing is sent yet.

        Raises:
            OutputError: The host is unknown, or no way leads there.
        """
        self.gone = Departures()
        self.sent = 0
        self._written = 0
        self._queue: deque[bytes] = deque()
        self._deaf_at: float | None = None
        self._shown = address.shown
        try:
            family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)[0]
        except OSError as error:
            raise OutputError("The name {host} was not found on the network.", host=address.host) from error
        self._socket = socket.socket(family, kind, protocol)
        try:
            self._socket.setblocking(False)
            self._socket.connect(place)
        except OSError as error:
            self._socket.close()
            raise OutputError("{server} cannot be reached.", server=self._shown) from error

    @property
    def waiting(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._written - self.sent

    @property
    def trouble(self) -> str:
        """Whether the other computer says that nobody listens."""
        if self._deaf_at is None or time.monotonic() - self._deaf_at > _DEAF_S:
            return ""
        return Sentence("Nobody listens at {server}; sending all the same.", server=self._shown)

    def write(self, data: bytes) -> int:
        """Take a piece of the transport stream: whole TS packets."""
        for start in range(0, len(data), _TS_BYTES):
            head = data[start : start + 3]
            if int.from_bytes(head[1:3], "big") & 0x1FFF == _PICTURES_PID:
                # The flag on the second byte marks the first packet of a picture.
                if head[1] & 0x40:
                    self.gone.begins()
                self.gone.reaches(self._written + start + _TS_BYTES)
        self._queue.append(data)
        self._written += len(data)
        return len(data)

    def pump(self, seconds: float) -> None:
        """Send for so long."""
        end = time.monotonic() + seconds
        while self._queue and time.monotonic() < end:
            for _ in range(min(len(self._queue), _AT_ONCE)):
                if not self._send_one():
                    break
            self.gone.note(self.sent)
            time.sleep(_PAUSE_S)
        time.sleep(max(end - time.monotonic(), 0.0))

    def end(self) -> None:
        """Send what is left."""
        self.pump(0.1)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def _send_one(self) -> bool:
        """Send a datagram; False when the system takes none at the moment."""
        try:
            self._socket.send(self._queue[0])
        except BlockingIOError:
            return False
        except ConnectionRefusedError:
            # It is about an earlier datagram; this one was not sent and is tried again.
            self._deaf_at = time.monotonic()
            return True
        except OSError as error:
            raise OutputError("{server} cannot be reached.", server=self._shown) from error
        self.sent += len(self._queue.popleft())
        return True

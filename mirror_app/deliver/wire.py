"""Room: deliver. One TCP connection, plain or TLS, on which no wait is without a limit. Knows nothing of streams."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Callable
from typing import Final

from mirror_app.domain.errors import OutputError

ANSWER_S: Final = 5.0
"""So long a server may let us wait for an answer, or take nothing, until it counts as gone."""
_SLICE_S: Final = 0.1
"""How often a wait looks whether it is wanted no more."""
_KERNEL_BYTES: Final = 128 * 1024
"""The system's send buffer: left alone it grows to seconds of pictures, which are late before anybody can tell."""
_PIECE_BYTES: Final = 64 * 1024
_NOT_NOW: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Wire:
    """Bytes out, bytes in. For one thread."""

    def __init__(self, host: str, port: int, shown: str, *, is_secure: bool, is_over: Callable[[], bool]) -> None:
        """Connect.

        Args:
            host: Name or number.
            port: Of the server.
            shown: How sentences call the server.
            is_secure: Speak TLS and check the server's certificate.
            is_over: True as soon as nobody wants the connection any more.

        Raises:
            OutputError: There is no connection.
        """
        self.shown = shown
        self.inbox = bytearray()
        self.sent = 0
        """Bytes that the system took."""
        self.on_sent: Callable[[int], None] = lambda sent: None
        """Is called with `sent` as soon as the system took more."""
        self._outbox = bytearray()
        self._is_over = is_over
        self._moved_at = time.monotonic()
        self._socket = self._connected(host, port)
        self._selector = selectors.DefaultSelector()
        try:
            if is_secure:
                self._socket = self._secured(self._socket, host)
            self._selector.register(self._socket, selectors.EVENT_READ)
        except BaseException:
            self.close()
            raise

    @property
    def waiting(self) -> int:
        """Bytes that the system has not taken yet."""
        return len(self._outbox)

    def put(self, data: bytes) -> None:
        """Have something sent, by and by."""
        if not self._outbox:
            self._moved_at = time.monotonic()
        self._outbox += data

    def pump(self, seconds: float) -> None:
        """Send and receive for so long, also when there is nothing to do.

        Raises:
            OutputError: The connection is gone.
        """
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            self._turn(max(left, 0.0))
            if left <= 0:
                return

    def until(self, done: Callable[[], bool], seconds: float = ANSWER_S, *, even_if_over: bool = False) -> None:
        """Send and receive until something is so.

        Args:
            done: Whether it is so.
            seconds: How long to wait at most.
            even_if_over: Go on though nobody wants the connection any more: for goodbyes.

        Raises:
            OutputError: The connection is gone, it took too long, or nobody wants it any more.
        """
        end = time.monotonic() + seconds
        while not done():
            self._check_wanted(end, even_if_over=even_if_over)
            self._turn(_SLICE_S)

    def take(self, count: int) -> bytes:
        """The next bytes of the server.

        Raises:
            OutputError: They do not come.
        """
        self.until(lambda: len(self.inbox) >= count)
        data = bytes(self.inbox[:count])
        del self.inbox[:count]
        return data

    def close(self) -> None:
        """Hang up at once; may be called twice."""
        self._selector.close()
        self._socket.close()

    def _turn(self, seconds: float) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outbox else 0)
        self._selector.modify(self._socket, wanted)
        try:
            events = self._selector.select(seconds)
            for _, ready in events:
                if ready & selectors.EVENT_READ:
                    self._receive()
                if ready & selectors.EVENT_WRITE and self._outbox:
                    self._send()
        except OSError as error:
            raise OutputError("{server} closed the connection.", server=self.shown) from error
        if self._outbox and time.monotonic() - self._moved_at > ANSWER_S:
            raise OutputError("{server} takes nothing any more.", server=self.shown)

    def _receive(self) -> None:
        while True:
            try:
                data = self._socket.recv(_PIECE_BYTES)
            except _NOT_NOW:
                return
            if not data:
                raise OutputError("{server} closed the connection.", server=self.shown)
            self.inbox += data

    def _send(self) -> None:
        try:
            count = self._socket.send(bytes(self._outbox[:_PIECE_BYTES]))
        except _NOT_NOW:
            return
        del self._outbox[:count]
        self.sent += count
        self.on_sent(self.sent)
        self._moved_at = time.monotonic()

    def _check_wanted(self, end: float, *, even_if_over: bool = False) -> None:
        if self._is_over() and not even_if_over:
            raise OutputError("The stream was ended.")
        if time.monotonic() > end:
            raise OutputError("{server} does not answer.", server=self.shown)

    def _connected(self, host: str, port: int) -> socket.socket:
        try:
            places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise OutputError("The name {host} was not found on the network.", host=host) from error
        trouble = OutputError("{server} does not answer.", server=self.shown)
        for family, kind, protocol, _, place in places:
            try:
                return self._connected_to(socket.socket(family, kind, protocol), place, ANSWER_S / len(places))
            except OutputError as error:
                trouble = error
        raise trouble

    def _connected_to(self, line: socket.socket, place: tuple[object, ...], seconds: float) -> socket.socket:
        end = time.monotonic() + seconds
        try:
            line.setblocking(False)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BYTES)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._try(lambda: line.connect(place), line, end)
            error = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                raise OSError(error, "")
        except ConnectionRefusedError as error:
            line.close()
            raise OutputError("{server} refuses the connection.", server=self.shown) from error
        except OSError as error:
            line.close()
            raise OutputError("{server} cannot be reached.", server=self.shown) from error
        except BaseException:
            line.close()
            raise
        return line

    def _secured(self, line: socket.socket, host: str) -> ssl.SSLSocket:
        end = time.monotonic() + ANSWER_S
        secure = ssl.create_default_context().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
        # From here on closing is the new object's task; the old one has been detached.
        self._socket = secure
        try:
            while not self._try(secure.do_handshake, secure, end):
                pass
        except ssl.SSLCertVerificationError as error:
            raise OutputError(
                "{server} cannot prove who it is: {why}.", server=self.shown, why=error.verify_message
            ) from error
        except OSError as error:
            raise OutputError("{server} does not speak TLS, which rtmps:// needs.", server=self.shown) from error
        return secure

    def _try(self, act: Callable[[], None], line: socket.socket, end: float) -> bool:
        """Begin something that may not be done at once; False when it has to be tried again after a wait."""
        wanted = selectors.EVENT_WRITE
        try:
            act()
        except (BlockingIOError, ssl.SSLWantWriteError):
            pass
        except ssl.SSLWantReadError:
            wanted = selectors.EVENT_READ
        else:
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(line, wanted)
            while not selector.select(_SLICE_S):
                self._check_wanted(end)
        return False

"""Room: tests. Servers on loopback: one that takes an RTMP stream, and others that misbehave."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mirror_app.deliver import amf
from mirror_app.deliver.rtmp_chunks import ChunkReader, Kind, Message, chunked

Serve = Callable[[socket.socket, threading.Event], None]


@contextmanager
def serving(serve: Serve, port: int = 0) -> Iterator[int]:
    """Accept connections one after the other until the end, when all are cut; gives the port."""
    over = threading.Event()
    lines: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", port)) as door:
        door.settimeout(0.05)

        def run() -> None:
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    line, _ = door.accept()
                    lines.append(line)
                    line.settimeout(0.05)
                    with contextlib.suppress(OSError):
                        serve(line, over)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            over.set()
            thread.join()
            for line in lines:
                line.close()


def mute(line: socket.socket, over: threading.Event) -> None:
    """Accepts and never says a word."""
    over.wait()


def hang_up(line: socket.socket, over: threading.Event) -> None:
    """Closes in the middle of the handshake."""
    line.sendall(b"\3" + bytes(700))
    line.close()


def babble(line: socket.socket, over: threading.Event) -> None:
    """Speaks something else."""
    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    over.wait()


class RtmpServer:
    """Takes a stream, or refuses it in the given words, or takes it and then reads no more."""

    def __init__(self, refusal: str = "", *, is_stuck: bool = False) -> None:
        self.refusal, self.is_stuck = refusal, is_stuck
        self.kinds: Counter[int] = Counter()
        self.app = self.key = ""
        self.pictures = threading.Semaphore(0)

    def serve(self, line: socket.socket, over: threading.Event) -> None:
        """One connection."""
        self._read(line, over, 1537)
        line.sendall(b"\3" + bytes(3072))
        self._read(line, over, 1536)
        reader, inbox = ChunkReader(), bytearray()
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                data = line.recv(65536)
                if not data:
                    return
                inbox += data
            for message in reader.take(inbox):
                self.kinds[message.kind] += 1
                if message.kind == Kind.COMMAND:
                    self._command(line, *amf.read(message.body))
                elif message.kind == Kind.PICTURE:
                    self.pictures.release()
                    if self.is_stuck:
                        over.wait()

    def _command(self, line: socket.socket, name: amf.Value, number: amf.Value, *values: amf.Value) -> None:
        if name == "connect" and isinstance(values[0], dict):
            self.app = str(values[0]["app"])
            self._say(line, "_result", number, None, {"code": "NetConnection.Connect.Success"})
        elif name in ("releaseStream", "FCPublish"):
            self._say(line, "_error", number, None, {"description": "not known here"})
        elif name == "createStream":
            self._say(line, "_result", number, None, 1.0)
        elif name == "publish":
            self.key = str(values[1])
            level, code = ("error", "BadName") if self.refusal else ("status", "Start")
            news = {"level": level, "code": f"NetStream.Publish.{code}", "description": self.refusal}
            self._say(line, "onStatus", 0.0, None, news)

    @staticmethod
    def _say(line: socket.socket, *values: amf.Value) -> None:
        # Small chunks, as a server has them until it says otherwise.
        message = Message(Kind.COMMAND, amf.written(*values))
        whole = chunked(message, 3, 0)
        head, body = whole[:12], whole[12:]
        line.sendall(head + b"\xc3".join(body[at : at + 128] for at in range(0, len(body), 128)))

    @staticmethod
    def _read(line: socket.socket, over: threading.Event, count: int) -> None:
        while count and not over.is_set():
            with contextlib.suppress(TimeoutError):
                data = line.recv(count)
                count = count - len(data) if data else 0

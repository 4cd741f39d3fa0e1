"""Room: tests. A web server within this computer that serves one file, well or with a fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Manners:
    """How the server behaves.

    Attributes:
        content: The file.
        breaks_after: It hangs up after so many bytes of an answer, while there are any left here.
        takes_ranges: Whether it can send the rest of a file.
        tag: Its version of the file.
        says_length: Whether it says how long its answer is.
        status: Its answer, where it is no file.
        location: Where it sends the asker on to.
        is_endless: It never stops sending.
        pause: What it waits for before the second half of the file.
        lies_about_range: It answers a wish for the rest with another part of the file.
        asked: The ranges that were asked for, "" for the whole file.
    """

    content: bytes = b""
    breaks_after: list[int] = field(default_factory=list)
    takes_ranges: bool = True
    tag: str = '"1"'
    says_length: bool = True
    status: int = 200
    location: str = ""
    is_endless: bool = False
    pause: threading.Event | None = None
    lies_about_range: bool = False
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(manners: Manners) -> Iterator[str]:
    """Serve while the block runs; gives the file's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(ConnectionError):
                _answer(self, manners)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/model.onnx"
    finally:
        if manners.pause:
            manners.pause.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, manners: Manners) -> None:
    wanted = handler.headers.get("Range", "")
    manners.asked.append(wanted)
    if manners.location or manners.status != 200:
        handler.send_response(302 if manners.location else manners.status)
        if manners.location:
            handler.send_header("Location", manners.location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
    is_rest = bool(wanted) and manners.takes_ranges and handler.headers.get("If-Range") == manners.tag
    if is_rest and start >= len(manners.content):
        handler.send_error(416)
        return
    body = manners.content[start:] if is_rest else manners.content
    handler.send_response(206 if is_rest else 200)
    if is_rest:
        said = 0 if manners.lies_about_range else start
        handler.send_header("Content-Range", f"bytes {said}-{len(manners.content) - 1}/{len(manners.content)}")
    if manners.says_length:
        handler.send_header("Content-Length", str(len(body)))
    handler.send_header("ETag", manners.tag)
    handler.end_headers()
    if manners.breaks_after:
        handler.wfile.write(body[: manners.breaks_after.pop(0)])
        return
    if manners.pause:
        handler.wfile.write(body[: len(body) // 2])
        handler.wfile.flush()
        manners.pause.wait(20)
        body = body[len(body) // 2 :]
    handler.wfile.write(body)
    while manners.is_endless:
        handler.wfile.write(bytes(2**16))

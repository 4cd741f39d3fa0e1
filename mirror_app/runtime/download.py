"""Room: runtime. One file from the network: whole, stopped or not at all, and resumed where it broke off.

Knows addresses and bytes, no models. Only https; plain http only within this computer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.model_file import MOST_BYTES, check_place, check_size, check_start
from mirror_app.whole_file import cannot_write

TIMEOUT_S: Final = 15.0
"""How long a server may say nothing."""
_BLOCK_BYTES: Final = 2**18
_TRIES_WITHOUT_PROGRESS: Final = 3
_MOST_TRIES: Final = 50
"""Also where each brings a little."""
_PARTIAL, _BAD_RANGE = 206, 416
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Download:
    """One download.

    Attributes:
        url: From where.
        part: The file it grows in; what is there already is gone on with, where the server can.
        size_bytes: What the file must have; 0 where unknown.
        progress: Told how many bytes have come, and how many there will be (None where the server does not say).
        stop: Asked again and again; True stops it, and what has come stays for the next time.
        timeout_s: How long the server may say nothing.
    """

    url: str
    part: Path
    size_bytes: int
    progress: Callable[[int, int | None], None]
    stop: Callable[[], bool]
    timeout_s: float = TIMEOUT_S


def fetch(order: Download) -> bool:
    """Download a file, over several connections where one breaks.

    Returns:
        Whether it is there; False when it was stopped.

    Raises:
        ModelError: The address cannot be used, the server refuses or breaks off again and again, or sends something
            that cannot be a model. What cannot be gone on with is deleted.
        OutputError: The disk is full or the folder refuses; what had come is deleted.
    """
    _check_address(order.url)
    tries = 0
    for left in reversed(range(_MOST_TRIES)):
        before = _part_size(order.part)
        try:
            return _one_connection(order)
        except (urllib.error.URLError, http.client.HTTPException, OSError, _BrokenOffError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
                raise _failed(order.url, Sentence("the server says {code}", code=error.code)) from error
            tries = 0 if _part_size(order.part) > before else tries + 1
            if tries >= _TRIES_WITHOUT_PROGRESS or not left:
                raise _failed(order.url, _reason(error)) from error
        if order.stop():
            break
    return False


def discard(part: Path) -> None:
    """Delete what a download left."""
    for path in (part, _tag_path(part)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


class _BrokenOffError(Exception):
    """The connection ended before the file did."""


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to another address only where that is as safe as the first."""

    def redirect_request(
        self, req: urllib.request.Request, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        _check_address(newurl, may_be_here=_is_here(req.full_url))
        # The library's stubs leave this method's types open.
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _one_connection(order: Download) -> bool:
    start, tag = _resumable(order)
    headers = {"User-Agent": "mirror-app", "Accept-Encoding": "identity"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": tag}
    request = urllib.request.Request(order.url, headers=headers)
    opener = urllib.request.build_opener(_SafeRedirects)
    try:
        answer = opener.open(request, timeout=order.timeout_s)
    except urllib.error.HTTPError as error:
        if error.code != _BAD_RANGE or not start:
            raise
        error.close()
        discard(order.part)
        raise _BrokenOffError from error
    with answer:
        is_rest = answer.status == _PARTIAL and _range_start(answer) == start
        if answer.status == _PARTIAL and not is_rest:
            discard(order.part)
            raise _BrokenOffError
        return _receive(order, answer, start if is_rest else 0)


def _receive(order: Download, answer: http.client.HTTPResponse, done: int) -> bool:
    total = done + answer.length if answer.length is not None else None
    _check_total(order, total)
    with _opened_part(order.part, done) as file:
        if not done:
            _keep_tag(order, answer)
        order.progress(done, total)
        while not order.stop():
            block = answer.read1(_BLOCK_BYTES)
            if not block:
                break
            if not done:
                _check_block(order, block)
            done += len(block)
            if done > (total or order.size_bytes or MOST_BYTES):
                discard(order.part)
                raise _failed(order.url, Sentence("the server sends more than the file has"))
            _write(order.part, file, block)
            order.progress(done, total)
        else:
            return False
    if done < (total or order.size_bytes or 1):
        raise _BrokenOffError
    with contextlib.suppress(OSError):
        _tag_path(order.part).unlink(missing_ok=True)
    return True


def _check_total(order: Download, total: int | None) -> None:
    if total is None:
        return
    if order.size_bytes and total != order.size_bytes:
        discard(order.part)
        raise _failed(
            order.url,
            Sentence("the file there has {got} bytes, expected {expected}", got=total, expected=order.size_bytes),
        )
    check_size(_file_name(order.url), total)
    check_place(order.part, max(total - _part_size(order.part), 0))


def _check_block(order: Download, block: bytes) -> None:
    try:
        check_start(_file_name(order.url), block)
    except ModelError:
        discard(order.part)
        raise


def _opened_part(part: Path, done: int) -> BinaryIO:
    """Open what a download grows in, at `done`; a link that somebody put there is not followed."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        file = os.fdopen(os.open(part, flags, 0o600), "r+b")
    except OSError as error:
        raise cannot_write(part, error) from error
    file.truncate(done)
    file.seek(done)
    return file


def _write(part: Path, file: BinaryIO, block: bytes) -> None:
    try:
        file.write(block)
        file.flush()
    except OSError as error:
        discard(part)
        raise cannot_write(part, error) from error


def _resumable(order: Download) -> tuple[int, str]:
    """How much is there already, and the server's tag of that version of the file; 0 where one starts anew."""
    size = _part_size(order.part)
    try:
        kept = json.loads(_tag_path(order.part).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return 0, ""
    if not isinstance(kept, dict) or kept.get("url") != order.url or not isinstance(kept.get("tag"), str):
        return 0, ""
    return (size, kept["tag"]) if kept["tag"].isprintable() else (0, "")


def _keep_tag(order: Download, answer: http.client.HTTPResponse) -> None:
    # A weak tag says that two versions mean the same, not that their bytes are the same.
    tag = answer.headers.get("ETag", "")
    tag = answer.headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag
    path = _tag_path(order.part)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        if tag:
            path.write_text(json.dumps({"url": order.url, "tag": tag}), encoding="utf-8")


def _tag_path(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _part_size(part: Path) -> int:
    try:
        return part.lstat().st_size
    except OSError:
        return 0


def _range_start(answer: http.client.HTTPResponse) -> int:
    """Where the rest that a server sends begins; -1 when it does not say."""
    start = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdecimal() else -1


def _check_address(url: str, *, may_be_here: bool = True) -> None:
    if not url.startswith("https://") and not (may_be_here and _is_here(url)):
        raise ModelError("The address {url} is not safe to download from: only https is.", url=url[:200])


def _is_here(url: str) -> bool:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _HERE


def _file_name(url: str) -> str:
    return urllib.parse.urlsplit(url).path.rpartition("/")[2] or url[:80]


def _reason(error: Exception) -> str:
    if isinstance(error, _BrokenOffError):
        return Sentence("the connection broke off")
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return Sentence("the server does not answer")
    return str(getattr(error, "reason", "") or error)[:200] or type(error).__name__


def _failed(url: str, why: str) -> ModelError:
    return ModelError("{url} was not downloaded: {why}.", url=url, why=why)

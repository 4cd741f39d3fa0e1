"""Room: deliver. Where a network stream goes, with a key that nobody gets to read by accident. Opens nothing."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_plus

from mirror_app.domain.errors import InputError

MASK: Final = "****"
"""Stands wherever a key or a token would stand."""
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_PORTS: Final = {"rtmp": 1935, "rtmps": 443, "udp": None}
"""The port where none is given; None where there must be one."""
_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?", re.IGNORECASE)
_MOST_PORT: Final = 65535


@dataclass(frozen=True, slots=True, repr=False)
class StreamAddress:
    """A server, and what it is told. Made by `parse_address`.

    Attributes:
        scheme: "rtmp", "rtmps" or "udp".
        host: Name or number, ASCII, without brackets.
        port: 1..65535.
        app: RTMP's application: the path without the key; may hold a token after "?". "" for UDP.
        key: The stream key; "" for UDP. Whoever knows it can stream in the user's name.
    """

    scheme: str
    host: str
    port: int
    app: str = ""
    key: str = field(default="", repr=False)

    @property
    def server(self) -> str:
        """The host and port as an address has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        """For people, windows and logs: the key and whatever stands after "?" are masked."""
        if self.scheme == "udp":
            return f"udp://{self.server}"
        path, has_token, _ = self.app.partition("?")
        return f"{self.scheme}://{self.server}/{path}{'?' + MASK if has_token else ''}/{MASK}"

    @property
    def server_url(self) -> str:
        """RTMP's tcUrl: the address without the key. A token of the server's part stands in it: not for logs."""
        return f"{self.scheme}://{self.server}/{self.app}"

    def hide(self, text: str) -> str:
        """A text of others, such as a server's answer, without the key and the token in it."""
        token = self.app.partition("?")[2]
        bare = {secret for value in (self.key, token) for secret in (value, value.partition("?")[0]) if secret}
        written = {form(secret) for secret in bare for form in (str, quote, quote_plus, lambda s: quote(s, safe=""))}
        for secret in sorted(written, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"StreamAddress({self.shown})"


def parse_address(text: str, key: str = "") -> StreamAddress:
    """Read an address. No sentence of this function quotes what was typed: a key could stand anywhere in it.

    Args:
        text: `rtmp://host[:port]/app`, the same with rtmps, or `udp://host:port` (MPEG-TS).
        key: The stream key where it is kept apart; without it the last part of an RTMP path is the key.

    Raises:
        InputError: It cannot be used; the sentence says why.
    """
    text, key = text.strip(), key.strip()
    if any(char.isspace() or not char.isprintable() for char in text + key):
        raise InputError("A stream's address and key must hold no spaces.")
    match = _SCHEME.fullmatch(text)
    scheme = match[1].lower() if match else ""
    if match is None or scheme not in _PORTS:
        raise InputError("A stream's address must begin with rtmp://, rtmps:// or udp://.")
    rest = match[2]
    end = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    host, port = _host_and_port(rest[:end], _PORTS[scheme])
    if scheme == "udp":
        if rest[end:].strip("/") or key:
            raise InputError("A udp:// address is only a host and a port, such as udp://127.0.0.1:5000; it has no key.")
        return StreamAddress(scheme, host, port)
    app, key = _app_and_key(rest[end:].lstrip("/"), key)
    return StreamAddress(scheme, host, port, app, key)


def _host_and_port(text: str, usual: int | None) -> tuple[str, int]:
    if "@" in text:
        raise InputError("A stream's address with a user name or password before the host cannot be used.")
    bracketed = re.fullmatch(r"\[([^\[\]]*)\](?::(.*))?", text)
    host, port = (bracketed[1], bracketed[2]) if bracketed else (text.partition(":")[0], None)
    if not bracketed and ":" in text:
        port = text.partition(":")[2]
    if not host:
        raise InputError("The stream's address names no host.")
    return _checked_host(host, is_number=bracketed is not None), _checked_port(port, usual)


def _checked_host(host: str, *, is_number: bool) -> str:
    try:
        if is_number:
            return str(ipaddress.IPv6Address(host))
        ascii_host = host.encode("idna").decode("ascii")
    except ValueError:
        ascii_host = ""
    if not _HOST.fullmatch(ascii_host):
        raise InputError("The host in the stream's address is not a name that a computer can have.")
    return ascii_host.lower()


def _checked_port(port: str | None, usual: int | None) -> int:
    if port is None:
        if usual is None:
            raise InputError("A udp:// address needs a port, such as udp://127.0.0.1:5000.")
        return usual
    number = int(port) if re.fullmatch(r"[0-9]{1,5}", port) else 0
    if not 1 <= number <= _MOST_PORT:
        raise InputError("The port in the stream's address must be a number from 1 to 65535.")
    return number


def _app_and_key(path: str, key: str) -> tuple[str, str]:
    """Split "app/key": the key begins after the last "/" before "?", or after the last one when none stands before."""
    if not key:
        before_query = path.partition("?")[0].rstrip("/")
        cut = before_query.rfind("/") if "/" in before_query else path.rfind("/")
        path, key = (path[:cut], path[cut + 1 :]) if cut >= 0 else (path, "")
    if not path.strip("/"):
        raise InputError("The stream's address lacks the server's path: it looks like rtmp://host/live.")
    if not key.strip("/"):
        raise InputError("There is no stream key: the streaming service shows it beside the server's address.")
    return path.strip("/"), key.strip("/")

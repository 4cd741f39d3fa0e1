"""Room: gui. How a command travels to the open window: one JSON object in one line, each way. No Qt, no sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from mirror_app.domain.errors import InputError

LONGEST_REQUEST: Final = 4096
"""Bytes, the line's end included."""
LONGEST_ANSWER: Final = 65536
PATIENCE_MS: Final = 2000
"""How long either side waits for the other."""


def as_line(message: Mapping[str, object]) -> bytes:
    """A message as it is sent."""
    # ASCII: what a shell hands over may hold bytes that are no text, and UTF-8 has no room for them.
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> dict[str, object]:
    """A message as it was meant.

    Raises:
        InputError: The line is not one JSON object.
    """
    try:
        message = json.loads(line)
    # RecursionError: brackets in brackets in brackets.
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise InputError("The request is not one JSON object in one line.")
    return message

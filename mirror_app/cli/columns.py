"""Room: cli. How wide text is in a terminal, where a Chinese character takes two places. Prints nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def cells(text: str) -> int:
    """Places that a text takes in a line."""
    return sum(_cells(char) for char in text)


def left(text: str, width: int) -> str:
    """The text with spaces after it, so many places wide."""
    return text + " " * max(width - cells(text), 0)


def right(text: str, width: int) -> str:
    """The text with spaces before it, so many places wide."""
    return " " * max(width - cells(text), 0) + text


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many places, broken at spaces and between Chinese characters."""
    lines = [""]
    for piece in _pieces(" ".join(text.split())):
        if cells((lines[-1] + piece).rstrip()) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines


def _pieces(text: str) -> Iterator[str]:
    """What a line may end after: a space, or a wide character that no closing mark follows."""
    piece = ""
    for char, following in zip(text, [*text[1:], ""], strict=True):
        piece += char
        is_break = char == " " or (_cells(char) == 2 and not _sticks(char)) or _cells(following or "a") == 2
        if is_break and following not in _CLOSING:
            yield piece
            piece = ""
    if piece:
        yield piece


_CLOSING = tuple("，。：；！？、）》”’…")


def _sticks(char: str) -> bool:
    return char in "（《“‘"


def _cells(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

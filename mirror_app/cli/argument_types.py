"""Room: cli. From the words of an option to a number or a size; says what is wrong with them."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Sequence
from typing import Final

from mirror_app.language import Words

MAX_SIZE_PX: Final = 7680
_MOST_FACES: Final = 99


def number(words: Words, name: str, low: float, high: float) -> Callable[[str], float]:
    """A parser of finite numbers between two bounds, the bounds included."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                words(
                    "{name} must be a number from {low} to {high}, not {text}",
                    name=name,
                    low=f"{low:g}",
                    high=f"{high:g}",
                    text=text,
                )
            )
        return value

    return parse


def count(words: Words, name: str, low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers between two bounds, the bounds included."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(
                words(
                    "{name} must be a whole number from {low} to {high}, not {text}",
                    name=name,
                    low=low,
                    high=high,
                    text=text,
                )
            )
        return int(text)

    return parse


def face_numbers(words: Words) -> Callable[[str], list[int]]:
    """A parser of whole numbers from 1 on, separated by commas."""

    def parse(text: str) -> list[int]:
        parts = text.split(",")
        if not all(part.strip().isdecimal() and 1 <= int(part) <= _MOST_FACES for part in parts):
            raise argparse.ArgumentTypeError(
                words("face must be a number from 1 to 99, or several separated by commas, not {text}", text=text)
            )
        return [int(part) for part in parts]

    return parse


def worn_by(words: Words) -> Callable[[str], tuple[int, str]]:
    """A parser of who wears what: a person's number, an equals sign and a target face."""

    def parse(text: str) -> tuple[int, str]:
        number, _, target = (part.strip() for part in text.partition("="))
        if not (number.isdecimal() and 1 <= int(number) <= _MOST_FACES and target):
            raise argparse.ArgumentTypeError(
                words(
                    "who wears what must look like 2=NAME, with a person's number from 1 to 99, not {text}", text=text
                )
            )
        return int(number), target

    return parse


def parts(words: Words, name: str, known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A parser of known words, separated by commas."""

    def parse(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
        if any(part not in known for part in found):
            raise argparse.ArgumentTypeError(
                words(
                    "{name} may hold {choices}, separated by commas, not {text}",
                    name=name,
                    choices=", ".join(known),
                    text=text,
                )
            )
        return found

    return parse


def picture_size(words: Words) -> Callable[[str], tuple[int, int]]:
    """A parser of sizes like 1280x720."""

    def parse(text: str) -> tuple[int, int]:
        match = re.fullmatch(r"([0-9]{1,5})[xX×]([0-9]{1,5})", text)
        width, height = (int(match[1]), int(match[2])) if match else (0, 0)
        if not (64 <= width <= MAX_SIZE_PX and 64 <= height <= MAX_SIZE_PX):
            raise argparse.ArgumentTypeError(
                words(
                    "size must look like 1280x720, from 64 to {most} pixels per side, not {text}",
                    most=MAX_SIZE_PX,
                    text=text,
                )
            )
        return width, height

    return parse

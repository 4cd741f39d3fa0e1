"""Room: runtime. The models the app knows, read from one data file. Downloads nothing, opens no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a model is for; the value is its word in the catalogue."""

    DETECTOR = "detector"
    LANDMARKS = "landmarks"
    RECOGNISER = "recogniser"
    SWAPPER = "swapper"
    CONVERTER = "converter"
    """From a recogniser's embedding to the one a swapper was trained with."""
    PARSER = "parser"
    OCCLUDER = "occluder"


@dataclass(frozen=True, slots=True)
class TensorContract:
    """One input or output a model must have.

    Attributes:
        name: As the file names it; "" where files differ and only the shape tells.
        shape: -1 where any size fits.
    """

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One published file of a model.

    Attributes:
        name: File name.
        precision: "fp32" or "fp16".
        size_bytes: 0 where unknown.
        sha256: 64 hex digits, "" where unknown.
        urls: Where it can be downloaded, best first; may be empty.
    """

    name: str
    precision: str
    size_bytes: int
    sha256: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which terms a model may be used.

    Attributes:
        name: Short name, e.g. "InsightFace non-commercial".
        url: Where its text stands; "" where none was published.
        allows_en: What it allows, in a sentence.
        allows_zh: The same in Chinese.
    """

    name: str
    url: str
    allows_en: str
    allows_zh: str


@dataclass(frozen=True, slots=True, eq=False)
class ModelSpec:
    """One model the app can run.

    Attributes:
        name: Key, e.g. "inswapper_128"; swappers are chosen by it with `--engine`.
        title: For people.
        role: What it is for.
        family: Models of one family run through the same code with the same contract keys.
        licence: Under which terms.
        files: Published files; the first is the usual one.
        needs: Names of models without which it cannot run.
        inputs: What `run` must want, in any order.
        outputs: What it must give, in this order.
        contract: The family's own facts (template, side, mean, std…), read by the room that runs it.
    """

    name: str
    title: str
    role: Role
    family: str
    licence: Licence
    files: tuple[ModelFile, ...]
    needs: tuple[str, ...]
    inputs: tuple[TensorContract, ...]
    outputs: tuple[TensorContract, ...]
    contract: Mapping[str, object]

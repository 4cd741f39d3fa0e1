"""Room: tools. What is to be said about the models, for a window or a terminal. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirror_app.runtime.catalogue import ModelSpec


@dataclass(frozen=True, slots=True, eq=False)
class Fetch:
    """A file that would be downloaded.

    Attributes:
        spec: The model it is.
        size_bytes: 0 where nobody published it.
    """

    spec: ModelSpec
    size_bytes: int


@dataclass(frozen=True, slots=True, eq=False)
class ModelRow:
    """One model of the catalogue and how it stands on this computer.

    Attributes:
        spec: What the catalogue says.
        installed: Its precisions that are here, "fp32" first.
        size_bytes: Of what is here, or of what would be downloaded; 0 where unknown.
        is_known: Whether every file here is one that the catalogue knows by its digest.
        is_own: Whether it lies in the app's folder and may be removed; packs of other programs are read only.
        missing: Titles of the models without which it cannot run and that are not here.
        fetches: What getting it downloads, itself first, then what it needs; empty where it has no address.
        tiled: Further words of `Wishes.engine` for a swapper: the same network on a larger crop, side behind the "@".
    """

    spec: ModelSpec
    installed: tuple[str, ...] = ()
    size_bytes: int = 0
    is_known: bool = True
    is_own: bool = True
    missing: tuple[str, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    tiled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file that was to be imported.

    Attributes:
        title: The model's; "" when nothing was taken in because several models fit.
        warning: A sentence, or "".
        choices: Names of the models that fit, when one of them must be named.
    """

    title: str
    warning: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedStage:
    """One step of a model's examination: what it was about, whether it passed, and what was seen."""

    name: str
    passed: bool
    detail: str

"""Room: runtime. A plan and the file beside it that says what it was made of. Loads no plan, builds none.

A plan is code: whoever can write it decides what runs. It is used only when it is the user's own file, whole, and made
here of just this model for just this card and library; all of that is looked at before TensorRT sees a byte of it.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason
from mirror_app.runtime.model_file import digest
from mirror_app.whole_file import whole_file

_FORMAT: Final = 1
_MOST_SIDECAR_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan was made of and for: when one of them differs here, it is of no use.

    Attributes:
        model: Name in the catalogue.
        precision: One of `model_scan.PRECISIONS`.
        model_sha256: Of the installed file that it was made of.
        converter: What made the smaller network of that file, with its version; "" where the file went in as it is.
        tensorrt: Version of the library.
        gpu: Name of the card.
        compute_capability: Of the card, e.g. "8.6".
        system: Operating system and processor, e.g. "Linux x86_64".
        flags: What the builder was told, in JSON's types.
    """

    model: str
    precision: str
    model_sha256: str
    converter: str
    tensorrt: str
    gpu: str
    compute_capability: str
    system: str
    flags: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Plan:
    """A built plan, as its sidecar tells.

    Attributes:
        facts: What it was made of and for.
        sha256: Of the plan's file.
        size_bytes: Of the plan's file.
        batch: How many faces one run takes at most: the recipe's number, or 1 where the network takes no more.
        seconds: How long it took to build.
        cuda: The newest CUDA that the driver knew then.
        width: How much was kept FP32, a number of `widening.Width`; no fact: it is what this card turned out to need.
        remark: What the user was told of it, "" where there was nothing to tell.
    """

    facts: PlanFacts
    sha256: str
    size_bytes: int
    batch: int
    seconds: float
    cuda: str
    width: int = 0
    remark: str = ""


def plan_path(folder: Path, model: str, precision: str) -> Path:
    """Where the plan of a model lies; its sidecar has the ending .json."""
    return folder / f"{model}.{precision}.plan"


def write_sidecar(path: Path, plan: Plan) -> None:
    """Write down what a plan was made of, beside it.

    Raises:
        OutputError: It cannot be written; nothing is left of it.
    """
    with whole_file(path.with_suffix(".json")) as part:
        # Where a group's members may write to each other's new files it would be refused for that.
        part.touch(mode=0o600)
        part.write_text(json.dumps({"format": _FORMAT, **asdict(plan)}, indent=1), encoding="utf-8")


def read_plan(path: Path) -> Plan:
    """What a plan was made of, after a look at whether it may be trusted and is whole.

    Raises:
        ModelError: It is not the user's own file, is missing, damaged or not the one that its sidecar describes.
    """
    for one in (path.parent, path, path.with_suffix(".json")):
        check_own(one)
    plan = _sidecar(path.with_suffix(".json"))
    try:
        size = path.stat().st_size
        # The size first: a file that was cut off need not be read.
        if size != plan.size_bytes:
            raise _damaged(path, Sentence("{size} of {all} bytes", size=size, all=plan.size_bytes))
        with path.open("rb") as file:
            found = digest(file)
    except OSError as error:
        raise _damaged(path, system_reason(error)) from error
    if found != plan.sha256:
        raise _damaged(path, Sentence("its SHA-256 is another one"))
    if path != plan_path(path.parent, plan.facts.model, plan.facts.precision):
        raise _damaged(path, Sentence("it is the plan of {model}", model=plan.facts.model))
    return plan


def staleness(there: PlanFacts, here: PlanFacts) -> str:
    """Why a plan is of no use here, a `Sentence`; "" when it is.

    Args:
        there: What it was made of and for.
        here: What a new one would be made of and for.
    """
    differing = [one.name for one in fields(PlanFacts) if getattr(there, one.name) != getattr(here, one.name)]
    if not differing:
        return ""
    first = differing[0]
    return _WHY[first] if first in _WHY else Sentence(
        "it was built for {there}, and here is {here}", there=getattr(there, first), here=getattr(here, first)
    )  # fmt: skip


# What is not here names the two: card, library, system.
_WHY: Final = {
    "model": Sentence("it was built of another model"),
    "precision": Sentence("it was built of another model"),
    "model_sha256": Sentence("it was built of another file of the model"),
    "converter": Sentence("networks are converted in another way now"),
    "flags": Sentence("its recipe has changed"),
}


def check_own(path: Path) -> None:
    """See that only the user can have written something.

    Raises:
        ModelError: It is missing, a link, of somebody else, or others may write to it.
    """
    try:
        stats = path.lstat()
    except OSError as error:
        raise _damaged(path, system_reason(error)) from error
    is_right_kind = stat.S_ISREG(stats.st_mode) or stat.S_ISDIR(stats.st_mode)
    # Windows has no owner's number, and keeps the user's folder from others by itself.
    is_own = not hasattr(os, "getuid") or (stats.st_uid == os.getuid() and not stats.st_mode & 0o022)
    if not (is_right_kind and is_own):
        raise ModelError(
            "{path} is not used: it may be somebody else's, and a plan is code. Delete it and build it again.",
            path=path,
        )


def _sidecar(path: Path) -> Plan:
    try:
        if path.stat().st_size > _MOST_SIDECAR_BYTES:
            raise ValueError("too large")
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("format") != _FORMAT:
            raise ValueError("another format")
        plan = Plan(**{**values, "facts": PlanFacts(**values["facts"])})
    # What JSON holds instead of the fields: too few, too many, of other kinds.
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged(path, error) from error
    texts, counts = (plan.sha256, plan.facts.model, plan.remark), (plan.size_bytes, plan.width)
    if not (all(isinstance(one, str) for one in texts) and all(type(one) is int for one in counts)):
        raise _damaged(path, Sentence("a value is of another kind"))
    return plan


def _damaged(path: Path, why: object) -> ModelError:
    return ModelError("{path} is damaged: {why}. Build it again.", path=path, why=why)

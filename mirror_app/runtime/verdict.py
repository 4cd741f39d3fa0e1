"""Room: runtime. What the parity gate found of a plan, kept beside it, so that it need not look at each start.

The comparison needs the whole network on the CPU, which takes seconds and memory. What is kept holds for one plan's
bytes and one driver: another driver may run the same plan in another way.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.build_place import BuildPlace
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.plan_file import Plan, check_own
from mirror_app.whole_file import whole_file

_FORMAT: Final = 1
_MOST_BYTES: Final = 2**16
_ENDING: Final = ".verdict"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A plan that says what ONNX Runtime says. Errors are shares of the range of the reference's numbers.

    Attributes:
        plan_sha256: Of the plan's file.
        cuda: The newest CUDA that the driver knew then.
        largest: Error of the worst number.
        mean: Mean error of the worst output.
        psnr_db: Peak signal to noise; infinite where all were equal.
        cosine: Of the angle between the outputs.
    """

    plan_sha256: str
    cuda: str
    largest: float
    mean: float
    psnr_db: float
    cosine: float


def verdict_of(found: Parity, plan: Plan, cuda: str) -> Verdict:
    """What to keep of a comparison that a plan has passed.

    Args:
        found: What was found.
        plan: The plan.
        cuda: The newest CUDA that the driver knows.
    """
    return Verdict(plan.sha256, cuda, found.largest, found.mean, found.psnr_db, found.cosine)


def read_verdict(plan_path: Path) -> Verdict | None:
    """What was found of a plan; None when nothing was, or what is there is damaged or may be somebody else's."""
    path = plan_path.with_suffix(_ENDING)
    try:
        for one in (path.parent, path):
            check_own(one)
        if path.stat().st_size > _MOST_BYTES:
            return None
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("format") != _FORMAT:
            return None
        verdict = Verdict(**values)
    # What JSON holds instead of the fields: too few, too many, of other kinds.
    except (ModelError, OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    kinds = {"plan_sha256": str, "cuda": str}
    is_whole = all(isinstance(getattr(verdict, one.name), kinds.get(one.name, float)) for one in fields(Verdict))
    return verdict if is_whole else None


def write_verdict(plan_path: Path, verdict: Verdict) -> None:
    """Keep what was found of a plan, beside it.

    Raises:
        OutputError: It cannot be written; an older one is as it was.
    """
    with whole_file(plan_path.with_suffix(_ENDING)) as part:
        part.touch(mode=0o600)
        part.write_text(json.dumps({"format": _FORMAT, **asdict(verdict)}, indent=1), encoding="utf-8")


def forget_verdict(plan_path: Path) -> None:
    """Remove what was found of an older plan.

    Raises:
        OSError: The system refused.
    """
    plan_path.with_suffix(_ENDING).unlink(missing_ok=True)


def is_proven(verdict: Verdict | None, plan: Plan, place: BuildPlace) -> bool:
    """Whether the plan that is there was compared, under the driver that is there.

    Args:
        verdict: What `read_verdict` gave.
        plan: What `read_plan` gave.
        place: The card and its driver as they are now.
    """
    return verdict is not None and (verdict.plan_sha256, verdict.cuda) == (plan.sha256, place.card.cuda)

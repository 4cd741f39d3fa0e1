"""Room: tools. The figures below which the picture is worse than it must be. Loose: they catch mistakes, not taste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mirror_app.domain.sentence import Sentence
from mirror_app.tools.evaluate_figures import Figures

WORSE: Final = 11
"""Exit code when a limit is broken."""


PHOTO: Final = "photo"
"""Name of the built-in photo target, see `evaluate_clips.demo_photo`."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a figure may be.

    Attributes:
        figure: Attribute of `Figures`.
        low: At least.
        high: At most.
        target: Name of the target for which it holds; "" = every one. A painted face may be as sharp, blotched and
            unmoved by light as its painter wanted.
    """

    figure: str
    low: float
    high: float
    target: str = ""


LIMITS: Final = (
    Limit("covered", 0.98, 1.0),
    Limit("lost", 0, 0),
    Limit("yaw_error", 0, 0.06),
    Limit("flicker_ratio", 0, 2.0),
    Limit("seam", 0, 2.0),
    Limit("background_changed", 0, 0.002),
    Limit("landmark_error", 0, 0.06),
    Limit("cover", 0.78, 1.0),
    Limit("spill", 0, 0.22),
    Limit("expression_gap", 0, 0.6, PHOTO),
    Limit("sharpness_ratio", 0.6, 1.25, PHOTO),
    Limit("blotch_ratio", 0, 2.0, PHOTO),
    Limit("seam", 0, 0.5, PHOTO),
    Limit("light_error", 0, 0.25, PHOTO),
)
"""A pair without the figure keeps the limit."""


def limits_broken(rows: Sequence[Figures]) -> list[Sentence]:
    """A sentence for every figure outside its limits; [] = all is well."""
    return [
        Sentence(
            "{clip} with {target}: {figure} is {value}, not {low} to {high}.",
            clip=row.clip,
            target=row.target,
            figure=limit.figure,
            value=f"{value:.3f}",
            low=f"{limit.low:g}",
            high=f"{limit.high:g}",
        )
        for row in rows
        for limit in LIMITS
        if limit.target in ("", row.target)
        and (value := getattr(row, limit.figure)) is not None
        and not limit.low <= value <= limit.high
    ]

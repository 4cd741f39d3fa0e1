"""Room: tools. What following and choosing people must reach. Data and comparison only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mirror_app.domain.sentence import Sentence
from mirror_app.tools.evaluate_lamp import LampFigures
from mirror_app.tools.evaluate_people import PeopleFigures
from mirror_app.tools.evaluate_strangers import StrangerFigures

LEAST_MOTA: Final = 0.95
LEAST_IDF1: Final = 0.95
LEAST_SWAPPED: Final = 0.98
"""Share of the frames in which the chosen one can be seen."""
LONGEST_SETTLING_S: Final = 0.5
MOST_OVERSHOOT: Final = 0.1


def people_limits_broken(
    people: Sequence[PeopleFigures], strangers: StrangerFigures | None, lamp: LampFigures | None
) -> list[Sentence]:
    """A sentence for every figure that is worse than it must be; [] = all is well."""
    figures = [one for row in people for one in _followed(row)]
    if strangers is not None:
        figures += [
            ("strangers", "wrong", -strangers.wrong, 0),
            ("strangers", "swapped", strangers.swapped_share, LEAST_SWAPPED),
        ]
    if lamp is not None:
        figures += [
            ("lamp", "settling", -lamp.settling_s, -LONGEST_SETTLING_S),
            ("lamp", "overshoot", -lamp.overshoot, -MOST_OVERSHOOT),
        ]
    return [
        Sentence(
            "{clip}: {figure} is {value}, and must be {limit}.",
            clip=clip,
            figure=figure,
            value=f"{abs(value):.3f}",
            limit=f"{abs(limit):g}",
        )
        for clip, figure, value, limit in figures
        if value < limit
    ]


def _followed(row: PeopleFigures) -> Iterator[tuple[str, str, float, float]]:
    """Clip, figure, value, least value; what must be small is negated."""
    yield row.clip, "switches", -row.match.switches, 0
    yield row.clip, "MOTA", row.match.mota, LEAST_MOTA
    yield row.clip, "IDF1", row.match.idf1, LEAST_IDF1

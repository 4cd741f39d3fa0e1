"""Room: cli. The budget of a frame on a graphics card, on paper and beside what was measured, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mirror_app.cli.columns import left, right, wrapped
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.runtime.card_figures import CardFigures
from mirror_app.tools.budget.frame import FrameBudget, Host, PaperStage
from mirror_app.tools.budget.measured import MeasuredNetwork
from mirror_app.tools.budget.networks import Basis

_STAGES: Final = {
    PaperStage.DECODE: Sentence("decode"),
    PaperStage.MESH: Sentence("mesh"),
    PaperStage.DETECT: Sentence("detect"),
    PaperStage.COPY: Sentence("copy"),
    PaperStage.NETWORK: Sentence("network"),
    PaperStage.APP: Sentence("app"),
    PaperStage.PAINT: Sentence("paint"),
}
_NAME_WIDTH: Final = 24
_CELL_WIDTH: Final = 9
_WIDTH: Final = 110


def paper_table(
    card: CardFigures, host: Host, budgets: Sequence[FrameBudget], masks_ms: Mapping[str, float], words: Words
) -> str:
    """A line for each engine, ms, and what the figures are."""
    heads = [*(_STAGES[stage] for stage in PaperStage), Sentence("sum"), Sentence("usual"), Sentence("MB")]
    lines = [
        words(
            "On paper, not measured: {card}, {size}, one face, FP16; the least time of every stage, ms",
            card=card.name,
            size=_size(host),
        ),
        left("", _NAME_WIDTH) + "".join(right(words(head), _CELL_WIDTH) for head in heads),
    ]
    for row in budgets:
        name = row.engine + (" *" if row.basis is Basis.GUESS else "")
        times = [*row.stages_ms.values(), row.total_ms, row.usual_ms]
        cells = [*(f"{ms:.2f}" for ms in times), f"{row.memory_bytes / 1e6:.0f}"]
        lines.append(left(name, _NAME_WIDTH) + "".join(right(cell, _CELL_WIDTH) for cell in cells))
    return "\n".join([*lines, *(line for text in _remarks(budgets, masks_ms, words) for line in wrapped(text, _WIDTH))])


def _remarks(budgets: Sequence[FrameBudget], masks_ms: Mapping[str, float], words: Words) -> Iterator[str]:
    added = ", ".join(f"{name} {ms:.2f}" for name, ms in masks_ms.items())
    yield words("mask networks, where installed, add to every frame: {added}", added=added)
    yield words(
        "decode, mesh, app and paint run on the processor and were measured on a small server, not on your computer."
        " detect is its share: it runs between two frames and is not in the sum."
    )
    yield words("usual: the sum when sums are kept in FP32 and every step goes through the card's memory.")
    if any(row.basis is Basis.GUESS for row in budgets):
        yield words(
            "* its layers are not known: the real network may be several times heavier, unless it is installed."
        )


def paper_json(
    card: CardFigures, host: Host, budgets: Sequence[FrameBudget], masks_ms: Mapping[str, float]
) -> dict[str, object]:
    """The same for programs."""
    return {
        "card": card.name,
        "source": card.source,
        "measured": False,
        "size": _size(host),
        "engines": [
            {
                "engine": row.engine,
                "basis": row.basis.value,
                "floor_ms": {stage.value: round(ms, 4) for stage, ms in row.stages_ms.items()},
                "sum_ms": round(row.total_ms, 3),
                "usual_ms": round(row.usual_ms, 3),
                "memory_mb": round(row.memory_bytes / 1e6),
            }
            for row in budgets
        ],
        "masks_ms": {name: round(ms, 4) for name, ms in masks_ms.items()},
    }


def measured_lines(rows: Sequence[MeasuredNetwork], words: Words) -> Iterator[str]:
    """A line for each network that ran on a card."""
    for row in rows:
        if row.floor is None or row.times is None:
            yield words(
                "network {name} ({provider}): measured {measured} ms; what {card} could do at best is not known",
                name=row.name,
                provider=row.provider,
                measured=f"{row.measured_ms:.2f}",
                card=row.device,
            )
        else:
            yield words(
                "network {name} ({provider}): measured {measured} ms, floor {floor} ms on paper, {times} times",
                name=row.name,
                provider=row.provider,
                measured=f"{row.measured_ms:.2f}",
                floor=f"{row.floor.total_ms:.2f}",
                times=f"{row.times:.1f}",
            )


def _size(host: Host) -> str:
    return f"{host.size_wh[0]}x{host.size_wh[1]}"

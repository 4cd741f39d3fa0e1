"""Room: cli. The figures of an evaluation as a table for people, plain or Markdown, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from mirror_app.cli.columns import cells, left, right
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.tools.evaluate_figures import Figures

_COLUMNS: Final[tuple[tuple[str, str, int], ...]] = (
    (Sentence("covered"), "covered", 2),
    (Sentence("lost"), "lost", 0),
    (Sentence("least kept"), "least_kept", 2),
    (Sentence("gap"), "expression_gap", 3),
    (Sentence("yaw err"), "yaw_error", 3),
    (Sentence("flicker"), "flicker_ratio", 2),
    (Sentence("sharp"), "sharpness_ratio", 2),
    (Sentence("blotch"), "blotch_ratio", 2),
    (Sentence("seam"), "seam", 2),
    (Sentence("far"), "background_changed", 4),
    (Sentence("landmk"), "landmark_error", 3),
    (Sentence("cover"), "cover", 2),
    (Sentence("spill"), "spill", 2),
    (Sentence("glasses"), "glasses_kept", 2),
    (Sentence("fringe"), "fringe_kept", 2),
    (Sentence("beard"), "beard_kept", 2),
    (Sentence("light"), "light_error", 2),
    ("ms", "ms_p50", 1),
)
"""Heading, attribute of `Figures`, digits after the point. Columns in which no pair has a figure are left out."""
_ROUNDED: Final = 4


def figures_table(rows: Sequence[Figures], words: Words, *, markdown: bool = False) -> str:
    """One line per pair under one line of headings; "-" where nothing was to measure, "still" where nothing moved."""
    columns = [column for column in _COLUMNS if any(getattr(row, column[1]) is not None for row in rows)]
    lines = [[words("clip"), words("target"), *(words(heading) for heading, _, _ in columns)]]
    lines += [[row.clip, row.target, *(_cell(row, name, digits, words) for _, name, digits in columns)] for row in rows]
    return drawn_table(lines, markdown=markdown, left_columns=2)


def drawn_table(lines: Sequence[Sequence[str]], *, markdown: bool, left_columns: int) -> str:
    """Lines of cells, headings first, aligned for people or as Markdown; the first columns are words, the rest numbers.

    Args:
        lines: All of the same length.
        markdown: Whether it is to be pasted.
        left_columns: So many columns begin at the left.
    """
    if markdown:
        ruled = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
        return "\n".join(f"| {' | '.join(line)} |" for line in ruled)
    widths = [max(cells(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            (left if place < left_columns else right)(word, width)
            for place, (word, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def figures_json(row: Figures) -> dict[str, object]:
    """One pair for programs, numbers rounded to four digits."""
    table: dict[str, object] = {**asdict(row), "least_kept": row.least_kept, "expression_gap": row.expression_gap}
    return {key: rounded(value) for key, value in table.items()}


def _cell(row: Figures, name: str, digits: int, words: Words) -> str:
    value = getattr(row, name)
    if value is None:
        return words("still") if name in ("least_kept", "expression_gap") else "-"
    return f"{value:.{digits}f}"


def rounded(value: object) -> object:
    """The number, or a table with all its numbers, rounded to four digits."""
    if isinstance(value, float):
        return round(value, _ROUNDED)
    return {key: rounded(one) for key, one in value.items()} if isinstance(value, dict) else value

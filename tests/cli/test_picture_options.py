"""Room: tests. What the command line says about how a face is worn reaches the mirror's controls."""

from __future__ import annotations

import pytest

from mirror_app.cli.parser import build_parser
from mirror_app.cli.picture_options import controls_from
from mirror_app.domain.assignment import Glasses, Joining, LivePart
from mirror_app.language import open_words
from tests.gui.fakes import target

COMMANDS = {
    "render": ["render", "in.mp4", "out.mp4", "--target", "tiger"],
    "batch": ["batch", "in.mp4", "--out", "results", "--target", "tiger"],
    "bench": ["bench"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ([], set()),
        (["--keep", "eyes"], {LivePart.EYES}),
        (["--keep", "mouth, eyes,mouth"], {LivePart.EYES, LivePart.MOUTH}),
    ],
)
def test_what_stays_of_the_live_face_can_be_said(command: str, words: list[str], kept: set[LivePart]) -> None:
    options = build_parser(open_words("en")).parse_args([*COMMANDS[command], *words])
    assert controls_from(options, target("tiger")).kept == kept


def test_all_choices_arrive() -> None:
    words = ["bench", "--likeness", "0.25", "--joining", "alpha", "--glasses", "keep", "--keep", "eyes"]
    worn = controls_from(build_parser(open_words("en")).parse_args(words), target("tiger"), label_on=False)
    assert (worn.likeness, worn.joining, worn.glasses) == (0.25, Joining.ALPHA, Glasses.KEEP)
    assert (worn.kept, worn.label_on) == (frozenset({LivePart.EYES}), False)

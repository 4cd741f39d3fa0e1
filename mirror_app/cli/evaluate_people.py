"""Room: cli. `mirror-app evaluate --people`: how well several people are followed and told apart."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from mirror_app.cli.clip_choice import named
from mirror_app.cli.console import ProgressBar, note, say, say_json
from mirror_app.cli.evaluate_table import drawn_table, rounded
from mirror_app.cli.target_option import choose_target
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.target import TargetFace
from mirror_app.language import Words
from mirror_app.pipeline.assembly import open_enroller, open_mirror, open_tracker
from mirror_app.tools.evaluate_clips import demo_photo
from mirror_app.tools.evaluate_lamp import LampFigures, follow_lamp
from mirror_app.tools.evaluate_limits import PHOTO, WORSE
from mirror_app.tools.evaluate_people import PeopleFigures, follow_people
from mirror_app.tools.evaluate_strangers import StrangerFigures, wear_among_strangers
from mirror_app.tools.people_clips import (
    LAMP,
    PEOPLE_SECONDS,
    STRANGERS,
    PeopleClip,
    demo_clip,
    lamp_held,
    people_clips,
)
from mirror_app.tools.people_limits import people_limits_broken
from mirror_app.tools.people_tiles import tiled_clip

_STRANGERS: Final = "strangers"
_LAMP: Final = "lamp"
_HEADINGS: Final = (
    Sentence("clip"), Sentence("people"), Sentence("frames"), Sentence("switches"), "MOTA", "IDF1",
    Sentence("missed"), Sentence("false"), Sentence("unnamed"), Sentence("mesh err"), Sentence("lost"),
)  # fmt: skip


def run(options: argparse.Namespace, words: Words) -> int:
    """Evaluate, print, and with `--check` compare; 0, or `WORSE` when a limit is broken.

    Raises:
        MirrorError: The footage or the target cannot be used.
    """
    clips = _clips(options)
    bar = ProgressBar(words)
    done, expected = 0, sum(clip.frames for clip in clips)

    def progress() -> None:
        nonlocal done
        done += 1
        bar(done, expected)

    try:
        followed = [
            follow_people(clip, progress, open_tracker()) for clip in clips if clip.name not in (_STRANGERS, _LAMP)
        ]
        strangers = next((_among_strangers(clip, options, progress) for clip in clips if clip.name == _STRANGERS), None)
        lamp = next((_under_lamp(clip, options, progress) for clip in clips if clip.name == _LAMP), None)
    finally:
        bar.clear()
    broken = people_limits_broken(followed, strangers, lamp) if options.check else []
    if options.json:
        say_json(_json(followed, strangers, lamp, broken))
    else:
        _say(followed, strangers, lamp, words, markdown=options.markdown)
        for sentence in broken:
            note(words(sentence))
    return WORSE if broken else 0


def _clips(options: argparse.Namespace) -> list[PeopleClip]:
    seconds = options.seconds or PEOPLE_SECONDS
    clips = [*people_clips(seconds), demo_clip(_STRANGERS, STRANGERS, seconds), demo_clip(_LAMP, LAMP, seconds)]
    if options.footage is not None:
        clips = [tiled_clip(options.footage, seconds)]
    return named(clips, options.only)


def _among_strangers(clip: PeopleClip, options: argparse.Namespace, progress: Callable[[], None]) -> StrangerFigures:
    return wear_among_strangers(clip, open_mirror(options.engine), _target(options), progress)


def _under_lamp(clip: PeopleClip, options: argparse.Namespace, progress: Callable[[], None]) -> LampFigures:
    mirrors = open_mirror(options.engine), open_mirror(options.engine)
    return follow_lamp(clip, lamp_held, mirrors, _target(options), progress)


def _target(options: argparse.Namespace) -> TargetFace:
    """The target asked for, else the demo's photo: a painted face hardly changes with the light."""
    if options.target is None:
        return open_enroller().from_photo(demo_photo(), PHOTO).target
    return choose_target(options.target, options.consent, options.face).face


def _json(
    followed: list[PeopleFigures], strangers: StrangerFigures | None, lamp: LampFigures | None, broken: list[Sentence]
) -> dict[str, object]:
    return {
        "people": [rounded(asdict(row)) for row in followed],
        "strangers": None if strangers is None else asdict(strangers),
        "lamp": None if lamp is None else rounded(asdict(lamp)),
        "broken": broken,
    }


def _say(
    followed: list[PeopleFigures], strangers: StrangerFigures | None, lamp: LampFigures | None, words: Words,
    *, markdown: bool,
) -> None:  # fmt: skip
    if followed:
        lines = [[words(heading) for heading in _HEADINGS], *(_cells(row) for row in followed)]
        say(drawn_table(lines, markdown=markdown, left_columns=1))
    if strangers is not None:
        say(
            words(
                "Strangers: {wrong} wrong faces wore the target in {strange} frames with strangers; the chosen person "
                "wore it in {swapped} of {visible} frames in which she could be seen, and was recognised in "
                "{recognised}.",
                wrong=strangers.wrong,
                strange=strangers.with_strangers,
                swapped=strangers.swapped,
                visible=strangers.visible,
                recognised=strangers.recognised,
            )
        )
    if lamp is not None:
        say(
            words(
                "Lamp: switched {switches} times; the colour settled within {settling} s and went {overshoot} % too "
                "far.",
                switches=lamp.switches,
                settling=f"{lamp.settling_s:.2f}",
                overshoot=f"{100 * lamp.overshoot:.0f}",
            )
        )


def _cells(row: PeopleFigures) -> list[str]:
    match = row.match
    counts = (row.people, row.frames, match.switches)
    error = "-" if row.mesh_error is None else f"{row.mesh_error:.4f}"
    return [
        row.clip, *(str(count) for count in counts), f"{match.mota:.3f}", f"{match.idf1:.3f}", str(match.misses),
        str(match.false_boxes), str(match.unnamed), error, f"{row.lost:.3f}",
    ]  # fmt: skip

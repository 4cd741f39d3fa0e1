"""Room: cli. From the words of `--target` or `--wear` to who wears what, and a file's people in words."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from mirror_app.cli.target_option import ChosenTarget, choose_target
from mirror_app.domain.cast import Cast, Wearers, with_target
from mirror_app.domain.errors import InputError
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.people_seen import PeopleSeen, PersonSeen


@dataclass(frozen=True, slots=True, eq=False)
class ChosenCast:
    """Who wears what.

    Attributes:
        target: The face to wear; None where each person has her own.
        cast: Who wears it, or which person wears which.
        name: What the user called it.
        note: A sentence worth saying about it, else "".
    """

    target: TargetFace | None
    cast: Cast
    name: str
    note: str


def choose_cast(options: argparse.Namespace) -> ChosenCast:
    """Find and load the faces to wear.

    Args:
        options: Parsed options with `target`, `face`, `consent`, `wearers` and `wear`.

    Raises:
        MirrorError: See `choose_target`.
        InputError: A person is named twice, or everybody and single people were asked for at once.
    """
    if not options.wear:
        one = choose_target(options.target, options.consent, options.face)
        return ChosenCast(one.face, Cast(Wearers(options.wearers)), one.name, one.note)
    wanted: dict[int, str] = {}
    for person, words in options.wear:
        if person in wanted:
            raise InputError("Person {number} can wear one face only: give one --wear for each person.", number=person)
        wanted[person] = words
    if options.wearers != Wearers.ONE.value:
        raise InputError("--wear says who wears what: leave --wearers out.")
    loaded: dict[str, ChosenTarget] = {}
    cast = Cast()
    for person, words in wanted.items():
        if words not in loaded:
            loaded[words] = choose_target(words, options.consent, options.face)
        cast = with_target(cast, person, loaded[words].face)
    name = ", ".join(f"{person}={loaded[words].name}" for person, words in sorted(wanted.items()))
    return ChosenCast(None, cast, name, joined(one.note for one in loaded.values()))


def people_notes(seen: PeopleSeen, cast: Cast) -> list[str]:
    """What to say about the people of a file, in sentences; nothing where there is only one and she was meant."""
    people = seen.people
    missing = sorted(set(cast.targets) - {one.person for one in people})
    notes: list[str] = [Sentence("Person {number} was not recognised in it.", number=number) for number in missing]
    if len(people) > 1 or missing:
        who = "; ".join(_place(one) for one in people)
        if who:
            notes.append(Sentence("People in it, with the numbers for --wear: {people}.", people=who))
    elif seen.most_at_once > 1 and cast.wearers is Wearers.ONE:
        notes.append(
            Sentence(
                "It shows more than one face. With --wearers all everybody wears one, and all get numbers for --wear."
            )
        )
    return notes


def people_table(seen: PeopleSeen) -> list[dict[str, object]]:
    """The people of a file for `--json`."""
    return [
        {
            "person": one.person,
            "first_seconds": round(one.first_ns * 1e-9, 3),
            "first_xy": [round(value) for value in one.first_xy],
            "frames": one.frames,
            "worn": dict(one.worn),
        }
        for one in seen.people
    ]


def _place(one: PersonSeen) -> str:
    x, y = one.first_xy
    return f"{one.person}: {one.first_ns * 1e-9:.1f} s, x {x:.0f}, y {y:.0f}"

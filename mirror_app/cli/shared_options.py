"""Room: cli. Options that several commands share. Standard library only: `--help` is fast."""

from __future__ import annotations

import argparse
from typing import Final

from mirror_app.cli.argument_parser import ArgumentParser
from mirror_app.cli.argument_types import count, number, parts, worn_by
from mirror_app.language import Words
from mirror_app.settings import (
    DEFAULT_GLASSES,
    DEFAULT_JOINING,
    DEFAULT_LIKENESS,
    GLASSES,
    JOININGS,
    LABEL_TEXTS,
    LIVE_PARTS,
    OTHERS,
    WEARERS,
)

CONSENTS: Final = ("self", "permission", "public-domain", "fictional")
"""The values of `targets.consent.Consent`, which is not imported here: its neighbours load OpenCV."""


def add_worn(parser: ArgumentParser, words: Words, *, by_person: bool) -> None:
    """Which face files get, and how.

    Args:
        parser: Gets the options.
        words: The user's language.
        by_person: Whether people may be told apart: their numbers are those of one file.
    """
    if by_person:
        faces = parser.add_mutually_exclusive_group(required=True)
        _add_target_name(faces, words, is_required=False)
        faces.add_argument(
            "--wear",
            type=worn_by(words),
            action="append",
            default=[],
            metavar=words("N=NAME|PHOTO"),
            help=words("only person N wears this face, by the numbers that a first run names; may be given again"),
        )
        _add_photo(parser, words)
    else:
        add_target(parser, words, is_required=True)
    add_picture(parser, words)
    parser.add_argument(
        "--others",
        choices=OTHERS,
        default=OTHERS[0],
        help=words("faces that wear nothing: a card hides the picture, or they are blurred (default: {default})",
                   default=OTHERS[0]),
    )  # fmt: skip
    marks = parser.add_mutually_exclusive_group()
    marks.add_argument(
        "--label",
        choices=LABEL_TEXTS,
        default=LABEL_TEXTS[0],
        help=words("the words of the visible mark (default: {default})", default=LABEL_TEXTS[0]),
    )
    marks.add_argument("--no-label", action="store_true", help=words("leave out the visible mark “AI generated”"))


def add_target(parser: ArgumentParser, words: Words, *, is_required: bool) -> None:
    """Which face is worn, and who vouches for a photo."""
    _add_target_name(parser, words, is_required=is_required)
    _add_photo(parser, words)


def _add_target_name(parser: argparse._ActionsContainer, words: Words, *, is_required: bool) -> None:
    parser.add_argument(
        "--target",
        required=is_required,
        metavar=words("NAME|PHOTO"),
        help=words("a target face (see `mirror-app targets list`) or a photo"),
    )


def _add_photo(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "--face",
        type=count(words, "face", 1, 99),
        metavar="N",
        help=words("which face of the photo, 1 = the largest (default)"),
    )
    add_consent(parser, words)


def add_consent(parser: ArgumentParser, words: Words) -> None:
    """Who vouches for a photo."""
    parser.add_argument("--consent", choices=CONSENTS, help=words("whose face a photo shows, and why it may be used"))


def add_picture(parser: ArgumentParser, words: Words) -> None:
    """How the face is made and worn: what the window's "Picture" panel offers."""
    parser.add_argument(
        "--engine",
        default="auto",
        metavar=words("auto|mesh|MODEL"),
        help=words("way of swapping: the best usable one, the built-in one, or a model of `models list`"),
    )
    parser.add_argument(
        "--likeness",
        type=number(words, "likeness", 0, 1),
        default=DEFAULT_LIKENESS,
        metavar="0..1",
        help=words("how far the face's shape goes toward the target's (default: {default})", default=DEFAULT_LIKENESS),
    )
    parser.add_argument(
        "--joining",
        choices=JOININGS,
        default=DEFAULT_JOINING,
        help=words("how the face is joined to the picture (default: {default})", default=DEFAULT_JOINING),
    )
    parser.add_argument(
        "--glasses",
        choices=GLASSES,
        default=DEFAULT_GLASSES,
        help=words("what becomes of glasses on the live face (default: {default})", default=DEFAULT_GLASSES),
    )
    parser.add_argument(
        "--keep",
        type=parts(words, "keep", LIVE_PARTS),
        default=(),
        metavar=words("PARTS"),
        help=words("what stays of the live face with a neural model: eyes, mouth or both: eyes,mouth"),
    )

    parser.add_argument(
        "--wearers",
        choices=WEARERS,
        default=WEARERS[0],
        help=words("who wears the face: the largest one, or everybody (default: {default})", default=WEARERS[0]),
    )


def add_json(parser: argparse._ActionsContainer, words: Words) -> None:
    """Output for programs."""
    parser.add_argument("--json", action="store_true", help=words("print one JSON object instead of text"))

"""Room: cli. From the words of `--likeness`, `--joining`, `--wearers` and the like to the mirror's controls."""

from __future__ import annotations

import argparse

from mirror_app.domain.assignment import Glasses, Joining, LivePart, Others
from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.label import LabelStyle, LabelText
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.result import MirrorControls


def controls_from(
    options: argparse.Namespace, target: TargetFace | None, cast: Cast | None = None, *, label_on: bool = True
) -> MirrorControls:
    """What the command line says about how a face is worn.

    Args:
        options: Parsed options with what `add_picture` adds.
        target: The face to wear; None where people are chosen by hand.
        cast: Who wears what; None = as `--wearers` says.
        label_on: The visible mark.
    """
    return MirrorControls(
        target=target,
        cast=cast or Cast(Wearers(options.wearers)),
        label_on=label_on,
        label_style=LabelStyle(LabelText(getattr(options, "label", LabelText.BOTH.value))),
        likeness=options.likeness,
        joining=Joining(options.joining),
        glasses=Glasses(options.glasses),
        kept=frozenset(LivePart(part) for part in options.keep),
        others=Others(getattr(options, "others", Others.SHIELD.value)),
    )

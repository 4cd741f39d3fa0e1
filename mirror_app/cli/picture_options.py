"""Room: cli. From the words of `--likeness`, `--joining`, `--glasses` and `--keep` to the mirror's controls."""

from __future__ import annotations

import argparse

from mirror_app.domain.assignment import Glasses, Joining, LivePart
from mirror_app.domain.label import LabelStyle, LabelText
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.result import MirrorControls


def controls_from(options: argparse.Namespace, target: TargetFace, *, label_on: bool = True) -> MirrorControls:
    """What the command line says about how a face is worn.

    Args:
        options: Parsed options with `likeness`, `joining`, `glasses` and `keep`.
        target: The face to wear.
        label_on: The visible mark.
    """
    return MirrorControls(
        target=target,
        label_on=label_on,
        label_style=LabelStyle(LabelText(getattr(options, "label", LabelText.BOTH.value))),
        likeness=options.likeness,
        joining=Joining(options.joining),
        glasses=Glasses(options.glasses),
        kept=frozenset(LivePart(part) for part in options.keep),
    )

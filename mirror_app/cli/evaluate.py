"""Room: cli. `mirror-app evaluate`: how good the mirror's picture is, on the demo camera or on a folder of videos."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirror_app.cli import evaluate_people
from mirror_app.cli.clip_choice import named
from mirror_app.cli.console import ProgressBar, note, say, say_json
from mirror_app.cli.evaluate_table import figures_json, figures_table
from mirror_app.cli.picture_options import controls_from
from mirror_app.cli.target_option import choose_target
from mirror_app.deliver.provenance import still_xmp
from mirror_app.domain.errors import ConsentError, InputError
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.files import write_image
from mirror_app.language import Words
from mirror_app.pipeline.assembly import open_enroller, open_mirror
from mirror_app.tools.evaluate import Evaluation, Outfit
from mirror_app.tools.evaluate_clips import (
    DEMO_FRAMES,
    FOOTAGE_FRAMES,
    Clip,
    demo_clips,
    demo_photo,
    footage_clips,
    footage_targets,
)
from mirror_app.tools.evaluate_cover import LastPatch
from mirror_app.tools.evaluate_figures import Figures
from mirror_app.tools.evaluate_limits import PHOTO, WORSE, limits_broken
from mirror_app.tools.evaluate_sheet import ContactSheet


def run(options: argparse.Namespace, words: Words) -> int:
    """Evaluate, print, and with `--check` compare; 0, or `WORSE` when a limit is broken.

    Raises:
        MirrorError: A clip, a target or the folder for sheets cannot be used.
    """
    if options.people:
        return evaluate_people.run(options, words)
    if options.sheets is not None and not options.sheets.is_dir():
        raise InputError("There is no folder {folder} for the sheets. Make it first.", folder=options.sheets)
    if options.footage is not None and options.target is None and options.consent is None:
        raise ConsentError(
            "Say whose faces the photos in {folder} show: add --consent public-domain or another.",
            folder=options.footage,
        )
    clips = _clips(options)
    desk = _SheetDesk(options.sheets)
    bar = ProgressBar(words)
    done, expected = 0, sum(clip.frames for clip in clips)

    def progress() -> None:
        nonlocal done
        done += 1
        bar(done, expected)

    rows: list[Figures] = []
    try:
        outfits = [_outfit(name, face, options) for name, face in _targets(options)]
        evaluation = Evaluation(outfits, desk.look, progress)
        for clip in clips:
            rows += evaluation.run(clip)
            desk.write()
    finally:
        bar.clear()
    return _report(rows, options, words)


def _clips(options: argparse.Namespace) -> list[Clip]:
    """What was asked for, and the clips that lamps among it are compared with."""
    if options.footage is not None:
        clips = footage_clips(options.footage, options.frames or FOOTAGE_FRAMES)
    else:
        clips = demo_clips(options.frames or DEMO_FRAMES)
    if options.only is None:
        return clips
    wanted = named(clips, options.only)
    names = {name for clip in wanted for name in (clip.name, clip.unlit)}
    return [clip for clip in clips if clip.name in names]


def _targets(options: argparse.Namespace) -> list[tuple[str, TargetFace]]:
    """The target asked for, the folder's photos, or the demo's photo and the first built-in face."""
    if options.target is not None:
        chosen = choose_target(options.target, options.consent, options.face)
        return [(Path(chosen.name).stem, chosen.face)]
    if options.footage is None:
        photo = open_enroller().from_photo(demo_photo(), PHOTO).target
        first = choose_target(None, None)
        return [(PHOTO, photo), (first.name, first.face)]
    photos = footage_targets(options.footage)
    return [(photo.stem.removeprefix("target-"), choose_target(str(photo), options.consent).face) for photo in photos]


def _outfit(name: str, face: TargetFace, options: argparse.Namespace) -> Outfit:
    last_patch = LastPatch()
    mirror = open_mirror(options.engine, watch=last_patch)
    # The mark is no part of the face: left out, so that all that changes is the swap.
    mirror.controls = controls_from(options, face, label_on=False)
    return Outfit(name, mirror, last_patch)


def _report(rows: list[Figures], options: argparse.Namespace, words: Words) -> int:
    broken = limits_broken(rows) if options.check else []
    if options.json:
        say_json({"pairs": [figures_json(row) for row in rows], "broken": broken})
    else:
        say(figures_table(rows, words, markdown=options.markdown))
        for sentence in broken:
            note(words(sentence))
    return WORSE if broken else 0


class _SheetDesk:
    """Fills and files the contact sheets of one clip; does nothing without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._sheets: dict[str, ContactSheet] = {}

    def look(
        self, clip: Clip, target: str, turn: int, frame: Frame, swapped: NDArray[np.uint8],
        points: NDArray[np.float32] | None,
    ) -> None:  # fmt: skip
        """See one frame of one pair."""
        if self._folder is not None:
            name = f"{clip.name} - {target}"
            sheet = self._sheets.setdefault(name, ContactSheet(name, clip.frames))
            sheet.add(turn, frame.image_bgr, swapped, points)

    def write(self) -> None:
        """File what is on the desk.

        Raises:
            OutputError: The folder cannot be written to.
        """
        for name, sheet in self._sheets.items():
            if self._folder is not None:
                write_image(self._folder / f"{name.replace(' ', '-')}.png", sheet.draw(), still_xmp())
        self._sheets.clear()

"""Room: cli. `mirror-app render`: a file in, a file out."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from mirror_app.cli.console import INTERRUPTED, ProgressBar, note, say, say_json, stop_requests
from mirror_app.cli.duty import take_over_duty
from mirror_app.cli.engine_note import engine_note, engine_table
from mirror_app.cli.picture_options import controls_from
from mirror_app.cli.wear_option import ChosenCast, choose_cast, people_notes, people_table
from mirror_app.domain.cast import Wearers
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.offline import OfflineReport, check_paths, render_file
from mirror_app.pipeline.people_seen import PeopleSeen


def run(options: argparse.Namespace, words: Words) -> int:
    """Render a file; Ctrl-C finishes what is done so far.

    Raises:
        MirrorError: See `render_file` and `choose_cast`.
    """
    source: Path = options.input
    output: Path = options.output
    check_paths(source, output)
    chosen = choose_cast(options)
    if options.no_label:
        note(take_over_duty(words))
    mirror = open_mirror(options.engine, thorough=True)
    mirror.controls = controls_from(options, chosen.target, chosen.cast, label_on=not options.no_label)
    seen = PeopleSeen(mirror)
    knows_people = chosen.cast.wearers is not Wearers.ONE
    bar = ProgressBar(words)
    start_s = time.monotonic()
    with stop_requests() as stop:
        try:
            report = render_file(seen, source, output, progress=bar, stop=stop, knows_people=knows_people)
        finally:
            bar.clear()
    notes = [*_notes(report, chosen, output), *people_notes(seen, chosen.cast), *filter(None, (mirror.trouble,))]
    summary = _summary(report, chosen, output, time.monotonic() - start_s)
    if options.json:
        say_json(
            {
                **summary,
                **engine_table(mirror),
                "joining": options.joining,
                "label": not options.no_label,
                "people": people_table(seen),
                "notes": notes,
            }
        )
    else:
        if report.frames:
            say(words("{output}: {frames} frames, {swapped} of them with {target}, in {seconds} s.", **summary))
        if not mirror.trouble:
            note(engine_note(mirror, words))
        for sentence in notes:
            note(words(sentence))
    return 0 if report.complete else INTERRUPTED


def _summary(report: OfflineReport, chosen: ChosenCast, output: Path, seconds: float) -> dict[str, object]:
    return {
        "output": str(output),
        "target": chosen.name,
        "frames": report.frames,
        "swapped": report.swapped,
        "empty": report.empty,
        "held": report.held,
        "shielded": report.shielded,
        "seconds": round(seconds, 2),
        "frames_per_second": round(report.frames / max(seconds, 1e-3), 2),
        "complete": report.complete,
    }


def _notes(report: OfflineReport, chosen: ChosenCast, output: Path) -> list[str]:
    """What the user should know besides the numbers, in sentences."""
    notes = [chosen.note, report.damage]
    if report.empty:
        notes.append(Sentence("{count} frames show nobody and were kept as they are.", count=report.empty))
    if report.held:
        notes.append(
            Sentence(
                "{count} frames were replaced by the one before, because a face in them could not be covered.",
                count=report.held,
            )
        )
    if report.shielded:
        notes.append(
            Sentence(
                "{count} frames were replaced by a card, because a face in them could not be covered.",
                count=report.shielded,
            )
        )
    notes.append(report.crowd)
    if report.trouble:
        notes.append(Sentence("The mirror failed on a frame: {why}", why=report.trouble))
    if not report.complete and report.frames:
        notes.append(Sentence("Stopped; {output} holds what was done so far.", output=output))
    elif not report.complete:
        notes.append(Sentence("Stopped; nothing was written."))
    return [sentence for sentence in notes if sentence]

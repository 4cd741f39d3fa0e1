"""Room: cli. `mirror-app bench`: how fast the mirror is on this computer."""

from __future__ import annotations

import argparse

from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.engine_note import engine_note, engine_table
from mirror_app.cli.picture_options import controls_from
from mirror_app.cli.report_table import report_table
from mirror_app.cli.target_option import choose_target
from mirror_app.language import Words
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.tools.bench import WARM_UP_FRAMES, run_bench
from mirror_app.tools.bench_input import BenchOptions


def run(options: argparse.Namespace, words: Words) -> int:
    """Measure and print.

    Raises:
        MirrorError: The input or the target cannot be used.
    """
    chosen = choose_target(options.target, options.consent, options.face)
    mirror = open_mirror(options.engine)
    mirror.controls = controls_from(options, chosen.face)
    bench_on = BenchOptions(options.input, options.size, options.face_height)
    report = run_bench(mirror, bench_on, options.seconds, options.realtime)
    if options.json:
        say_json(
            {
                **report.as_json(),
                **engine_table(mirror),
                "input": options.input,
                "target": chosen.name,
                "joining": options.joining,
                "face_height": options.face_height,
                "realtime": options.realtime,
            }
        )
        return 0
    if chosen.note:
        note(words(chosen.note))
    note(engine_note(mirror, words))
    say(report_table(report.run, words))
    say(
        words(
            "{pictures} different pictures, played back and forth, after {frames} frames to warm up",
            pictures=report.pictures,
            frames=WARM_UP_FRAMES,
        )
    )
    return 0

"""Room: cli. `mirror-app bench`: how fast the mirror is on this computer."""

from __future__ import annotations

import argparse

from mirror_app.cli.budget_table import measured_lines, paper_json, paper_table
from mirror_app.cli.console import note, say, say_json
from mirror_app.cli.engine_note import engine_note, engine_table
from mirror_app.cli.picture_options import controls_from
from mirror_app.cli.report_table import report_table
from mirror_app.cli.target_option import choose_target
from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.errors import ModelError
from mirror_app.language import Words
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.wishes import MESH
from mirror_app.runtime.models import open_store
from mirror_app.tools.bench import WARM_UP_FRAMES, run_bench
from mirror_app.tools.bench_input import BenchOptions
from mirror_app.tools.budget.frame import open_paper
from mirror_app.tools.budget.measured import MeasuredNetwork, measure_networks


def run(options: argparse.Namespace, words: Words) -> int:
    """Measure and print.

    Raises:
        MirrorError: The input, the target or the card cannot be used.
    """
    if options.budget is not None:
        return _on_paper(options, words)
    chosen = choose_target(options.target, options.consent, options.face)
    mirror = open_mirror(options.engine)
    everybody = Cast(Wearers.ALL) if options.faces > 1 else None
    mirror.controls = controls_from(options, chosen.face, everybody)
    bench_on = BenchOptions(options.input, options.size, options.face_height, options.faces)
    report = run_bench(mirror, bench_on, options.seconds, options.realtime)
    networks = _networks(mirror.engine, words)
    if options.json:
        say_json(
            {
                **report.as_json(),
                **engine_table(mirror),
                "input": options.input,
                "target": chosen.name,
                "joining": options.joining,
                "face_height": options.face_height,
                "faces": options.faces,
                "realtime": options.realtime,
                **({"networks": [row.as_json() for row in networks]} if networks else {}),
            }
        )
        return 0
    if chosen.note:
        note(words(chosen.note))
    note(engine_note(mirror, words))
    say(report_table(report.run, words))
    for line in measured_lines(networks, words):
        say(line)
    say(
        words(
            "{pictures} different pictures, played back and forth, after {frames} frames to warm up",
            pictures=report.pictures,
            frames=WARM_UP_FRAMES,
        )
    )
    return 0


def _networks(engine: str, words: Words) -> list[MeasuredNetwork]:
    """The networks of a neural engine that run on a card; what was measured before stays where they cannot be."""
    if engine == MESH:
        return []
    store = open_store()
    try:
        return measure_networks(engine, store, open_paper(store))
    except ModelError as error:
        note(words(error.sentence))
        return []


def _on_paper(options: argparse.Namespace, words: Words) -> int:
    paper = open_paper(open_store())
    card, host = paper.cards.named(options.budget), paper.host(options.size)
    budgets, masks_ms = paper.budgets(card, host), paper.masks_ms(card)
    if options.json:
        say_json(paper_json(card, host, budgets, masks_ms))
    else:
        say(paper_table(card, host, budgets, masks_ms, words))
    return 0

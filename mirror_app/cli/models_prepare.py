"""Room: cli. `mirror-app models prepare`: builds the installed models' plans for this computer's NVIDIA card."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from mirror_app.cli.console import note, say
from mirror_app.cli.plan_bar import PlanBar
from mirror_app.language import Words
from mirror_app.resources import engines_dir, recipes_dir
from mirror_app.runtime.build_process import look_around
from mirror_app.runtime.models import open_store
from mirror_app.runtime.plan_store import PlanStore
from mirror_app.tools.models.plan_rows import Outcome
from mirror_app.tools.models.prepare import PlanWorkshop


def run(options: argparse.Namespace, words: Words) -> int:
    """Build what is missing or must be built again; the first failure's exit code when some cannot be built.

    Raises:
        ModelError: A model that was named is not installed, or none is.
        MissingLibraryError: There is no card, no driver or no TensorRT.
    """
    workshop = PlanWorkshop(open_store(), PlanStore(engines_dir()), recipes_dir(), look_around)
    names = workshop.names(options.names)
    bar = PlanBar(words)
    codes = []
    with _killed_politely():
        try:
            for outcome in workshop.prepare(names, bar, precision=options.precision or "", is_forced=options.force):
                bar.clear()
                codes.append(_report(outcome, words))
        finally:
            bar.clear()
    return next((code for code in codes if code), 0)


@contextmanager
def _killed_politely() -> Iterator[None]:
    """While the block runs, a polite kill stops as Ctrl-C does, and nothing half-written stays behind."""
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _report(outcome: Outcome, words: Words) -> int:
    """Say what became of a plan; gives an exit code."""
    label = f"{outcome.name} {outcome.precision}".strip()
    if outcome.error is not None:
        note(words("{label}: {why}", label=label, why=outcome.error.sentence))
        return outcome.error.exit_code
    if outcome.plan is None:
        say(words("{label}: ready", label=label))
        return 0
    plan = outcome.plan
    say(
        words(
            "{label}: built in {seconds} s, {size} MB, up to {count} at once",
            label=label,
            seconds=f"{plan.seconds:.0f}",
            size=f"{plan.size_bytes / 1e6:.1f}",
            count=plan.batch,
        )
    )
    if plan.remark:
        note(words("{label}: {why}", label=label, why=plan.remark))
    return 0

"""Builds TensorRT plans of the installed models, for this computer's NVIDIA card: `python build_engines.py --all`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from typing import Final

from mirror_app.cli.plan_bar import PlanBar
from mirror_app.domain.errors import MirrorError, MissingLibraryError, ModelError
from mirror_app.language import open_words
from mirror_app.resources import engines_dir, recipes_dir
from mirror_app.runtime.build_process import look_around
from mirror_app.runtime.model_scan import PRECISIONS
from mirror_app.runtime.models import open_store
from mirror_app.runtime.plan_file import read_plan
from mirror_app.runtime.plan_store import PlanStore
from mirror_app.tools.models.plan_rows import Outcome
from mirror_app.tools.models.prepare import PlanWorkshop

_INTERRUPTED: Final = 130
_HELP: Final = """\
A plan is a network compiled for one card and one version of TensorRT. Building takes minutes for each model; it is
needed once, and again when the card, TensorRT, the model or its recipe in engines/recipes changes. Ctrl-C stops at any
time: what was built so far stays, nothing half-written does.

exit codes:
  0    done
  2    the command line itself is wrong
  7    a plan cannot be written (folder, rights, disk space)
  9    a model is not installed or cannot be built
  10   no NVIDIA card, no driver or no TensorRT
  130  stopped by Ctrl-C
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or list plans.

    Args:
        arguments: The words after the program's name; those of this process when None.

    Returns:
        The exit code.
    """
    options = _options(arguments)
    try:
        workshop = PlanWorkshop(open_store(), PlanStore(engines_dir()), recipes_dir(), look_around)
        return _list(workshop) if options.list else _build_all(workshop, options)
    except MirrorError as error:
        return _fail(error)
    except KeyboardInterrupt:
        sys.stderr.write("\nbuild_engines: stopped.\n")
        return _INTERRUPTED


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="build_engines.py",
        description=__doc__,
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="*", metavar="MODEL", help="names as in `mirror-app models list`")
    parser.add_argument("--all", action="store_true", help="every installed model")
    parser.add_argument("--list", action="store_true", help="show the plans that are there")
    parser.add_argument("--precision", choices=PRECISIONS, help="instead of the one in the model's recipe")
    parser.add_argument("--force", action="store_true", help="also where a good plan is there")
    options = parser.parse_args(arguments)
    if sum((bool(options.models), options.all, options.list)) != 1:
        parser.error("name models, or give --all or --list")
    return options


def _build_all(workshop: PlanWorkshop, options: argparse.Namespace) -> int:
    """Build one after the other; one that fails does not stop the rest. Gives the first failure's exit code."""
    names = workshop.names(options.models)
    bar = PlanBar(open_words("en"))
    codes = []
    try:
        for outcome in workshop.prepare(names, bar, precision=options.precision or "", is_forced=options.force):
            bar.clear()
            codes.append(_report(outcome))
    finally:
        bar.clear()
    return next((code for code in codes if code), 0)


def _report(outcome: Outcome) -> int:
    if outcome.error is not None:
        return _fail(outcome.error)
    label = f"{outcome.name} {outcome.precision}"
    plan = outcome.plan
    _say(
        f"{label}: built in {plan.seconds:.0f} s, {plan.size_bytes / 1e6:.1f} MB, up to {plan.batch} at once"
        if plan
        else f"{label}: ready"
    )
    if plan is not None and plan.remark:
        sys.stderr.write(f"build_engines: {label}: {plan.remark}\n")
    return 0


def _list(workshop: PlanWorkshop) -> int:
    """Show every plan and whether it can be used; 9 when one cannot."""
    try:
        place = look_around()
    except MissingLibraryError as error:
        place = None
        sys.stderr.write(f"build_engines: {error.sentence}\n")
    plans = workshop.plans
    paths = plans.paths()
    troubles = 0
    for path in paths:
        try:
            plan = read_plan(path)
            facts = plan.facts
            trouble = plans.trouble(workshop.wanted(facts.model, place, facts.precision)) if place else ""
        except MirrorError as error:
            _say(f"{path.stem}: {error.sentence}")
            troubles += 1
            continue
        state = f"must be built again: {trouble}" if trouble else ("ready" if place else "whole")
        troubles += bool(trouble)
        size = f"{plan.size_bytes / 1e6:.1f} MB"
        _say(f"{path.stem}: {size}, {facts.gpu}, TensorRT {facts.tensorrt}, {state}")
    if not paths:
        _say(f"There are no plans in {plans.folder}.")
    return ModelError.exit_code if troubles else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fail(error: MirrorError) -> int:
    sys.stderr.write(f"build_engines: {error.sentence}\n")
    return error.exit_code


if __name__ == "__main__":
    # A polite kill stops as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())

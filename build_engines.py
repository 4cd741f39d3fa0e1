"""Builds TensorRT plans of the installed models, for this computer's NVIDIA card: `python build_engines.py --all`."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from typing import Final

from mirror_app.domain.errors import MirrorError, MissingLibraryError, ModelError
from mirror_app.resources import engines_dir, recipes_dir
from mirror_app.runtime.build_process import BuildPlace, look_around
from mirror_app.runtime.build_progress import seconds_left
from mirror_app.runtime.build_source import source_file
from mirror_app.runtime.model_scan import PRECISIONS
from mirror_app.runtime.models import ModelStore, open_store
from mirror_app.runtime.plan_file import read_plan
from mirror_app.runtime.plan_store import PlanStore, Wanted
from mirror_app.runtime.recipe import load_recipe

_INTERRUPTED: Final = 130
_CELLS: Final = 24
_EVERY_S: Final = 0.2
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
        store, plans = open_store(), PlanStore(engines_dir())
        if options.list:
            return _list(store, plans)
        names = _names(store, options)
        return _build_all(names, store, plans, options)
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


def _names(store: ModelStore, options: argparse.Namespace) -> list[str]:
    if not options.all:
        return [store.require(name).spec.name for name in dict.fromkeys(options.models)]
    names = list(dict.fromkeys(model.spec.name for model in store.installed()))
    if not names:
        raise ModelError("No model is installed. See `mirror-app models list`.")
    return names


def _build_all(names: Sequence[str], store: ModelStore, plans: PlanStore, options: argparse.Namespace) -> int:
    """Build one after the other; one that fails does not stop the rest. Gives the first failure's exit code."""
    place = look_around()
    codes = []
    for name in names:
        try:
            _build(_wanted(name, options.precision, store, place), plans, is_forced=options.force)
        except MirrorError as error:
            codes.append(_fail(error))
    return next(iter(codes), 0)


def _wanted(name: str, precision: str | None, store: ModelStore, place: BuildPlace) -> Wanted:
    recipe = load_recipe(recipes_dir(), store.catalogue.find(name))
    chosen = precision or recipe.precision
    return Wanted(source_file(store, name, chosen), chosen, recipe, place)


def _build(wanted: Wanted, plans: PlanStore, *, is_forced: bool) -> None:
    label = f"{wanted.source.spec.name} {wanted.precision}"
    if not is_forced and not plans.trouble(wanted):
        _say(f"{label}: ready")
        return
    bar = _Bar(label)
    try:
        plan = plans.build(wanted, bar)
    finally:
        bar.clear()
    _say(f"{label}: built in {plan.seconds:.0f} s, {plan.size_bytes / 1e6:.1f} MB, up to {plan.batch} at once")


def _list(store: ModelStore, plans: PlanStore) -> int:
    """Show every plan and whether it can be used; 9 when one cannot."""
    try:
        place = look_around()
    except MissingLibraryError as error:
        place = None
        sys.stderr.write(f"build_engines: {error.sentence}\n")
    paths = plans.paths()
    troubles = 0
    for path in paths:
        try:
            plan = read_plan(path)
            facts = plan.facts
            trouble = plans.trouble(_wanted(facts.model, facts.precision, store, place)) if place else ""
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


class _Bar:
    """How far a build is, drawn over itself where a person reads along."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._is_shown = sys.stderr.isatty()
        self._start_s = time.monotonic()
        self._drawn_s = 0.0

    def __call__(self, share: float) -> None:
        """Say how much is done, 0..1."""
        now_s = time.monotonic()
        if not self._is_shown or now_s - self._drawn_s < _EVERY_S:
            return
        self._drawn_s = now_s
        sys.stderr.write(f"\r{progress_line(self._label, share, now_s - self._start_s)}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._drawn_s:
            sys.stderr.write("\r\x1b[K")


def progress_line(label: str, share: float, spent_s: float) -> str:
    """The text of the bar: `inswapper_128 fp16  [####....]  50 %  1:40 left`."""
    filled = round(share * _CELLS)
    line = f"{label}  [{'#' * filled}{'.' * (_CELLS - filled)}] {share:4.0%}"
    left = seconds_left(share, spent_s)
    return line if left is None else f"{line}  {round(left) // 60}:{round(left) % 60:02d} left"


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

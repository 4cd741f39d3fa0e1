"""Room: cli. `mirror-app models check`: PASS or FAIL for each step, from the file to what it does with a face."""

from __future__ import annotations

import argparse

from mirror_app.cli.columns import left
from mirror_app.cli.console import say, say_json
from mirror_app.domain.errors import ModelError
from mirror_app.language import Words
from mirror_app.runtime.models import open_store
from mirror_app.tools.models.check import check_model
from mirror_app.tools.models.rows import CheckedStage

_NAME_CELLS = 26


def run(options: argparse.Namespace, words: Words) -> int:
    """Check and print, each step as soon as it is done; 0 when all passed, else the code of a `ModelError`.

    Raises:
        ModelError: The model is not installed.
    """
    stages = []
    for stage in check_model(open_store(), options.name):
        stages.append(stage)
        if not options.json:
            say(_line(stage, words))
    passed = all(stage.passed for stage in stages)
    if options.json:
        table = [{"name": stage.name, "passed": stage.passed, "detail": stage.detail} for stage in stages]
        say_json({"name": options.name, "passed": passed, "stages": table})
    else:
        verdict = words("{name} is right.", name=options.name)
        say(verdict if passed else words("{name} is not right.", name=options.name))
    return 0 if passed else ModelError.exit_code


def _line(stage: CheckedStage, words: Words) -> str:
    return f"{'PASS' if stage.passed else 'FAIL'}  {left(words(stage.name), _NAME_CELLS)}{words(stage.detail)}"

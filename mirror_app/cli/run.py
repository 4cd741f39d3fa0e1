"""Room: cli. `mirror-app` and `mirror-app run`: the window, or a video where no window can be."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from mirror_app.cli.console import ProgressBar, note, say, say_json
from mirror_app.cli.report_table import report_table
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.gui.display import check_window_libraries, no_display_reason
from mirror_app.language import Words

_FILM: Final = "mirror-demo.mp4"
_FILM_S: Final = 10.0


def run(options: argparse.Namespace, words: Words) -> int:
    """Open the window until it is closed, or for `options.seconds`, and then print what was measured.

    Raises:
        MissingLibraryError: A system library that the window needs is missing.
        MirrorError: Where there is no display: the video cannot be made.
    """
    reason = no_display_reason(os.environ)
    if reason is not None:
        return _film(words, reason, is_json=options.json)
    check_window_libraries(os.environ)
    # Imported here: Qt may lack a library where no window is asked for, and `main` turns that into a sentence.
    from mirror_app.app import run_window

    report = run_window(options.seconds, measure=options.json or options.seconds is not None)
    if options.json:
        say_json(report.as_json())
    elif options.seconds is not None:
        say(report_table(report.run, words))
        if report.first_swapped_paint_ms is not None:
            say(words("first swapped picture after {ms} ms", ms=f"{report.first_swapped_paint_ms:.0f}"))
    return 0


def _film(words: Words, reason: str, *, is_json: bool) -> int:
    from mirror_app.cli.demo_film import render_demo

    film = Path.cwd() / _FILM
    instead = Sentence(
        "The window is left out; {seconds} seconds of the demo go to {film} instead.",
        seconds=f"{_FILM_S:.0f}",
        film=film,
    )
    note(words(joined((reason, instead))))
    bar = ProgressBar(words)
    try:
        report = render_demo(film, _FILM_S, bar)
    finally:
        bar.clear()
    if is_json:
        say_json({**report.as_json(), "first_swapped_paint_ms": None, "output": str(film)})
    else:
        say(report_table(report, words))
    return 0

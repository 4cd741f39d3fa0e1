"""Room: tests. The long figures of several people: `python -m tests.benchmarks.people [--seconds 60] [--frames 10000]`.

Prints: four people who cross for so many seconds; fast turns with a look of the detectors in every frame and in every
tenth; and who wears the target of a chosen person in so many frames with strangers about. Takes a tenth of a second a
frame.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import Final

from mirror_app.pipeline.assembly import open_enroller, open_mirror, open_tracker
from mirror_app.tools.evaluate_clips import demo_photo
from mirror_app.tools.evaluate_people import PeopleFigures, follow_people
from mirror_app.tools.evaluate_strangers import wear_among_strangers
from mirror_app.tools.people_clips import CROSSING, FAST_TURNS, FPS, STRANGERS, demo_clip

_TENTH_FRAME_NS: Final = 10 * 1_000_000_000 // FPS
_TURNING_S: Final = 20.0


def _nothing() -> None:
    """Nobody watches the progress."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def crossing(seconds: float) -> None:
    """Four people cross."""
    figures = follow_people(demo_clip("crossing", CROSSING, seconds), _nothing, open_tracker())
    _say(f"4 people crossing, {seconds:g} s: {_line(figures)}")


def fast_turns(seconds: float) -> None:
    """Two people turn fast, with many looks and with few."""
    clip = demo_clip("fast turns", FAST_TURNS, seconds)
    errors = []
    for every, look_every_ns in (("every frame", 0), ("every 10th frame", _TENTH_FRAME_NS)):
        tracker = open_tracker()
        tracker.look_every_ns = look_every_ns
        figures = follow_people(clip, _nothing, tracker)
        errors.append(figures.mesh_error or float("nan"))
        _say(f"fast turns, detection {every}: {_line(figures)}")
    _say(f"  error with few looks / with many: {errors[1] / errors[0]:.2f}")


def strangers(frames: int) -> None:
    """One person is chosen, strangers come and go."""
    target = open_enroller().from_photo(demo_photo(), "photo").target
    clip = demo_clip("strangers", STRANGERS, frames / FPS)
    figures = wear_among_strangers(clip, open_mirror("mesh"), target, _nothing)
    _say(f"strangers: {asdict(figures)}, swapped in {100 * figures.swapped_share:.2f} %")


def _line(figures: PeopleFigures) -> str:
    match = figures.match
    return (
        f"switches {match.switches}, MOTA {match.mota:.4f}, IDF1 {match.idf1:.4f}, missed {match.misses}, "
        f"false {match.false_boxes}, unnamed {match.unnamed}, mesh error {figures.mesh_error or 0:.4f}, "
        f"lost {100 * figures.lost:.2f} %"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--only", choices=["crossing", "turns", "strangers"])
    options = parser.parse_args()
    if options.only in (None, "crossing"):
        crossing(options.seconds)
    if options.only in (None, "turns"):
        fast_turns(min(options.seconds, _TURNING_S))
    if options.only in (None, "strangers"):
        strangers(options.frames)

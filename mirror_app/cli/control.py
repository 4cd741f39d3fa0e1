"""Room: cli. `mirror-app panic|release|face|swap|live|status`: asks the window that is open. Opens none."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Final

from mirror_app.cli.columns import cells, left
from mirror_app.cli.console import say, say_json
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.resources import control_names

_STATES: Final = {
    "live": Sentence("live: the swapped picture"),
    "hold": Sentence("hold: the last good picture, for a moment"),
    "shield": Sentence("shield: a card instead of the picture"),
    "off": Sentence("off: the window shows the real face"),
    "waiting": Sentence("waiting: no picture yet"),
}


def run(options: argparse.Namespace, words: Words) -> int:
    """Ask, and say what came of it.

    Raises:
        NotRunningError: No window is open, or it does not answer.
        MirrorError: The window will not, and says why.
    """
    from mirror_app.gui.control.client import ask

    request: dict[str, object] = {"do": options.order}
    if options.order == "face":
        request["face"] = options.face
    elif options.order == "swap":
        request["swap"] = options.swap == "on"
    elif options.order == "live":
        request["live"] = options.live == "on"
    status = ask(control_names(), request, all_windows=options.order in ("panic", "release"))
    if options.order == "status":
        _say_status(status, words, as_json=options.json)
    else:
        say(words(_outcome(options.order, status)))
    return 0


def _outcome(order: str, status: Mapping[str, object]) -> Sentence:
    match order:
        case "panic":
            return Sentence("Everything is covered. `mirror-app release` takes the cover back.")
        case "release":
            return Sentence("The cover is taken back.")
        case "face":
            return Sentence("{face} is worn from now on.", face=status.get("face_title") or status.get("face"))
        case "live" if status.get("live"):
            return Sentence("Live: others see the mirror from now on. `mirror-app live off` cuts.")
        case "live":
            return Sentence("Cut: others see a card.")
    if status.get("swap"):
        return Sentence("The swap is on.")
    return Sentence("The swap is off: the window shows the real face, and nobody else sees it.")


def _seen(status: Mapping[str, object]) -> Sentence:
    outputs = status.get("outputs")
    names = ", ".join(str(name) for name in outputs) if isinstance(outputs, list) else ""
    if status.get("live"):
        return Sentence("the mirror (live); outputs: {names}", names=names)
    return Sentence("a card (not live); outputs: {names}", names=names) if names else Sentence("nothing")


def _say_status(status: Mapping[str, object], words: Words, *, as_json: bool) -> None:
    if as_json:
        say_json(status)
        return
    rate = Sentence("no pictures at the moment")
    if status.get("fps") is not None:
        rate = Sentence("{fps} per second, {delay} ms", fps=status.get("fps"), delay=status.get("delay_ms"))
    engine = Sentence("{engine} on {device}", engine=status.get("engine"), device=status.get("device"))
    rows = (
        (words("State"), words(_STATES.get(str(status.get("state")), Sentence("unknown")))),
        (words("Reason"), status.get("reason")),
        (words("Others see"), words(_seen(status))),
        (words("Target face"), status.get("face_title") or status.get("face")),
        (words("Pictures"), words(rate)),
        (words("Camera"), status.get("camera")),
        (words("Engine"), words(engine) if status.get("engine") else ""),
    )
    width = max(cells(name) for name, _ in rows)
    for name, text in rows:
        if text:
            say(f"{left(name, width)}  {text}")

"""Room: cli. `mirror-app erase`: deletes all that the app keeps on this computer."""

from __future__ import annotations

import argparse

from mirror_app.cli.console import say
from mirror_app.cli.question import agreed, can_ask
from mirror_app.domain.errors import InputError, NotRunningError
from mirror_app.language import Words
from mirror_app.resources import control_names
from mirror_app.tools.stored import erase, kept


def run(options: argparse.Namespace, words: Words) -> int:
    """Say what is there, ask, delete.

    Raises:
        InputError: A window is open, or there is nobody to ask.
        OutputError: A folder cannot be deleted.
    """
    if _is_window_open():
        raise InputError("The window of the mirror is open: it would write its settings anew. Close it first.")
    found = kept()
    if not found:
        say(words("Nothing is kept on this computer."))
        return 0
    for one in found:
        line = words(
            "{folder}: {files} files, {size} kB", folder=one.folder, files=one.files, size=one.size_bytes // 1024
        )
        say(line)
    if not options.yes:
        if not can_ask():
            raise InputError("Nothing was deleted. Add --yes to delete without a question.")
        if not agreed(words("Delete all of it: settings, your own faces, their photos and models? Type yes: ")):
            say(words("Nothing was deleted."))
            return 0
    for folder in erase():
        say(words("{folder} is gone.", folder=folder))
    say(words("Screenshots and videos that you saved are still where you put them."))
    return 0


def _is_window_open() -> bool:
    try:
        # Loaded here: not every computer has the system libraries that it needs, and then no window hears commands.
        from mirror_app.gui.control.client import ask

        ask(control_names(), {"do": "status"})
    except (ImportError, NotRunningError):
        return False
    return True

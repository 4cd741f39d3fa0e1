"""Room: gui. Where a file goes that the user asked for without naming it. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path

from mirror_app.whole_file import cannot_write


def new_file(folder: Callable[[], Path], prefix: str, ending: str) -> Path:
    """A name made from the time that is still free; called off the window's thread.

    Args:
        folder: Gives the folder; may make it first.
        prefix: How the name begins.
        ending: With its dot.

    Raises:
        OutputError: The folder cannot be made or looked into.
    """
    stem = f"{prefix}-{datetime.now():%Y-%m-%d-%H%M%S}"
    try:
        place = folder()
        names = (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}" for number in count(1))
        return next(place / name for name in names if not (place / name).exists())
    except OSError as error:
        raise cannot_write(Path(error.filename or stem), error) from error

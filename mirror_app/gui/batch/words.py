"""Room: gui. What the list of files says about each: its state, its length, the time left. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage

from mirror_app.gui import theme
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import filled
from mirror_app.pipeline.batch_inputs import FoundFile
from mirror_app.pipeline.batch_record import ItemState


@dataclass(slots=True, eq=False)
class BatchRow:
    """A file in the list.

    Attributes:
        file: The input.
        state: What became of it.
        sentence: Why it failed, or what is worth knowing; else "".
        output: Where the result is; None before it is there.
        part: 0..1, how far it is while it is in work; None where that is not known.
        left_s: Seconds it will still take; None while nobody can tell.
        is_paused: Whether the queue rests while this file is in work.
        image: A small picture of it; None before one was made.
        seconds: Length of a video; None for a picture or before it is known.
    """

    file: FoundFile
    state: ItemState = ItemState.WAITING
    sentence: str = ""
    output: Path | None = None
    part: float | None = None
    left_s: float | None = None
    is_paused: bool = False
    image: QImage | None = None
    seconds: float | None = None


def state_words(row: BatchRow) -> str:
    """The state in words, with what is worth knowing about it."""
    match row.state:
        case ItemState.WORKING:
            return _working_words(row)
        case ItemState.DONE:
            return spoken(row.sentence) if row.sentence else _tr("Done")
        case ItemState.FAILED:
            return spoken(row.sentence)
        case ItemState.WAITING | ItemState.LEFT_OUT:
            return _tr("Waiting")


def state_colour(row: BatchRow) -> QColor:
    """The colour of the state."""
    match row.state:
        case ItemState.WORKING:
            return theme.HOLD if row.is_paused else theme.ACCENT
        case ItemState.DONE:
            return theme.HOLD if row.sentence else theme.LIVE
        case ItemState.FAILED:
            return theme.SHIELD
        case ItemState.WAITING | ItemState.LEFT_OUT:
            return theme.TEXT_SOFT


def time_words(seconds: float) -> str:
    """A length: 0:07, 12:30, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _working_words(row: BatchRow) -> str:
    if row.is_paused:
        return _tr("Paused")
    if row.part is None:
        return _tr("In work")
    percent = f"{row.part:.0%}"
    if row.left_s is None:
        return percent
    return filled(_tr("{percent}, {time} left"), percent=percent, time=time_words(row.left_s))


def _tr(text: str) -> str:
    return QCoreApplication.translate("BatchWords", text)

"""Room: gui. The sentences that say what the mirror is doing and why. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QColor

from mirror_app.domain.sentence import Sentence
from mirror_app.gui import theme
from mirror_app.gui.translator import spoken
from mirror_app.pipeline.result import MirrorResult, MirrorState, Unsafe
from mirror_app.targets.remarks import REMARKS, Badge, Remark

if TYPE_CHECKING:
    from mirror_app.targets.record import TargetRecord

_BADGE_WORDS: Final = {
    Badge.GOOD: Sentence("Good photo"),
    Badge.FAIR: Sentence("Fair photo"),
    Badge.POOR: Sentence("Poor photo"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """What the pill shows: a state in one word, its colour, and a short reason ("" when there is none)."""

    word: str
    colour: QColor
    reason: str


def starting_status() -> Status:
    """Before the first picture."""
    return Status(_tr("STARTING"), theme.QUIET, "")


def stopped_status(reason: str) -> Status:
    """No picture comes, or the mirror failed."""
    return Status(_tr("SHIELD"), theme.SHIELD, reason)


def covered_status() -> Status:
    """The user covered everything; the picture that says so may still be on its way."""
    return Status(_tr("SHIELD"), theme.SHIELD, _tr("Covered by you: the same key or switch uncovers"))


def status_of(result: MirrorResult) -> Status:
    """What to say about a result."""
    if result.unsafe is Unsafe.SWAP_OFF:
        return Status(_tr("OFF"), theme.QUIET, reason_of(result))
    match result.state:
        case MirrorState.LIVE:
            return Status(_tr("SAFE"), theme.LIVE, "")
        case MirrorState.HOLD:
            return Status(_tr("HOLD"), theme.HOLD, reason_of(result))
        case MirrorState.SHIELD:
            return Status(_tr("SHIELD"), theme.SHIELD, reason_of(result))


def reason_of(result: MirrorResult) -> str:
    """Why the frame itself may not leave, and what the person can do; "" when it may."""
    match result.unsafe:
        case None:
            return ""
        case Unsafe.NO_FACE:
            return _tr("No face: move into the picture")
        case Unsafe.SEVERAL_FACES:
            return _tr("More than one face: cover everybody, or blur the others")
        case Unsafe.NOT_CHOSEN:
            return _tr("Somebody here is not chosen, or not recognised yet: click a face, or blur the others")
        case Unsafe.NOT_COVERED:
            return _tr("The face is not fully covered: turn toward the camera")
        case Unsafe.SWAP_OFF:
            return _tr("Swap is off: this is your real face, only you see it")
        case Unsafe.NO_TARGET:
            return _tr("No face picked: choose one on the right")
        case Unsafe.RETURNING:
            return _tr("The face is covered again: live in a moment")
        case Unsafe.LATE:
            return _tr("This computer does not keep up: choose a smaller camera size")
        case Unsafe.PANIC:
            return _tr("Covered by you: the same key or switch uncovers")
        case Unsafe.ERROR:
            return spoken(result.message) if result.message else _tr("Something went wrong with this picture")


def title_of(record: TargetRecord, locale: QLocale) -> str:
    """A target face's name in the user's language."""
    if locale.language() == QLocale.Language.Chinese and record.title_zh:
        return record.title_zh
    return record.title_en or record.name


def badge_word(badge: Badge) -> str:
    """How well a photo serves, in the user's language."""
    return spoken(_BADGE_WORDS[badge])


def badge_colour(badge: Badge) -> QColor:
    """The colour of a badge."""
    return {Badge.GOOD: theme.LIVE, Badge.FAIR: theme.HOLD, Badge.POOR: theme.SHIELD}[badge]


def remark_sentence(remark: Remark) -> str:
    """What a remark means for the user, in her language."""
    return spoken(REMARKS[remark])


def filled(sentence: str, **values: str) -> str:
    """Put values into a translated sentence with {named} gaps."""
    for name, value in values.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence


def _tr(text: str) -> str:
    return QCoreApplication.translate("Wording", text)

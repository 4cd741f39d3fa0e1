"""Room: gui. What is said about models: what they are for, their size, their state. No widgets."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QColor

from mirror_app.domain.sentence import Sentence
from mirror_app.gui import theme
from mirror_app.gui.settings.downloads import FetchProgress
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import filled
from mirror_app.runtime.catalogue import Licence, ModelSpec, Role
from mirror_app.tools.models.plan_rows import PlanRow, Standing
from mirror_app.tools.models.rows import ModelRow

ROLES: Final = {
    Role.SWAPPER: (
        Sentence("Swappers"),
        Sentence("They make the new face; they want a good graphics card."),
    ),
    Role.DETECTOR: (Sentence("Face detectors"), Sentence("They find faces; the built-in one does without them.")),
    Role.LANDMARKS: (Sentence("Landmarks"), Sentence("They follow the points of a face more closely.")),
    Role.RECOGNISER: (Sentence("Recognisers"), Sentence("They turn a photo into what swappers are told of a face.")),
    Role.CONVERTER: (Sentence("Converters"), Sentence("Some swappers want that told in their own way.")),
    Role.PARSER: (Sentence("Regions"), Sentence("They know skin, hair, glasses and lips apart.")),
    Role.OCCLUDER: (Sentence("Occlusion"), Sentence("They see hands and things in front of a face.")),
}
"""The roles in the order in which they are shown: what they are called, and what models of a role do."""

LICENCES_IN_WORDS: Final = (
    Sentence("Unknown"), Sentence("Not published"), Sentence("InsightFace non-commercial"),
)  # fmt: skip
"""Names in the catalogue that are words, and so are translated; other licences are called the same everywhere."""
_MINUTE_S: Final = 60


def role_name(role: Role) -> str:
    """What models of a role are called."""
    return spoken(ROLES[role][0])


def licence_name(licence: Licence) -> str:
    """A licence's short name."""
    return spoken(licence.name)


def allows(licence: Licence) -> str:
    """What a licence allows, in the user's language."""
    return licence.allows_zh if QLocale().language() == QLocale.Language.Chinese else licence.allows_en


def size_words(size_bytes: int) -> str:
    """A file's size."""
    return _bytes(size_bytes) if size_bytes else _tr("size not published")


def about(row: ModelRow) -> str:
    """A model in one line: what it makes, its size, its licence."""
    facts = (_makes(row.spec), size_words(row.size_bytes), licence_name(row.spec.licence))
    return "  ·  ".join(fact for fact in facts if fact)


def state_of(row: ModelRow) -> tuple[str, QColor]:
    """How a model stands on this computer, and the colour in which that is said."""
    if not row.installed:
        return _tr("not installed"), theme.TEXT_FAINT
    if row.missing:
        return filled(_tr("needs {models}"), models=", ".join(row.missing)), theme.HOLD
    kinds = " + ".join(kind.upper() for kind in row.installed)
    if not row.is_known:
        return filled(_tr("installed, {kinds}, unknown file"), kinds=kinds), theme.HOLD
    return filled(_tr("installed, {kinds}"), kinds=kinds), theme.LIVE


def plan_words(plan: PlanRow, card: str) -> tuple[str, QColor]:
    """How a model stands for the NVIDIA card, and the colour in which that is said."""
    match plan.standing:
        case Standing.READY:
            return filled(_tr("ready for {card}"), card=card), theme.LIVE
        case Standing.MISSING:
            return filled(_tr("not prepared for {card} yet"), card=card), theme.TEXT_FAINT
        case Standing.STALE:
            return filled(_tr("must be prepared for {card} again: {why}"), card=card, why=spoken(plan.why)), theme.HOLD
        case Standing.IMPOSSIBLE:
            return filled(_tr("cannot be prepared for {card}: {why}"), card=card, why=spoken(plan.why)), theme.HOLD


def progress_words(progress: FetchProgress) -> str:
    """How far a download is, how fast, and how long it will take."""
    done = _bytes(progress.done)
    words = [progress.title]
    if progress.total:
        total = _bytes(progress.total)
        words.append(filled(_tr("{done} of {total}"), done=done, total=total))
    else:
        words.append(done)
    if progress.bytes_per_s is not None:
        rate = _bytes(round(progress.bytes_per_s), 1)
        words.append(filled(_tr("{rate} per second"), rate=rate))
    if progress.left_s is not None:
        words.append(left_words(progress.left_s))
    return "  ·  ".join(words)


def place_words(spec: ModelSpec) -> str:
    """Where to get a model that has no address."""
    names = ", ".join(dict.fromkeys(file.name for file in spec.files))
    sentence = _tr("No address: it is in packs such as insightface's buffalo_l. Get one, then import {file} from it.")
    return filled(sentence, file=names)


def _bytes(count: int, decimals: int = 0) -> str:
    """A number of bytes as publishers write it: 1 MB is a million."""
    return QLocale().formattedDataSize(count, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)


def left_words(seconds: float) -> str:
    """How long something will still take."""
    if seconds < _MINUTE_S:
        return filled(_tr("{seconds} s left"), seconds=str(max(round(seconds), 1)))
    return filled(_tr("{minutes} min left"), minutes=str(round(seconds / _MINUTE_S)))


def _makes(spec: ModelSpec) -> str:
    side, points = spec.contract.get("side"), spec.contract.get("points")
    if spec.role is Role.SWAPPER and side:
        return filled(_tr("faces of {side} × {side} px"), side=str(side))
    return filled(_tr("{count} points"), count=str(points)) if points else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ModelWords", text)

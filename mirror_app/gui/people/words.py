"""Room: gui. What each face of a result wears, and what people and that are called. Covers nobody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Wearers
from mirror_app.domain.face import TrackedFace
from mirror_app.gui.people.face_layer import Caption
from mirror_app.gui.theme import DARK
from mirror_app.gui.wording import filled
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Unsafe


def caption_of(
    face: TrackedFace, result: MirrorResult | None, controls: MirrorControls, title: Callable[[str], str]
) -> Caption:
    """What stands at a face.

    Args:
        face: One of the result's.
        result: What the mirror made; None while it shows no picture.
        controls: What the user chose.
        title: Gives a target's name in the user's language.
    """
    number = "?" if face.person is None else str(face.person)
    words, colour = _part_of(face, result, controls, title)
    return Caption(number, words, colour)


def person_words(person: int | None) -> str:
    """What a person is called."""
    return _tr("Somebody") if person is None else filled(_tr("Person {number}"), number=str(person))


def _part_of(
    face: TrackedFace, result: MirrorResult | None, controls: MirrorControls, title: Callable[[str], str]
) -> tuple[str, QColor]:
    if result is not None and face.track_id in result.worn:
        return title(result.worn[face.track_id]) or _tr("wears a target"), _on_picture("ACCENT")
    if result is None or result.unsafe is Unsafe.SWAP_OFF:
        return _tr("not covered"), _on_picture("BARE_FACE")
    if controls.others is Others.BLUR and result.state is MirrorState.LIVE:
        return _tr("blurred"), _on_picture("QUIET")
    if controls.cast.wearers is Wearers.CHOSEN and face.person is None:
        return _tr("not recognised"), _on_picture("HOLD")
    return _tr("left out"), _on_picture("HOLD")


def _on_picture(name: str) -> QColor:
    """A colour of the dark look: pictures are dark or bright whatever the window is, and bright lines show on both."""
    return QColor(DARK[name])


def _tr(text: str) -> str:
    return QCoreApplication.translate("People", text)

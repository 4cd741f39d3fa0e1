"""Room: gui. Lies over the live picture: boxes with names, the face under the pointer, clicks. Changes no picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mirror_app.domain.face import TrackedFace, TrackState
from mirror_app.gui import theme
from mirror_app.gui.people.face_places import FacePlace, FacePlaces, Shown
from mirror_app.gui.views.preview import Preview

# Of the dark look, as the boxes are: a picture is dark or bright whatever the window is.
_GROUND: Final = theme.faded(QColor(theme.DARK["WINDOW"]), 0.86)
_INK: Final = QColor(theme.DARK["TEXT"])
_BADGE_INK: Final = QColor(theme.DARK["WINDOW"])
_RADIUS: Final = 0.16
"""Of a box's shorter side: the corners of all boxes look alike."""
_TAG_HEIGHT: Final = 22.0
_TAG_GAP: Final = 6.0
_TAG_PADDING: Final = 9.0
_REST_MS: Final = 4000
"""A pointer that rests for so long does not mean the face under it."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands at a face.

    Attributes:
        number: The person's, as words; "?" while she is not recognised.
        words: What she wears.
        colour: Of both and of the box.
    """

    number: str
    words: str
    colour: QColor


class FaceLayer(QWidget):
    """Follows its preview; all that it does not know what to do with goes on to the preview."""

    clicked = Signal(object)
    """The `FacePlace` of the face that was clicked."""
    missed = Signal()
    """The picture was clicked, but no face, or it was clicked twice."""

    def __init__(self, preview: Preview, caption: Callable[[TrackedFace], Caption]) -> None:
        """Lie over a preview.

        Args:
            preview: Whose faces are shown.
            caption: Gives what stands at a face.
        """
        super().__init__(preview)
        self._preview, self._caption = preview, caption
        self._places = FacePlaces()
        self._pointer: QPointF | None = None
        self._hovered: int | None = None
        self._pressed: FacePlace | None = None
        self.boxes_on = False
        self.selected: int | None = None
        """The track of the face that something is being chosen for."""
        self._hint = self.tr("click to choose a face")
        self.setMouseTracking(True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._stop_pointing)
        self.lower()  # the split view's line and notes come first
        preview.installEventFilter(self)
        preview.changed.connect(self._follow)
        self.setGeometry(preview.rect())

    @property
    def places(self) -> list[FacePlace]:
        """The faces in sight and where they are, from left to right."""
        shown = self._shown()
        return sorted(self._places.now(shown), key=lambda place: place.rect.center().x()) if shown else []

    def where_is(self, track_id: int) -> FacePlace | None:
        """A face by its track; None when it is gone."""
        shown = self._shown()
        return self._places.find(track_id, shown) if shown else None

    def set_boxes(self, on: bool) -> None:
        """Show a box around every face, or no longer."""
        self.boxes_on = on
        self.update()

    def select(self, track_id: int | None) -> None:
        """Mark the face that something is being chosen for."""
        if track_id != self.selected:
            self.selected = track_id
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the preview's size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._preview.rect())
        return False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which face a click would mean."""
        self._pointer = event.position()
        self._rest.start()
        self._look_under_pointer()
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._stop_pointing()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take note of the face that is meant: it may have moved on when the button is let go."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._at(event.position()) if is_left else None
        if is_left and self._pressed is None:
            self.missed.emit()
        if self._pressed is None:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a face is told."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.rect().contains(event.position().toPoint()):
            self.clicked.emit(self.where_is(pressed.face.track_id) or pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks are the preview's, on a face too."""
        self._pressed = None
        self.missed.emit()
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is asked for; as a rule nothing."""
        shown = self._shown()
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(shown.rect)
        taken: list[QRectF] = []
        for place in self.places:
            is_marked = place.face.track_id in (self._hovered, self.selected)
            if self.boxes_on or is_marked:
                caption = self._caption(place.face)
                _paint_box(painter, place, caption.colour, is_marked=is_marked)
                words = self._hint if place.face.track_id == self._hovered else caption.words
                taken.append(_paint_tag(painter, place.rect, shown.rect, caption, words, taken))

    def _follow(self) -> None:
        turn = self._preview.turn
        if turn is None:
            self._places.forget()
        else:
            height, width = turn.result.preview_bgr.shape[:2]
            self._places.see(turn.result.faces, (width, height), turn.result.captured_ns)
        self._look_under_pointer()

    def _shown(self) -> Shown | None:
        rect = self._preview.picture_rect
        return None if rect is None else Shown(rect, self._preview.is_flipped)

    def _at(self, point: QPointF) -> FacePlace | None:
        shown = self._shown()
        return self._places.at(point, shown) if shown else None

    def _stop_pointing(self) -> None:
        self._rest.stop()
        self._pointer = None
        self._look_under_pointer()

    def _look_under_pointer(self) -> None:
        """A hand over a face; elsewhere the preview's own pointer."""
        meant = self._at(self._pointer) if self._pointer is not None else None
        hovered = None if meant is None else meant.face.track_id
        if hovered == self._hovered:
            return
        self._hovered = hovered
        if hovered is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.update()


def tag_place(face: QRectF, picture: QRectF, width: float, taken: Sequence[QRectF]) -> QRectF:
    """Where a tag of this width stands: above its face, one row higher, or below it; never outside of the picture.

    Args:
        face: The face's box, px.
        picture: The picture's place, px.
        width: Of the tag, px.
        taken: The tags of other faces, which it leaves free if it can.
    """
    above, row = face.top() - _TAG_GAP - _TAG_HEIGHT, _TAG_HEIGHT + 2
    left = max(min(face.center().x() - width / 2, picture.right() - width - _TAG_GAP), picture.left() + _TAG_GAP)
    lowest = picture.bottom() - _TAG_HEIGHT - _TAG_GAP
    tops = [top for top in (above, above - row) if top >= picture.top() + 2]
    places = [QRectF(left, top, width, _TAG_HEIGHT) for top in (*tops, min(face.bottom() + _TAG_GAP, lowest))]
    return next((one for one in places if not any(map(one.intersects, taken))), places[0])


def _paint_box(painter: QPainter, place: FacePlace, colour: QColor, *, is_marked: bool) -> None:
    """A thin rounded frame with a dark seam, seen on bright and dark pictures; broken where the face is not seen."""
    rect = place.rect.adjusted(1, 1, -1, -1)
    radius = _RADIUS * min(rect.width(), rect.height())
    painter.setBrush(theme.faded(colour, 0.10) if is_marked else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.faded(QColor(Qt.GlobalColor.black), 0.35), 3.5 if is_marked else 2.5))
    painter.drawRoundedRect(rect, radius, radius)
    is_seen = place.face.state is TrackState.CONFIRMED
    style = Qt.PenStyle.SolidLine if is_seen else Qt.PenStyle.DashLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2.0 if is_marked else 1.25, style))
    painter.drawRoundedRect(rect, radius, radius)


def _paint_tag(
    painter: QPainter, face: QRectF, picture: QRectF, caption: Caption, words: str, taken: Sequence[QRectF]
) -> QRectF:
    """A number and a few words at a face; its place."""
    painter.setFont(theme.font(12, bold=True))
    number = QFontMetricsF(painter.font()).horizontalAdvance(caption.number) + 2 * _TAG_PADDING
    number = max(number, _TAG_HEIGHT)
    painter.setFont(theme.font(12))
    width = number + QFontMetricsF(painter.font()).horizontalAdvance(words) + 2 * _TAG_PADDING - 3
    tag = tag_place(face, picture, width, taken)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(tag, _TAG_HEIGHT / 2, _TAG_HEIGHT / 2)
    badge = QRectF(tag.left(), tag.top(), number, _TAG_HEIGHT)
    painter.setBrush(caption.colour)
    painter.drawRoundedRect(badge, _TAG_HEIGHT / 2, _TAG_HEIGHT / 2)
    painter.setPen(_BADGE_INK)
    painter.setFont(theme.font(12, bold=True))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, caption.number)
    painter.setPen(_INK)
    painter.setFont(theme.font(12))
    painter.drawText(tag.adjusted(number + 7, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
    return tag

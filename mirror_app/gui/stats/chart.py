"""Room: gui. The timing chart: where the time goes, the last ten seconds, and what was left out. Measures nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.stats.frames import paint_frames
from mirror_app.gui.stats.record import Recent
from mirror_app.gui.stats.steps import paint_steps
from mirror_app.gui.stats.words import Machine, skips_sentence

HEIGHT: Final = 186
_LINE: Final = 20.0
_GAP: Final = 24.0
_STEPS_SHARE: Final = 0.44
_LEAST_STEPS: Final = 232.0
"""In less the names would lie under the numbers."""
_DOT: Final = 2.0
_WIDEST_STEPS: Final = 420.0
_FLAGS: Final = Qt.AlignmentFlag.AlignVCenter


def paint_chart(painter: QPainter, box: QRectF, recent: Recent, machine: Machine) -> None:
    """Paint everything into a box; on a screen, into a picture or into an SVG alike."""
    charts = box.adjusted(0, 0, 0, -_LINE)
    steps = QRectF(charts)
    steps.setWidth(min(max(charts.width() * _STEPS_SHARE, _LEAST_STEPS), _WIDEST_STEPS))
    paint_steps(painter, steps, recent)
    charts.setLeft(steps.right() + _GAP)
    paint_frames(painter, charts, recent)
    _paint_foot(painter, QRectF(box.left(), box.bottom() - _LINE + 4, box.width(), _LINE - 4), recent, machine)


def _paint_foot(painter: QPainter, line: QRectF, recent: Recent, machine: Machine) -> None:
    """What was left out, behind the dot that marks it in the chart, and what did the work."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.TEXT)
    painter.drawEllipse(QPointF(line.left() + 5, line.center().y()), _DOT, _DOT)
    line = line.adjusted(16, 0, 0, 0)
    painter.setFont(theme.font(12))
    metrics = QFontMetricsF(painter.font())
    painter.setPen(theme.TEXT_SOFT)
    painter.drawText(line, _FLAGS | Qt.AlignmentFlag.AlignRight, machine.whole)
    room = line.width() - metrics.horizontalAdvance(machine.whole) - _GAP
    words = metrics.elidedText(skips_sentence(recent.skipped), Qt.TextElideMode.ElideRight, room)
    painter.drawText(line, _FLAGS, words)


class StatsChart(QWidget):
    """Shows the chart of what it was given last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent: Recent | None = None
        self._machine = Machine("", "")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else the panel is painted anew with it
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timing chart"))
        self.setToolTip(
            self.tr("Dashed: 33 ms. Dots: pictures left out. Low strips: HOLD; high strips: SHIELD. Whiskers: p95.")
        )

    def sizeHint(self) -> QSize:
        """Wide enough for both halves."""
        return QSize(620, HEIGHT)

    def show_recent(self, recent: Recent, machine: Machine) -> None:
        """Show other numbers."""
        self._recent, self._machine = recent, machine
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chart."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.PANEL)
        if self._recent is not None:
            paint_chart(painter, QRectF(self.rect()), self._recent, self._machine)

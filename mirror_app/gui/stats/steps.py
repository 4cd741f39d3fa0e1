"""Room: gui. Painting where the time of a frame goes: a stair of bars, one for each step. Measures nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mirror_app.gui import theme
from mirror_app.gui.stats.colours import step_colours
from mirror_app.gui.stats.record import Recent
from mirror_app.gui.stats.words import ms_text, step_names
from mirror_app.pipeline.clock import Percentiles

HEAD: Final = 20.0
FOOT: Final = 17.0
_SWATCH: Final = 9.0
_NAME_LEFT: Final = 16.0
_NUMBER: Final = 43.0
_GAP: Final = 10.0
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip


def paint_steps(painter: QPainter, box: QRectF, recent: Recent) -> None:
    """Paint a row for each step: its middle time as a bar from where the one above ends, and p95 as a whisker."""
    names, colours, steps = step_names(), step_colours(), recent.steps
    _paint_head(painter, box)
    painter.setFont(theme.font(12))
    bars_left = box.left() + _NAME_LEFT + max(map(QFontMetricsF(painter.font()).horizontalAdvance, names.values()))
    bars = QRectF(bars_left + _GAP, box.top() + HEAD, 0, box.height() - HEAD - FOOT)
    bars.setRight(box.right() - 2 * _NUMBER - _GAP)
    height, scale, begin_ms = bars.height() / len(steps), bars.width() / _longest_ms(steps), 0.0
    has_frames = len(recent) > 0
    for number, (step, times) in enumerate(steps.items()):
        row = QRectF(box.left(), bars.top() + number * height, box.width(), height)
        painter.fillRect(QRectF(row.left(), row.center().y() - _SWATCH / 2, _SWATCH, _SWATCH), colours[step])
        _paint_words(painter, row, names[step], times if has_frames else None)
        if not has_frames:
            continue
        left = bars.left() + begin_ms * scale
        bar = QRectF(left, row.top() + 3, max(times.p50 * scale, 1.0), height - 6)
        painter.fillRect(bar, colours[step])
        _paint_whisker(painter, bar, bars.left() + (begin_ms + times.p95) * scale)
        begin_ms += times.p50
    painter.setFont(theme.font(12, bold=True))
    total = QRectF(box.left(), box.bottom() - FOOT, box.width(), FOOT)
    name = QCoreApplication.translate("Stats", "Hand-over to paint")
    _paint_words(painter, total, name, recent.delays if has_frames else None)


def _longest_ms(steps: dict[str, Percentiles]) -> float:
    ends, begin_ms = [1.0], 0.0
    for times in steps.values():
        ends.append(begin_ms + times.p95)
        begin_ms += times.p50
    return max(*ends, begin_ms)


def _paint_head(painter: QPainter, box: QRectF) -> None:
    head = QRectF(box.left(), box.top(), box.width(), HEAD - 4)
    painter.setFont(theme.font(12, bold=True))
    painter.setPen(theme.TEXT)
    painter.drawText(head, _LEFT, QCoreApplication.translate("Stats", "Where the time goes"))
    painter.setFont(theme.font(11))
    painter.setPen(theme.TEXT_SOFT)
    painter.drawText(head, _RIGHT, "p95 ms")
    painter.drawText(head.adjusted(0, 0, -_NUMBER, 0), _RIGHT, "p50")


def _paint_words(painter: QPainter, row: QRectF, name: str, times: Percentiles | None) -> None:
    painter.setPen(theme.TEXT)
    painter.drawText(row.adjusted(_NAME_LEFT, 0, 0, 0), _LEFT, name)
    if times is None:
        return
    painter.drawText(row.adjusted(0, 0, -_NUMBER, 0), _RIGHT, ms_text(times.p50))
    painter.setPen(theme.TEXT_SOFT)
    painter.drawText(row, _RIGHT, ms_text(times.p95))


def _paint_whisker(painter: QPainter, bar: QRectF, end: float) -> None:
    if end <= bar.right() + 1:
        return
    middle = bar.center().y()
    painter.setPen(QPen(theme.TEXT_SOFT, 1))
    painter.drawLine(QPointF(bar.right(), middle), QPointF(end, middle))
    painter.drawLine(QPointF(end, middle - 3), QPointF(end, middle + 3))

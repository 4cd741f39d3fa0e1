"""Room: gui. Painting the frame times of the last ten seconds as stacked bars over time. Measures nothing."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mirror_app.gui import theme
from mirror_app.gui.stats.colours import step_colours
from mirror_app.gui.stats.record import WINDOW_NS, Recent
from mirror_app.gui.stats.steps import FOOT, HEAD
from mirror_app.gui.stats.words import ms_text
from mirror_app.pipeline.result import MirrorState

LIMIT_MS: Final = 33.0
"""Slower frames miss the next picture of a camera that gives 30 a second."""
_TOPS_MS: Final = (40, 60, 80, 120, 200, 400, 800, 1600, 4000)
_AXIS: Final = 26.0
_MARKS: Final = 8.0
"""Height of the strip above the bars where left-out pictures and covered frames are marked."""
_BAR: Final = 4
_MOST_BARS: Final = 100
_GAP: Final = 12.0
_SECONDS: Final = WINDOW_NS // 1_000_000_000
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip


def paint_frames(painter: QPainter, box: QRectF, recent: Recent) -> None:
    """Paint a bar for every tenth of a second or so: the slowest frame in it, made of its steps."""
    plot = box.adjusted(_AXIS, HEAD + _MARKS, 0, -FOOT)
    width = max(_BAR, math.ceil(plot.width() / _MOST_BARS))
    plot.setLeft(plot.right() - plot.width() // width * width)
    top_ms = _top_ms(recent)
    _paint_head(painter, box, recent)
    _paint_axes(painter, plot, top_ms)
    if not len(recent):
        painter.setFont(theme.font(13))
        painter.setPen(theme.TEXT_SOFT)
        painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, _tr("Waiting for frames…"))
        return
    columns = _columns(recent, round(plot.width() / width))
    _paint_bars(painter, plot, recent, columns, width, top_ms)
    _paint_marks(painter, plot, recent, columns, width)
    _paint_limit(painter, plot, top_ms)


def _top_ms(recent: Recent) -> float:
    """The height of the axis: a single frame that is far slower than the rest is cut off at it."""
    wanted_ms = 0.0
    if len(recent):
        wanted_ms = min(float(recent.delays_ms.max()), 4 * recent.delays.p95)
    return float(next((top for top in _TOPS_MS if top >= wanted_ms), _TOPS_MS[-1]))


def _columns(recent: Recent, count: int) -> NDArray[np.int64]:
    """(n,) the bar of every frame. Bars begin at fixed times, so that they move on as a whole and keep their frames."""
    bar_ns = WINDOW_NS // count
    columns = count - 1 - (recent.now_ns // bar_ns - recent.painted_ns // bar_ns)
    return np.clip(columns, 0, count - 1)


def _paint_bars(
    painter: QPainter, plot: QRectF, recent: Recent, columns: NDArray[np.int64], width: int, top_ms: float
) -> None:
    order = np.argsort(recent.delays_ms, kind="stable")
    slowest = dict(zip(columns[order].tolist(), order.tolist(), strict=True))
    rows = np.array(list(slowest.values()))
    lefts = [plot.left() + column * width for column in slowest]
    heights = np.cumsum(recent.steps_ms[rows], axis=1) * (plot.height() / top_ms)
    # Halves of a pixel are whole ones on screens of double density.
    edges = np.round(2 * np.minimum(heights, plot.height())).T / 2
    painter.setPen(Qt.PenStyle.NoPen)
    lower = np.zeros(len(rows))
    for upper, colour in zip(edges, step_colours().values(), strict=True):
        painter.setBrush(colour)
        tall = zip(lefts, lower.tolist(), upper.tolist(), strict=True)
        bottom = plot.bottom()
        painter.drawRects([QRectF(x, bottom - high, width - 1, high - low) for x, low, high in tall if high > low])
        lower = upper


def _paint_marks(painter: QPainter, plot: QRectF, recent: Recent, columns: NDArray[np.int64], width: int) -> None:
    top = plot.top() - _MARKS
    for state, colour, height in ((MirrorState.HOLD, theme.HOLD, 3.0), (MirrorState.SHIELD, theme.SHIELD, 5.0)):
        held = {int(column) for column, each in zip(columns, recent.states, strict=True) if each is state}
        painter.setBrush(colour)
        painter.drawRects([QRectF(plot.left() + column * width, top, width, height) for column in held])
    painter.setBrush(theme.TEXT)
    for column in np.unique(columns[recent.new_skips.any(axis=1)]).tolist():
        painter.drawEllipse(QPointF(plot.left() + (column + 0.5) * width, top + 3), 2, 2)


def _paint_head(painter: QPainter, box: QRectF, recent: Recent) -> None:
    head = QRectF(box.left(), box.top(), box.width(), HEAD - 4)
    title = _tr("Frame times, ms")
    painter.setPen(theme.TEXT)
    painter.setFont(theme.font(12, bold=True))
    painter.drawText(head, _LEFT, title)
    if not len(recent):
        return
    room = max(head.width() - QFontMetricsF(painter.font()).horizontalAdvance(title) - _GAP, 0)
    times = recent.delays
    said = [f"{name} {ms_text(value)}" for name, value in times.as_json().items()]
    longest_first = (
        "   ".join([f"{recent.frames_per_second:.0f} fps", *said]),
        "   ".join(said),
        "   ".join(said[:2]),
        said[0],
        "",
    )
    painter.setFont(theme.font(12))
    metrics = QFontMetricsF(painter.font())
    painter.drawText(head, _RIGHT, next(words for words in longest_first if metrics.horizontalAdvance(words) <= room))


def _paint_axes(painter: QPainter, plot: QRectF, top_ms: float) -> None:
    painter.setFont(theme.font(11))
    painter.setPen(QPen(theme.LINE, 1))
    painter.drawLine(plot.topLeft(), plot.topRight())
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.setPen(theme.TEXT_SOFT)
    axis = QRectF(plot.left() - _AXIS - 4, 0, _AXIS - 2, 14)
    for value in (0.0, top_ms):
        axis.moveTop(plot.bottom() - value / top_ms * plot.height() - 7)
        painter.drawText(axis, _RIGHT, f"{value:.0f}")
    limit = plot.bottom() - LIMIT_MS / top_ms * plot.height()
    if min(limit - plot.top(), plot.bottom() - limit) > 12:  # it would lie over the number at that end
        axis.moveTop(limit - 7)
        painter.drawText(axis, _RIGHT, f"{LIMIT_MS:.0f}")
    foot = QRectF(plot.left(), plot.bottom() + 1, plot.width(), FOOT)
    painter.drawText(foot, _LEFT, f"−{_SECONDS} s")
    painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"−{_SECONDS // 2} s")
    painter.drawText(foot, _RIGHT, _tr("now"))


def _paint_limit(painter: QPainter, plot: QRectF, top_ms: float) -> None:
    y = plot.bottom() - LIMIT_MS / top_ms * plot.height()
    painter.setPen(QPen(theme.TEXT, 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Stats", text)

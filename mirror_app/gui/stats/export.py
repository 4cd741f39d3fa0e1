"""Room: gui. The timing as a file: a picture (PNG, SVG) or a table (CSV). No pixel of any camera goes into them.

Everything here is called off the window's thread.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from mirror_app.gui import theme
from mirror_app.gui.stats.chart import HEIGHT, paint_chart
from mirror_app.gui.stats.record import STEPS, Recent
from mirror_app.gui.stats.words import Machine, step_names
from mirror_app.whole_file import whole_file

_MARGIN: Final = 24
_HEADING: Final = 40
_SIZE: Final = QSize(1000, HEIGHT + _HEADING + 2 * _MARGIN)
_DENSITY: Final = 2
"""A PNG is as sharp as on a screen of double density."""


def save_chart(recent: Recent, machine: Machine, path: Path) -> None:
    """Draw the chart into a file; the ending says which kind.

    Raises:
        OutputError: The operating system refused (folder, rights, disk space).
    """
    if path.suffix == ".svg":
        data = _svg(recent, machine)
        with whole_file(path) as part:
            part.write_bytes(data)
        return
    # Qt would keep Python's lock while it packs the picture, and with it the window waiting. Imported here: loads cv2.
    from mirror_app.imaging.files import write_image

    write_image(path, _pixels(recent, machine))


def save_table(recent: Recent, path: Path) -> None:
    """Write a row for each frame; the first one names the columns and their units.

    Raises:
        OutputError: The operating system refused (folder, rights, disk space).
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_column_names())
    begin_ns = int(recent.painted_ns[0]) if len(recent) else 0
    skips = recent.new_skips
    for row in range(len(recent)):
        writer.writerow(
            [
                f"{(int(recent.painted_ns[row]) - begin_ns) / 1e9:.3f}",
                int(recent.indexes[row]),
                recent.states[row].name,
                f"{recent.delays_ms[row]:.3f}",
                *(f"{ms:.3f}" for ms in recent.steps_ms[row].tolist()),
                f"{recent.pipeline_ms[row]:.3f}",
                *skips[row].tolist(),
            ]
        )
    with whole_file(path) as part:
        # Excel takes a file without this mark for one in the computer's old code page.
        part.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def _column_names() -> list[str]:
    names = step_names()
    milliseconds = [_tr("Hand-over to paint"), *(names[step] for step in STEPS), _tr("Pipeline")]
    return [
        f"{_tr('Time')} (s)",
        _tr("Frame"),
        _tr("State"),
        *(f"{name} (ms)" for name in milliseconds),
        _tr("Left out before the work"),
        _tr("Left out before the paint"),
    ]


def _pixels(recent: Recent, machine: Machine) -> NDArray[np.uint8]:
    """(H, W, 3) uint8, BGR."""
    image = QImage(_SIZE * _DENSITY, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_DENSITY)
    painter = QPainter(image)
    _paint_page(painter, recent, machine)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return np.stack([pixels >> shift & 255 for shift in (0, 8, 16)], axis=-1).astype(np.uint8)


def _svg(recent: Recent, machine: Machine) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(_SIZE)
    generator.setViewBox(QRect(0, 0, _SIZE.width(), _SIZE.height()))
    generator.setResolution(96)
    generator.setTitle(_tr("Timing of the mirror"))
    painter = QPainter(generator)
    _paint_page(painter, recent, machine)
    painter.end()
    return bytes(data.data())


def _paint_page(painter: QPainter, recent: Recent, machine: Machine) -> None:
    page = QRectF(0, 0, _SIZE.width(), _SIZE.height())
    painter.fillRect(page, theme.PANEL)
    inner = page.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    heading = QRectF(inner.left(), inner.top(), inner.width(), 22)
    painter.setPen(theme.TEXT)
    painter.setFont(theme.font(16, bold=True))
    painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, _tr("Timing of the mirror"))
    painter.setPen(theme.TEXT_SOFT)
    painter.setFont(theme.font(12))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(heading, flags, f"{datetime.now():%Y-%m-%d %H:%M:%S}")
    paint_chart(painter, inner.adjusted(0, _HEADING, 0, 0), recent, machine)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Stats", text)

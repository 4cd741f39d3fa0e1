"""Room: gui. The window's line icons, drawn on a 24x24 grid by this project. Knows no widgets."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgRenderer


class Icon(Enum):
    """An icon; the value is its SVG content, stroked in the colour it is painted with."""

    CAMERA = '<rect x="2.5" y="6" width="13" height="12" rx="3"/><path d="M15.5 10.6 21.5 7v10l-6-3.6"/>'
    SHUTTER = (
        '<path d="M4.5 7.5h3l1.6-2.5h5.8l1.6 2.5h3a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"/>'
        '<circle cx="12" cy="13" r="3.6"/>'
    )
    COMPARE = '<circle cx="12" cy="12" r="9"/><path d="M12 3v18M12 8h6.8M12 12h9M12 16h6.8"/>'
    PLUS = '<path d="M12 5v14M5 12h14"/>'
    PHOTO = (
        '<rect x="3" y="4" width="18" height="16" rx="3"/><circle cx="8.5" cy="9.5" r="1.6"/>'
        '<path d="M3.5 17.5 9 13l3.5 3 3.5-4 4.5 5"/>'
    )
    SLIDERS = (
        '<path d="M4 7h7M17 7h3M4 17h3M13 17h7"/><circle cx="14" cy="7" r="2.6"/><circle cx="10" cy="17" r="2.6"/>'
    )
    MENU = '<path d="M4 7h16M4 12h16M4 17h16"/>'
    GEAR = (
        '<circle cx="12" cy="12" r="3.4"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.200 2.200'
        'M16.200 16.200l2.200 2.200M5.600 18.400l2.200-2.200M16.200 7.800l2.200-2.200"/>'
    )
    CHEVRON_DOWN = '<path d="M7 10l5 5 5-5"/>'
    FACE = (
        '<path d="M12 3c4.4 0 7 3.2 7 7.6C19 16 16 21 12 21s-7-5-7-10.4C5 6.200 7.600 3 12 3z"/>'
        '<path d="M9 10.500v.6M15 10.500v.6M9.300 15.300c1.600 1.400 3.800 1.400 5.400 0"/>'
    )
    SHIELD = '<path d="M12 3l7.500 2.800v5.400c0 4.700-3 8-7.500 9.800-4.500-1.800-7.500-5.100-7.500-9.800V5.800z"/>'
    TABLE = '<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><path d="M3.5 9.5h17M3.5 14.5h17M10 9.5v10"/>'
    CLOSE = '<path d="M7 7l10 10M17 7 7 17"/>'
    PAUSE = '<path d="M8.500 5v14M15.500 5v14"/>'
    EXPAND = '<path d="M13.500 4.500h6v6M19.500 4.500l-7 7M10.500 19.500h-6v-6M4.500 19.500l7-7"/>'
    BOOKMARK = '<path d="M6.500 4h11v16.500L12 16.300l-5.500 4.200z"/>'
    FOLDER = '<path d="M3 7.500a2 2 0 0 1 2-2h4.300l2 2.500H19a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>'
    FILM = '<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="M7.5 5v14M16.500 5v14M3 12h18"/>'
    CHECK = '<path d="M4.500 12.500l5 5L19.500 7"/>'
    ON_AIR = (
        '<circle cx="12" cy="12" r="2.400"/><path d="M7.700 7.700a6.100 6.100 0 0 0 0 8.600'
        "M16.300 7.700a6.100 6.100 0 0 1 0 8.600M4.700 4.700a10.300 10.300 0 0 0 0 14.600"
        'M19.300 4.700a10.300 10.300 0 0 1 0 14.600"/>'
    )
    OUTPUTS = (
        '<path d="M8 17H5.500A2.500 2.500 0 0 1 3 14.500v-8A2.500 2.500 0 0 1 5.500 4h13A2.500 2.500 0 0 1 21 6.500v8'
        'a2.500 2.500 0 0 1-2.500 2.500H16M12 20.500v-9.500M8.800 13.800 12 10.600l3.200 3.200"/>'
    )
    MICROPHONE = (
        '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3"/>'
    )
    MUTED = (
        '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3'
        'M4 4l16 16"/>'
    )
    OUTSIDE = '<path d="M14 4.5h5.5V10M19.5 4.5l-8 8M10.5 6h-4a2 2 0 0 0-2 2v9.5a2 2 0 0 0 2 2H16a2 2 0 0 0 2-2v-4"/>'


def paint_icon(painter: QPainter, icon: Icon, box: QRectF, colour: QColor, stroke: float = 1.7) -> None:
    """Draw an icon into a square box, sharp at every screen density."""
    line = f'stroke="{colour.name()}" stroke-opacity="{colour.alphaF()}" stroke-width="{stroke}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-linecap="round" '
        f'stroke-linejoin="round" {line}>{icon.value}</svg>'
    )
    QSvgRenderer(QByteArray(svg.encode())).render(painter, box)

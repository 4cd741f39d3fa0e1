"""Room: painting of the built-in targets. Brows and lashes that lie on the mesh's brow and lid rings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sheet import Plane, Points, between, curve, mirrored, path, smooth, stroke, strokes, xy

# From the nose outward: lower edge, upper edge.
BROW_EDGES = ((55, 107), (65, 66), (52, 105), (53, 63), (46, 70))
UPPER_LID = (133, 173, 157, 158, 159, 160, 161, 246, 33)
LOWER_LID = (133, 155, 154, 153, 145, 144, 163, 7, 33)


def brow_line(share: float = 0.5) -> Points:
    """A line along the image-left brow from the nose outward; `share` 0 = lower edge, 1 = upper edge."""
    return curve([between(low, high, share) for low, high in BROW_EDGES])


def brow(width_px: float, *, share: float = 0.45, taper: float = 0.15) -> Plane:
    """Both brows as one stroke each, thickest a third along."""
    widths = [width_px * k for k in (0.62, 0.95, 1.0, 0.85, 0.6, taper)]
    return mirrored(stroke(brow_line(share), widths))


def hairs(seed: int, count: int, length_px: float, width_px: float) -> Plane:
    """Both brows as single hairs that rise at the nose and lie down outward."""
    rng = np.random.default_rng(seed)
    low, high = brow_line(0.12), brow_line(0.88)
    lines: list[tuple[Points, float | Sequence[float]]] = []
    for _ in range(count):
        t = rng.uniform(0, 1)
        spread = rng.uniform(0, 1) * (1 - 0.55 * t) + 0.25 * t
        i = int(t * (len(low) - 12))
        root = low[i] + (high[i] - low[i]) * spread
        run = low[min(i + 10, len(low) - 1)] - low[i]
        run = run / max(float(np.linalg.norm(run)), 1e-6)
        lift = xy(0, -1) * (1.25 - 1.35 * t - 0.4 * spread)
        way = run + lift + rng.normal(0, 0.12, 2).astype(np.float32)
        way = way / np.linalg.norm(way) * length_px * (1.0 - 0.35 * t)
        bend = root + way * 0.55 + run * length_px * 0.10
        lines.append((curve([root, bend, root + way + run * length_px * 0.25], samples=8), [width_px, width_px, 0]))
    return mirrored(strokes(lines))


def hair_relief(height_cm: float) -> Plane:
    """Carved brows: a soft ridge with combed grooves, in cm."""
    ridge = smooth(brow(62, taper=0.3), 9)
    return height_cm * ridge * (0.75 + 0.45 * smooth(hairs(11, 170, 70, 7), 1.5))


def liner(width_px: float, *, wing_px: float = 0.0) -> Plane:
    """A line along both upper lids, drawn out past the outer corner when a wing is wanted."""
    lid = path(UPPER_LID)
    if wing_px > 0:
        end = lid[-1] + xy(-wing_px, -0.45 * wing_px)
        lid = np.concatenate([lid, curve([lid[-1], lid[-1] + xy(-0.4 * wing_px, -0.12 * wing_px), end])])
        return mirrored(stroke(lid, [width_px * k for k in (0.3, 0.7, 1.0, 1.15, 1.2, 1.0, 0.0)]))
    return mirrored(stroke(lid, [width_px * k for k in (0.4, 0.8, 1.0, 1.1, 0.7)]))


def lower_liner(width_px: float) -> Plane:
    """A thin line along both lower lids."""
    return mirrored(stroke(path(LOWER_LID), [width_px * k for k in (0.4, 0.7, 0.9, 1.0, 0.8)]))


def lashes(line: Points, count: int, length_px: float, *, up: bool) -> Plane:
    """Single lashes fanned out from the image-left lid line (nose side first), with their mirror image."""
    lines: list[tuple[Points, float | Sequence[float]]] = []
    for t in np.linspace(0.18, 0.97, count):
        root = line[int(t * (len(line) - 1))]
        lean = xy(-1.1 * (t - 0.3), -1.0 if up else 1.0)
        tip = root + lean / np.linalg.norm(lean) * length_px * (0.55 + 0.45 * t)
        bend = (root + tip) / 2 + xy(0, 0.12 * length_px if up else -0.12 * length_px)
        lines.append((curve([root, bend, tip], samples=8), [7, 5, 0]))
    return mirrored(strokes(lines))

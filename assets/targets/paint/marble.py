"""Room: painting of the built-in targets. A classical bust in white marble."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, lit, over, plain
from brows import hair_relief
from noise import fractal, veins
from relief import form, gleam, studio
from sheet import glow_spot, ramp


def paint() -> Picture:
    """Warm white stone, grey and honey veins, carved brows."""
    clouds = fractal(5, 4, 5)
    stone = plain("#dcd6cd")
    stone = over(stone, "#bdb8b4", ramp(clouds, 0.0, 1.0) * 0.55)
    stone = over(stone, "#d8c9b0", ramp(-clouds, 0.1, 1.0) * 0.6)
    # No vein across eyes, nose or mouth: it would read as a tear or a scar.
    calm = 1 - np.clip(glow_spot(0.5, 0.56, 340, both=False) + glow_spot(0.35, 0.37, 190), 0, 1)
    fade = ramp(fractal(6, 4), -0.5, 0.7) * ramp(calm, 0.2, 0.75)
    for seed, cells in ((31, 2), (61, 3), (71, 4)):
        stone = over(stone, "#85868d", veins(seed, cells, 0.22, 80) * 0.30 * fade)
        stone = over(stone, "#5f6068", veins(seed, cells, 0.035, 80) * 0.60 * fade)
    stone = over(stone, "#9a8567", veins(41, 4, 0.025, 50) * 0.45 * ramp(calm, 0.2, 0.75))
    shape = form(hair_relief(0.11) + 0.003 * fractal(8, 160, 3), strength=1.15)
    light = studio(shape)
    stone = lit(stone, light * 1.12, "#8c7466")
    return glow(stone, "#fffaf0", 0.32 * gleam(shape, (-0.25, -0.7, -0.7), 40))

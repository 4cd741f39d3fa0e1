"""Room: painting of the built-in targets. Small portraits for the gallery.

`python assets/targets/paint/thumbnails.py [NAME ...]` draws those of the catalogue entries named, or all.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import cv2
import numpy as np
from eyes import with_eyes
from mesh_view import Picture, sampled, sheet_lookup, turned, vertex_normals
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as mesh
from mirror_app.imaging.rasterise import MeshRasteriser

FOLDER = Path(__file__).resolve().parent.parent
THUMBNAIL_SIDE = 256
_SIDE = 1024  # drawn at four times the size, then reduced
_FACE_HEIGHT_CM = 17.7
_YAW_DEG, _PITCH_DEG = -11.0, 0.0
_KEY_LIGHT = (-0.50, -0.55, -0.67)
_BROWN = (0.20, 0.33, 0.47)
# Iris colours (BGR) where brown would not suit the face.
IRIS: dict[str, tuple[float, float, float]] = {
    "starry-oils": (0.75, 0.62, 0.20),
    "tiger": (0.15, 0.62, 0.85),
    "monkey-king": (0.10, 0.55, 0.85),
    "android": (1.00, 0.85, 0.25),
    "galaxy": (0.95, 0.45, 0.70),
    "porcelain": (0.75, 0.52, 0.30),
    "carnival": (0.45, 0.60, 0.30),
    "marble": (0.66, 0.64, 0.60),
    "comic": (0.85, 0.45, 0.15),
    "gold-mask": (0.10, 0.40, 0.55),
}


def _backdrop() -> Picture:
    """A quiet studio wall, lighter behind the head: (side, side, 3) float32, 0..1, BGR."""
    y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32) / _SIDE
    light = np.exp(-((x - 0.46) ** 2 + (y - 0.40) ** 2) / 0.22)[..., None]
    dark, bright = np.array([[0.13, 0.115, 0.105], [0.27, 0.245, 0.225]], np.float32)
    return np.asarray(dark + light * bright, np.float32)


def _bust(wall: Picture) -> Picture:
    """A dark display head behind the face: skull, neck and shoulders, lit at the rim."""
    solid = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.ellipse(solid, (520, 470), (388, 452), 2, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.fillPoly(
        solid, [np.array([[375, 700], [372, 905], [160, 1024], [960, 1024], [742, 900], [730, 690]])], 255, cv2.LINE_AA
    )
    cv2.ellipse(solid, (560, 1100), (500, 190), 0, 180, 360, 255, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(solid, (0, 0), 9).astype(np.float32) / 255
    depth = np.clip(cv2.distanceTransform((solid > 127).astype(np.uint8), cv2.DIST_L2, 5) / 150, 0, 1)
    x = np.linspace(1.25, 0.65, _SIDE, dtype=np.float32)[None, :]
    shade = (0.15 + 0.12 * np.sqrt(depth)) * x
    body = shade[..., None] * np.array([1.04, 0.98, 0.95], np.float32)
    return np.asarray(wall * (1 - soft[..., None]) + body * soft[..., None], np.float32)


def of_texture(texture_bgra: NDArray[np.uint8], iris_bgr: tuple[float, float, float]) -> NDArray[np.uint8]:
    """A texture worn by the display head: (256, 256, 3) uint8 BGR."""
    points = turned(_YAW_DEG, _PITCH_DEG)
    scale = _SIDE * 0.83 / _FACE_HEIGHT_CM
    placed = (points * scale + np.array([_SIDE * 0.49, _SIDE * 0.495, 0], np.float32)).astype(np.float32)
    lookup, seen = sheet_lookup(placed, _SIDE)
    paint = sampled(with_eyes(np.asarray(texture_bgra / 255, np.float32), iris_bgr), lookup)
    toward = np.asarray(_KEY_LIGHT, np.float32) / np.linalg.norm(_KEY_LIGHT)
    lambert = np.clip((vertex_normals(points) @ toward + 0.35) / 1.35, 0, 1)
    light = spread_light(placed, (0.70 + 0.52 * lambert).astype(np.float32))
    cover = cv2.GaussianBlur(cv2.erode(seen.astype(np.uint8) * 255, np.ones((9, 9), np.uint8)), (0, 0), 3.0)
    rounded = cover.astype(np.float32)[..., None] / 255
    wall = _bust(_backdrop())
    fallen = cv2.GaussianBlur(rounded[..., 0], (0, 0), 26)
    wall *= 1 - 0.55 * np.roll(fallen, (18, 14), (0, 1))[..., None]
    picture = wall * (1 - rounded) + paint * light[..., None] * rounded
    small = cv2.resize(np.clip(picture, 0, 1), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA)
    return np.round(small * 255).astype(np.uint8)


def spread_light(placed: NDArray[np.float32], light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Light per vertex spread over the picture and smoothed, so that no triangle shows."""
    values = np.stack([light, np.ones_like(light), np.zeros_like(light)], axis=1).astype(np.float32)
    drawn = MeshRasteriser(mesh.TRIANGLES).draw(placed, values, (_SIDE, _SIDE)).copy()
    weight = cv2.GaussianBlur(drawn[..., 1], (0, 0), 14)
    return np.asarray(cv2.GaussianBlur(drawn[..., 0], (0, 0), 14) / np.maximum(weight, 1e-3), np.float32)


def main(names: list[str]) -> None:
    """Draw the thumbnails of the named catalogue entries, or of all."""
    catalogue = tomllib.loads((FOLDER / "catalogue.toml").read_text(encoding="utf-8"))
    for name in names or catalogue:
        entry = catalogue[name]
        picture = cv2.imread(str(FOLDER / entry["file"]), cv2.IMREAD_UNCHANGED)
        if picture is None:
            raise FileNotFoundError(f"{entry['file']} is missing: paint it first")
        pixels = np.asarray(picture, np.uint8)
        small = of_texture(pixels, IRIS.get(name, _BROWN))
        cv2.imwrite(str(FOLDER / entry["thumbnail"]), small, [cv2.IMWRITE_JPEG_QUALITY, 92])
        sys.stdout.write(f"thumbnail {name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])

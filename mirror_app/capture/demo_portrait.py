"""Room: capture. The demo head's material, loaded from the assets. Moves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app import resources
from mirror_app.domain.errors import InputError

SCENE_WH: Final = (1280, 720)
"""Size in px of the scene for which the portrait is prepared."""

GRID_STEP: Final = 8
"""Canvas px between two nodes of the depth and weight grids; node (0, 0) is the canvas's first pixel."""

SHAPES: Final = ("jaw", "wide", "smile", "brow", "blink")
"""Order of the shapes; the names are the fields of `demo_motion.Expression`."""


@dataclass(frozen=True, slots=True, eq=False)
class DemoPortrait:
    """A cut-out portrait, its face mesh and what is behind it.

    "Canvas px" are the cut-out's own pixels; scene px = canvas px + `canvas_origin_xy`.

    Attributes:
        canvas: (h, w, 4) uint8, BGR multiplied by alpha, and alpha.
        shut_canvas: (h, w, 4) uint8, the same with painted closed eyes.
        mouth: (mh, mw, 3) uint8, BGR, the inside of the mouth, upper teeth at the top; as wide as the closed lips.
        background: (720, 1280, 3) uint8, BGR.
        points: (M, 2) float32, canvas px: the 468 mesh vertices, then an outer ring that never moves.
        triangles: (T, 3) int32 into `points`, without those across the eye openings and the mouth.
        shapes: (5, M, 2) float32, canvas px: how each of `SHAPES` at 1 moves `points`.
        depth: (gh, gw) float32, px away from the camera; 0 at the outer corners of the eyes.
        head_weight: (gh, gw) float32, 1 = moves with the head, 0 = with the shoulders.
        canvas_origin_xy: (2,) float32, scene px.
    """

    canvas: NDArray[np.uint8]
    shut_canvas: NDArray[np.uint8]
    mouth: NDArray[np.uint8]
    background: NDArray[np.uint8]
    points: NDArray[np.float32]
    triangles: NDArray[np.int32]
    shapes: NDArray[np.float32]
    depth: NDArray[np.float32]
    head_weight: NDArray[np.float32]
    canvas_origin_xy: NDArray[np.float32]


def load_portrait() -> DemoPortrait:
    """Read the shipped portrait; takes about 60 ms.

    Raises:
        InputError: A file of the portrait is missing or damaged.
    """
    folder = resources.assets_dir() / "demo"
    portrait = _read_image(folder / "portrait.jpg", cv2.IMREAD_COLOR)
    alpha = _read_image(folder / "portrait-alpha.png", cv2.IMREAD_GRAYSCALE)
    shut_eyes = _read_image(folder / "closed-eyes.png", cv2.IMREAD_COLOR)
    head = _read_arrays(folder / "head.npz")
    left, top = head["closed_eyes_origin_xy"].tolist()
    shut = portrait.copy()
    shut[top : top + shut_eyes.shape[0], left : left + shut_eyes.shape[1]] = shut_eyes
    return DemoPortrait(
        canvas=_premultiplied(portrait, alpha),
        shut_canvas=_premultiplied(shut, alpha),
        mouth=_read_image(folder / "mouth.png", cv2.IMREAD_COLOR),
        background=_read_image(folder / "background.jpg", cv2.IMREAD_COLOR),
        points=head["points"],
        triangles=head["triangles"].astype(np.int32),
        shapes=head["shapes"],
        depth=head["depth"],
        head_weight=head["head_weight"],
        canvas_origin_xy=head["canvas_origin_xy"],
    )


def _read_image(path: Path, mode: int) -> NDArray[np.uint8]:
    try:
        encoded = np.fromfile(path, np.uint8)
    except OSError as error:
        raise _unusable(path) from error
    image = cv2.imdecode(encoded, mode) if encoded.size else None
    if image is None:
        raise _unusable(path)
    return np.asarray(image, np.uint8)


def _read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path) as arrays:
            return dict(arrays)
    except (OSError, EOFError, ValueError, BadZipFile) as error:
        raise _unusable(path) from error


def _unusable(path: Path) -> InputError:
    return InputError("The demo camera's file {name} is missing or damaged. Install mirror-app again.", name=path.name)


def _premultiplied(image_bgr: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    colour = cv2.multiply(image_bgr, cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR), scale=1 / 255)
    return np.asarray(cv2.merge([*cv2.split(colour), alpha]), np.uint8)

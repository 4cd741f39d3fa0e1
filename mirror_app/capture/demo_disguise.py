"""Room: capture. Makes another person of the demo portrait: hair, coat, brows, skin, shape of the head. Nothing moves.

Places are canvas px of the shipped portrait, set by hand on an enlargement.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_makeup import made_up
from mirror_app.capture.demo_person import Bgr, DemoPerson, Hair, HeadShape
from mirror_app.capture.demo_portrait import GRID_STEP, DemoPortrait
from mirror_app.capture.demo_strokes import Strokes, draw_strokes
from mirror_app.domain import mesh_topology as topology

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

# Face, ears and neck: what of the head stays where hair takes the hat's place.
_HEAD: Final = (
    (300, 250), (330, 226), (380, 219), (430, 218), (480, 217), (520, 221), (550, 236), (578, 262), (592, 300),
    (594, 350), (578, 412), (548, 452), (545, 490), (535, 510), (560, 560), (300, 560), (335, 500), (322, 455),
    (300, 420), (282, 380), (274, 330), (282, 285),
)  # fmt: skip
_HEAD_REGION: Final = (slice(200, 570), slice(255, 610))
_SHOULDERS_FROM: Final = 470
_HAIR_MIDDLE_XY: Final = (432, 268)
_HAIR_AXES: Final = (158, 176)
_LOCKS: Final = (
    ((262, 250), (300, 250), (298, 330), (304, 430), (322, 520), (300, 600), (252, 590), (240, 470), (248, 340)),
    ((568, 240), (604, 250), (618, 340), (626, 470), (612, 590), (566, 600), (552, 520), (566, 430), (576, 330)),
)
_PX_PER_STROKE: Final = 14.0
# The coat: below the shoulders' line, without neck, collar and shirt.
_COLLAR: Final = (
    (300, 300), (560, 300), (548, 440), (535, 500), (530, 560), (490, 660), (425, 820), (375, 690), (335, 570),
    (330, 500), (322, 440),
)  # fmt: skip
_COAT_LEVEL: Final = 46
_BROWS: Final = (
    ((318, 278), (335, 262), (365, 256), (396, 262), (402, 273), (365, 270), (338, 274)),
    ((462, 270), (468, 258), (500, 250), (530, 253), (548, 266), (530, 265), (500, 263)),
)
_INVERSE_STEPS: Final = 12
_MIDDLE_X: Final = 432.0


def disguised(portrait: DemoPortrait, person: DemoPerson) -> DemoPortrait:
    """The portrait as another person; the default person gives the portrait itself back."""
    if person == DemoPerson(phase_s=person.phase_s, is_mirrored=person.is_mirrored):
        return portrait
    made = made_up(portrait, person.look)
    hair = None if person.hair is None else _grown(portrait.canvas.shape, person.hair)
    open_eyes, shut_eyes = (_painted(canvas, portrait, person, hair) for canvas in (made.canvas, made.shut_canvas))
    return _shaped(replace(made, canvas=open_eyes, shut_canvas=shut_eyes), person.shape)


def _painted(canvas: Image, portrait: DemoPortrait, person: DemoPerson, hair: tuple[Image, Image] | None) -> Image:
    bgr, alpha = np.ascontiguousarray(canvas[..., :3]), np.ascontiguousarray(canvas[..., 3])
    bgr = _younger(bgr, portrait, person.youth)
    if person.lips_bgr is not None:
        bgr = _tinted(bgr, _lips(portrait), person.lips_bgr, 0.7)
    if person.brow_bgr is not None:
        brows = cv2.GaussianBlur(_filled(bgr.shape, *_BROWS), (0, 0), 3.0)
        bgr = _tinted(bgr, np.asarray(brows, np.uint8), person.brow_bgr, 0.75)
    if person.cloth_bgr is not None:
        bgr = _coated(bgr, person.cloth_bgr)
    if hair is not None:
        bgr, alpha = _mixed(bgr, *hair, 1.0), _without_hat(alpha, hair[1])
    return np.dstack([np.minimum(bgr, alpha[..., None]), alpha])


def _younger(bgr: Image, portrait: DemoPortrait, share: float) -> Image:
    """Skin without its finest and its middle wrinkles; eyes, brows and lips stay sharp."""
    if share == 0:
        return bgr
    smooth = bgr.copy()
    smooth[_HEAD_REGION] = cv2.bilateralFilter(cv2.bilateralFilter(bgr[_HEAD_REGION], 0, 34, 4), 0, 26, 6)
    features = [portrait.points[list(ring)] for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)]
    kept = _filled(bgr.shape, *(tuple(map(tuple, ring)) for ring in features))
    kept = np.asarray(cv2.dilate(kept, np.ones((9, 9), np.uint8)), np.uint8)
    skin = cv2.subtract(_filled(bgr.shape, _HEAD), kept)
    return _mixed(bgr, smooth, np.asarray(cv2.GaussianBlur(skin, (0, 0), 4.0), np.uint8), share)


def _lips(portrait: DemoPortrait) -> Image:
    outer = _filled(portrait.canvas.shape, tuple(map(tuple, portrait.points[list(topology.LIPS_OUTER)])))
    return np.asarray(cv2.GaussianBlur(outer, (0, 0), 2.0), np.uint8)


def _tinted(bgr: Image, area: Image, colour_bgr: Bgr, share: float) -> Image:
    """The picture with an area's mean colour moved to another one; shading stays."""
    inside = area > 127
    mean = bgr[inside].mean(axis=0)
    tinted = np.clip(bgr.astype(np.float32) * (np.array(colour_bgr) / np.maximum(mean, 1)), 0, 255)
    return _mixed(bgr, np.rint(tinted).astype(np.uint8), area, share)


def _coated(bgr: Image, colour_bgr: Bgr) -> Image:
    coat = cv2.subtract(np.full(bgr.shape[:2], 255, np.uint8), _filled(bgr.shape, _COLLAR))
    coat[:_SHOULDERS_FROM] = 0
    # Badges and ribbons are brighter than the cloth can be: cut off there they vanish in it.
    level = np.minimum(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), _COAT_LEVEL)
    shade = 0.55 + 0.45 * cv2.GaussianBlur(level, (0, 0), 2.0).astype(np.float32) / _COAT_LEVEL
    cloth = np.rint(shade[..., None] * np.array(colour_bgr, np.float32)).astype(np.uint8)
    return _mixed(bgr, cloth, np.asarray(cv2.GaussianBlur(coat, (0, 0), 1.5), np.uint8), 1.0)


def _grown(shape: tuple[int, ...], hair: Hair) -> tuple[Image, Image]:
    """Hair around the head, (h, w, 3) uint8, and where it is, (h, w) uint8."""
    area = np.zeros(shape[:2], np.uint8)
    cv2.ellipse(area, _HAIR_MIDDLE_XY, _HAIR_AXES, 0, 180, 360, (255,), -1)
    if hair.is_long:
        area = np.maximum(area, _filled(shape, *_LOCKS))
    area = np.asarray(cv2.subtract(area, _filled(shape, _HEAD)), np.uint8)
    strands = Strokes(hair.dark_bgr, hair.light_bgr, (22, 60), (432, 40), _PX_PER_STROKE)
    base = np.full((*shape[:2], 3), hair.dark_bgr, np.uint8)
    grown, strokes = draw_strokes(base, area, strands)
    return grown, np.maximum(strokes, area)


def _without_hat(alpha: Image, hair: Image) -> Image:
    """The alpha with hair in place of the hat."""
    body = alpha.copy()
    body[:_SHOULDERS_FROM] = np.minimum(alpha, _filled(alpha.shape, _HEAD))[:_SHOULDERS_FROM]
    return np.maximum(body, hair)


def _shaped(portrait: DemoPortrait, shape: HeadShape) -> DemoPortrait:
    """The portrait with its head bent to another shape: pictures, mesh and depth alike."""
    if shape == HeadShape():
        return portrait
    nodes = _grid(portrait.depth.shape[1], portrait.depth.shape[0])
    from_nodes = _unbent(nodes, shape)
    place = np.array([[GRID_STEP, 0, 0], [0, GRID_STEP, 0]], np.float32)
    canvas_wh = (portrait.canvas.shape[1], portrait.canvas.shape[0])
    from_x, from_y = cv2.split(cv2.warpAffine(from_nodes, place, canvas_wh, borderMode=cv2.BORDER_REPLICATE))
    open_eyes, shut_eyes = (
        cv2.remap(canvas, from_x, from_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        for canvas in (portrait.canvas, portrait.shut_canvas)
    )
    at = from_nodes / np.float32(GRID_STEP)
    depth, weight = (
        cv2.remap(grid, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for grid in (portrait.depth, portrait.head_weight)
    )
    points = _bent(portrait.points, shape)
    return replace(
        portrait,
        canvas=_valid(np.asarray(open_eyes, np.uint8)),
        shut_canvas=_valid(np.asarray(shut_eyes, np.uint8)),
        points=points,
        shapes=np.stack([_bent(portrait.points + moved, shape) - points for moved in portrait.shapes]),
        depth=np.asarray(depth, np.float32) - np.float32(shape.relief_px) * _bump(nodes, (432, 372), (34, 42)),
        head_weight=np.asarray(weight, np.float32),
    )


def _bent(points_xy: Floats, shape: HeadShape) -> Floats:
    """Where points (..., 2) of the portrait lie on the bent head."""
    across = points_xy[..., 0] - np.float32(_MIDDLE_X)
    wider = (
        shape.width * _bump(points_xy, (_MIDDLE_X, 360), (190, 150))
        + shape.jaw * _bump(points_xy, (_MIDDLE_X, 480), (130, 62))
        + shape.eyes * _bump(points_xy, (_MIDDLE_X, 312), (90, 32))
        + shape.nose * _bump(points_xy, (_MIDDLE_X, 375), (42, 34))
        + shape.mouth * _bump(points_xy, (_MIDDLE_X, 435), (72, 30))
    )
    lower = (
        shape.chin_px * _bump(points_xy, (_MIDDLE_X, 512), (110, 46))
        + shape.lips_px * _bump(points_xy, (_MIDDLE_X, 436), (80, 26))
        + shape.tip_px * _bump(points_xy, (_MIDDLE_X, 378), (46, 30))
        + shape.brows_px * _bump(points_xy, (_MIDDLE_X, 264), (120, 24))
    )
    return np.stack([points_xy[..., 0] + across * wider, points_xy[..., 1] + lower], axis=-1).astype(np.float32)


def _unbent(points_xy: Floats, shape: HeadShape) -> Floats:
    """The inverse of `_bent`; each step shrinks the error to less than half."""
    found = points_xy
    for _ in range(_INVERSE_STEPS):
        found = (found + points_xy - _bent(found, shape)).astype(np.float32)
    return found


def _bump(points_xy: Floats, middle_xy: tuple[float, float], reach_xy: tuple[float, float]) -> Floats:
    """1 at the middle, falling as a bell."""
    off = (points_xy - np.array(middle_xy, np.float32)) / np.array(reach_xy, np.float32)
    return np.asarray(np.exp(-0.5 * np.square(off).sum(axis=-1)), np.float32)


def _grid(columns: int, rows: int) -> Floats:
    """The canvas px of the nodes of the portrait's grids, (rows, columns, 2)."""
    across, down = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    return np.stack(np.meshgrid(across, down), axis=-1) * np.float32(GRID_STEP)


def _valid(canvas: Image) -> Image:
    """Cubic interpolation overshoots: no colour may be brighter than its alpha."""
    return np.dstack([np.minimum(canvas[..., :3], canvas[..., 3:]), canvas[..., 3]])


def _mixed(bgr: Image, other: Image, area: Image, share: float) -> Image:
    weight = area[..., None] * np.float32(share / 255)
    return np.rint(bgr + weight * (other.astype(np.float32) - bgr)).astype(np.uint8)


def _filled(shape: tuple[int, ...], *outlines: tuple[tuple[float, ...], ...]) -> Image:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(np.array(outline)).astype(np.int32) for outline in outlines], (255,), cv2.LINE_AA)
    return mask

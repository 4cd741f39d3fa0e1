"""Room: swap. The embedded engine: the target's texture on the live mesh. Any CPU, no further network."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import blurred, looked_up, reduced, resized
from mirror_app.swap.facing import facing, smooth_step
from mirror_app.swap.light import LightFollower, sample_colours
from mirror_app.swap.likeness import LikenessShaper
from mirror_app.swap.patch_area import PatchArea, patch_area

# The map from frame to texture is smooth: it is drawn at a share of the face's size, within limits, and enlarged.
_MAP_SHARE: Final = 0.4
_MAP_SIDES: Final = (88, 160)
# Surface seen flatter than the first cosine shows the live skin, steeper than the second the target's.
_FADE_COSINES: Final = (0.06, 0.32)
# A patch that covers a smaller share of the mesh than this would leave the live face recognisable.
_LEAST_COVERED: Final = 0.45
# Sides of reduced textures: the largest that is at most this share of the face's height is used. Webcams resolve
# less than their pixels; a sharper texture would glitter and stand out from the skin around it.
_TEXTURE_SIDES: Final = (64, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768)
_TEXTURE_SHARE: Final = 0.75
# Light is compared on pictures reduced to this many px on the longer side.
_LIGHT_SIDE: Final = 64
# Softness of the lips' inner edge, as a share of the face's height.
_LIP_SOFTNESS: Final = 0.003


def _edge_weights() -> NDArray[np.float32]:
    """(468,) float32: 0 on the face's outline, 1 inside, so that the patch fades out over the outermost triangles."""
    weights = np.ones(MESH_POINTS, np.float32)
    weights[list(topology.FACE_OVAL)] = 0
    return weights


class _Wardrobe:
    """A target made ready: its texture at the sides asked for so far, its colours at the vertices."""

    def __init__(self, target: TargetFace) -> None:
        self.target = target
        # Four channels: OpenCV samples them faster than three.
        self._full_bgra = np.dstack([target.texture_bgr, target.texture_alpha])
        self._reduced_bgra: dict[int, NDArray[np.uint8]] = {}
        small = resized(target.texture_bgr, (_LIGHT_SIDE, _LIGHT_SIDE), cv2.INTER_AREA)
        alpha = resized(target.texture_alpha, (_LIGHT_SIDE, _LIGHT_SIDE), cv2.INTER_AREA)
        self.vertex_alpha = sample_colours(alpha, topology.UV * _LIGHT_SIDE - np.float32(0.5)) / np.float32(255)
        self.vertex_colours = sample_colours(small, topology.UV * _LIGHT_SIDE - np.float32(0.5))

    def texture(self, face_height_px: float) -> NDArray[np.uint8]:
        """(side, side, 4) uint8, BGR and alpha, for a face of this height on screen."""
        fitting = [side for side in _TEXTURE_SIDES if side <= face_height_px * _TEXTURE_SHARE]
        side = fitting[-1] if fitting else _TEXTURE_SIDES[0]
        if side not in self._reduced_bgra:
            how = cv2.INTER_AREA if side < self._full_bgra.shape[0] else cv2.INTER_CUBIC
            self._reduced_bgra[side] = resized(self._full_bgra, (side, side), how)
        return self._reduced_bgra[side]


class MeshSwapper:
    """Draws the target's texture onto the live mesh, so that live expression and pose stay.

    The live eyes and the inside of the mouth show through the texture's openings.
    """

    engine = "mesh"
    device = "CPU"

    def __init__(self) -> None:
        self._rasteriser = MeshRasteriser(topology.TRIANGLES)
        self._light = LightFollower()
        self._shaper = LikenessShaper()
        self._edges = _edge_weights()
        self._wardrobe: _Wardrobe | None = None
        self._track_id = -1

    def generate(self, frame: Frame, assignment: Assignment) -> FacePatch:
        """Make a patch; see `Swapper.generate`."""
        live_face, target, likeness = assignment.live_face, assignment.target, assignment.likeness
        if live_face.mesh is None:
            return _invalid()
        live_points = live_face.mesh.points
        if not np.isfinite(live_points).all():
            return _invalid()
        points = self._shaper.shape(live_points, live_face.track_id, target.shape, likeness, frame.captured_ns)
        area = patch_area(points, frame.image_bgr.shape)
        if area is None:
            return _invalid()
        wardrobe = self._dress(target, live_face.track_id)
        cosines = facing(points)
        shown = smooth_step(cosines, *_FADE_COSINES) * self._edges
        if float((shown * wardrobe.vertex_alpha > 0.5).mean()) < _LEAST_COVERED:
            return _invalid()
        u, v, fade = self._maps(points, shown, area)
        texture = wardrobe.texture(float(np.ptp(points[:, 1])))
        side = texture.shape[0]
        light = self._follow_light(live_points, cosines, area, wardrobe, frame)
        # Lit before it is looked up: a texture has fewer texels than its face has pixels.
        lit_texture = np.asarray(cv2.multiply(texture, resized(light, (side, side)), dtype=cv2.CV_8U), np.uint8)
        lit = looked_up(lit_texture, area.enlarge(u * side - 0.5), area.enlarge(v * side - 0.5))
        cover = np.asarray(cv2.extractChannel(lit, 3), np.uint8)
        open_mouth(cover, points[:, :2] - area.origin_xy)
        alpha = np.asarray(cv2.multiply(cover, area.enlarge(fade), scale=1 / 255, dtype=cv2.CV_32F), np.float32)
        return FacePatch(np.asarray(cv2.cvtColor(lit, cv2.COLOR_BGRA2BGR), np.uint8), alpha, area.origin_xy)

    def _maps(
        self, points: NDArray[np.float32], shown: NDArray[np.float32], area: PatchArea
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """u, v and fade over the reduced picture of the patch."""
        map_wh = area.reduced_wh(int(np.clip(max(area.width, area.height) * _MAP_SHARE, *_MAP_SIDES)))
        reduced = area.reduce(points, map_wh)
        drawn = self._rasteriser.draw(reduced, np.column_stack([topology.UV, shown]).astype(np.float32), map_wh)
        fill_rim(drawn)
        return drawn[..., 0].copy(), drawn[..., 1].copy(), drawn[..., 2].copy()

    def _follow_light(
        self,
        points: NDArray[np.float32],
        cosines: NDArray[np.float32],
        area: PatchArea,
        wardrobe: _Wardrobe,
        frame: Frame,
    ) -> NDArray[np.float32]:
        if not self._light.due(frame.captured_ns):
            return self._light.settle(frame.captured_ns)
        small_wh = area.reduced_wh(_LIGHT_SIDE)
        live = reduced(area.of(frame.image_bgr), small_wh)
        where = area.reduce(points, small_wh)[:, :2]
        inside = ((where >= 0) & (where <= np.array(small_wh) - 1)).all(1)
        self._light.estimate(
            sample_colours(live, where),
            wardrobe.vertex_colours,
            smooth_step(cosines, 0.2, 0.5) * inside,
            wardrobe.target.colour_follow,
            frame.captured_ns,
        )
        return self._light.settle(frame.captured_ns)

    def _dress(self, target: TargetFace, track_id: int) -> _Wardrobe:
        if self._wardrobe is None or self._wardrobe.target is not target:
            self._wardrobe = _Wardrobe(target)
            self._light.reset()
        if track_id != self._track_id:
            self._track_id = track_id
            self._light.reset()
        return self._wardrobe


def fill_rim(maps: NDArray[np.float32]) -> None:
    """Carry u and v two pixels past the mesh's edge and soften the fade, so that enlarging gives no steps; in place.

    Args:
        maps: (h, w, 3) float32: u, v, fade; u is zero exactly where no triangle fell.
    """
    outside = (maps[..., 0] == 0).view(np.uint8)
    fade = cv2.blur(cv2.erode(np.ascontiguousarray(maps[..., 2]), np.ones((3, 3), np.uint8)), (3, 3))
    # The largest u and v of the neighbours differ from the nearest by a texel or two: enough where the fade is zero.
    cv2.copyTo(cv2.dilate(maps, np.ones((5, 5), np.uint8)), outside, maps)
    cv2.insertChannel(fade, maps, 2)


def open_mouth(cover: NDArray[np.uint8], points_xy: NDArray[np.float32]) -> None:
    """Take the inside of the mouth out of a patch's cover, in place, with a soft edge.

    In the UV layout the lips are closed, so this opening exists on the screen only.

    Args:
        cover: (h, w) uint8, 255 = covered.
        points_xy: (468, 2) float32, the mesh in px of the patch.
    """
    ring = points_xy[list(topology.LIPS_INNER)]
    height, width = cover.shape
    soft = max(float(np.ptp(points_xy[:, 1])) * _LIP_SOFTNESS, 0.5)
    margin = int(3 * soft) + 2
    x0, y0 = (int(value) for value in np.clip(ring.min(0) - margin, 0, [width, height]))
    x1, y1 = (int(value) for value in np.clip(ring.max(0) + margin, 0, [width, height]))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    opening = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillPoly(opening, [np.round((ring - [x0, y0]) * 16).astype(np.int32)], 255, lineType=cv2.LINE_AA, shift=4)
    window = cover[y0:y1, x0:x1]
    cv2.multiply(window, 255 - blurred(opening, soft), dst=window, scale=1 / 255)


def _invalid() -> FacePatch:
    return FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)

"""Room: swap. One live face in one target's texture, and all that is learnt about that face. Knows no other faces."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment, Glasses
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import Backdrop, FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import blurred, looked_up, reduced
from mirror_app.swap.crossfade import Crossfade
from mirror_app.swap.detail import DetailMatcher
from mirror_app.swap.eye_tone import EyeToner
from mirror_app.swap.facing import facing, smooth_step
from mirror_app.swap.glasses_matte import show_glasses
from mirror_app.swap.kept import LOOK_SIDE, KeptFinder
from mirror_app.swap.light import LightFollower, sample_colours, skin_places
from mirror_app.swap.lit_texture import LitTexture
from mirror_app.swap.outline import out_to_the_jaw
from mirror_app.swap.patch_area import PatchArea, patch_area
from mirror_app.swap.reshape import ReshapedFace
from mirror_app.swap.shape_follower import ShapeFollower
from mirror_app.swap.texture_levels import TextureLevels

# The map from frame to texture is smooth: it is drawn at a share of the face's size, within limits, and enlarged.
_MAP_SHARE: Final = 0.4
_MAP_SIDES: Final = (88, 160)
# Surface seen flatter than the first cosine shows the live skin, steeper than the second the target's.
_FADE_COSINES: Final = (0.06, 0.32)
# The same for what the light is estimated on: skin near the outline counts, or a rim stays.
_LIT_COSINES: Final = (0.05, 0.25)
# A patch that covers a smaller share of the mesh than this would leave the live face recognisable.
_LEAST_COVERED: Final = 0.45
# Light is compared on pictures reduced to this many px on the longer side.
_LIGHT_SIDE: Final = 64
# Softness of the lips' inner edge, as a share of the face's height.
_LIP_SOFTNESS: Final = 0.003
_LIPS: Final = np.array(topology.LIPS_INNER)
_NEIGHBOURS: Final = np.ones((3, 3), np.uint8)
_NEAR: Final = np.ones((5, 5), np.uint8)
# A patch in which the last target still has a larger part says little about the crispness of the new one.
_LEAST_NEW: Final = 0.6


class MeshDresser:
    """Draws the target's texture onto one face's mesh, so that live expression and pose stay.

    The live eyes and the inside of the mouth show through the texture's openings. Not safe for two threads.
    """

    def __init__(self, ahead: float = 0.0) -> None:
        """Know nothing of the face yet; `ahead`: see `Cadence`."""
        self._rasteriser = MeshRasteriser(topology.TRIANGLES)
        # u and v of each vertex, and how far it shows.
        self._values = np.column_stack([topology.UV, np.zeros(len(topology.UV))]).astype(np.float32)
        # What is in front of the face is judged as often, from the same frame on: no two of the three fall together.
        self._light = LightFollower((ahead + 1 / 3) % 1)
        self._shape = ShapeFollower((ahead + 2 / 3) % 1)
        self._detail = DetailMatcher()
        self._eyes = EyeToner()
        self._kept = KeptFinder((ahead + 1 / 2) % 1)
        self._lit = LitTexture()
        self._crossfade = Crossfade()
        self._levels: TextureLevels | None = None

    @property
    def levels(self) -> TextureLevels | None:
        """The target worn last, made ready; None before the first frame."""
        return self._levels

    def wear(self, levels: TextureLevels, now_ns: int) -> None:
        """Put another target on, from this frame on; what was worn just before fades into it.

        Args:
            levels: The target, ready for this face alone.
            now_ns: Time of the frame.
        """
        self._levels = levels
        self._crossfade.begin(now_ns)
        self._light.reset()
        self._detail.reset()

    def cover(self, frame: Frame, assignment: Assignment) -> FacePatch:
        """Make the patch of one frame; not valid where nobody can vouch for it.

        Args:
            frame: The camera picture.
            assignment: The same face in every call, in the target that `wear` was called with last.
        """
        live_face = assignment.live_face
        levels = self._levels
        if levels is None or live_face.mesh is None or not np.isfinite(live_face.mesh.points).all():
            return no_patch()
        live_points, now_ns = live_face.mesh.points, frame.captured_ns
        face = self._shape.follow(frame, live_points, assignment)
        if face is None:
            return no_patch()
        face = replace(face, points=out_to_the_jaw(face.points))
        area = patch_area(face.points, frame.image_bgr.shape)
        if area is None:
            return no_patch()
        self._crossfade.step(now_ns)
        cosines = facing(face.points)
        shown = smooth_step(cosines, *_FADE_COSINES)
        if np.count_nonzero(shown * levels.vertex_alpha > 0.5) < _LEAST_COVERED * len(shown):
            return no_patch()
        live = area.of_part(face.picture_bgr, face.area)
        if self._kept.due(now_ns):
            small_wh = area.reduced_wh(LOOK_SIDE)
            small_points = area.reduce(face.points, small_wh)
            self._kept.look(reduced(live, small_wh), small_points, shown, now_ns, assignment.glasses)
        self._tone_eyes(face, levels.target, now_ns)
        u, v, fade = self._maps(face.points, shown, area)
        height_px = float(np.ptp(face.points[:, 1]))
        texture = levels.texture(height_px, self._detail.crispness, self._kept.cover(assignment.glasses))
        light = self._follow_light(live_points, cosines, levels, frame)
        # Lit before it is looked up: a texture has fewer texels than its face has pixels.
        worn = self._crossfade.texture(self._lit.lit(texture, light))
        side = worn.shape[0]
        lit = looked_up(worn, area.enlarge(u * side - 0.5), area.enlarge(v * side - 0.5))
        cover = np.asarray(cv2.extractChannel(lit, 3), np.uint8)
        open_mouth(cover, face.points[_LIPS, :2] - np.array(area.origin_xy, np.float32), height_px)
        alpha = np.asarray(cv2.multiply(cover, area.enlarge(fade), scale=1 / 255, dtype=cv2.CV_32F), np.float32)
        band = self._kept.glasses_band() if assignment.glasses is Glasses.KEEP else None
        if band is not None:
            show_glasses(alpha, band, (u, v), live, height_px)
        generated = np.asarray(cv2.cvtColor(lit, cv2.COLOR_BGRA2BGR), np.uint8)
        if self._crossfade.share >= _LEAST_NEW and self._detail.due(now_ns):
            self._detail.look(area.of(frame.image_bgr), generated, alpha, now_ns)
        return FacePatch(generated, alpha, area.origin_xy, Backdrop(face.picture_bgr, face.area.origin_xy))

    def _tone_eyes(self, face: ReshapedFace, target: TargetFace, now_ns: int) -> None:
        wish = self._crossfade.eyes(target)
        if wish.share == 0:
            return
        points = face.points - np.array([*face.area.origin_xy, 0], np.float32)
        self._eyes.look(face.picture_bgr, points, now_ns)
        self._eyes.tone(face.picture_bgr, points, wish.tone, wish.share)

    def _maps(
        self, points: NDArray[np.float32], shown: NDArray[np.float32], area: PatchArea
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """u, v and fade over the reduced picture of the patch."""
        least, most = _MAP_SIDES
        map_wh = area.reduced_wh(min(max(int(max(area.width, area.height) * _MAP_SHARE), least), most))
        self._values[:, 2] = shown
        return fill_rim(self._rasteriser.draw(area.reduce(points, map_wh), self._values, map_wh))

    def _follow_light(
        self, points: NDArray[np.float32], cosines: NDArray[np.float32], levels: TextureLevels, frame: Frame
    ) -> NDArray[np.float32]:
        area = patch_area(points, frame.image_bgr.shape) if self._light.due(frame.captured_ns) else None
        if area is not None:
            small_wh = area.reduced_wh(_LIGHT_SIDE)
            live = reduced(area.of(frame.image_bgr), small_wh)
            where = skin_places(area.reduce(points, small_wh)[:, :2])
            inside = ((where >= 0) & (where <= np.array(small_wh) - 1)).all(1)
            self._light.estimate(
                sample_colours(live, where),
                levels.vertex_colours,
                smooth_step(cosines, *_LIT_COSINES) * inside,
                levels.target.colour_follow,
                frame.captured_ns,
            )
        return self._light.settle(frame.captured_ns)


def fill_rim(
    maps: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Carry u and v two pixels past the mesh's edge and soften the fade, so that enlarging gives no steps.

    Args:
        maps: (h, w, 3) float32: u, v, fade; u is zero exactly where no triangle fell.

    Returns:
        u, v and fade, (h, w) float32 each.
    """
    u, v, fade = (np.asarray(plane, np.float32) for plane in cv2.split(maps))
    outside = (u == 0).view(np.uint8)
    # The largest u and v of the neighbours differ from the nearest by a texel or two: enough where the fade is zero.
    for plane in (u, v):
        cv2.copyTo(cv2.dilate(plane, _NEAR), outside, plane)
    return u, v, np.asarray(cv2.blur(cv2.erode(fade, _NEIGHBOURS), (3, 3)), np.float32)


def open_mouth(cover: NDArray[np.uint8], ring_xy: NDArray[np.float32], face_height_px: float) -> None:
    """Take the inside of the mouth out of a patch's cover, in place, with a soft edge.

    In the UV layout the lips are closed, so this opening exists on the screen only.

    Args:
        cover: (h, w) uint8, 255 = covered.
        ring_xy: (n, 2) float32, the lips' inner edge in px of the patch.
        face_height_px: Height of the mesh.
    """
    height, width = cover.shape
    soft = max(face_height_px * _LIP_SOFTNESS, 0.5)
    margin = int(3 * soft) + 2
    left, top, across, down = cv2.boundingRect(ring_xy)
    x0, y0 = max(left - margin, 0), max(top - margin, 0)
    x1, y1 = min(left + across + margin, width), min(top + down + margin, height)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    outside = np.full((y1 - y0, x1 - x0), 255, np.uint8)
    corners = np.rint((ring_xy - np.array((x0, y0), np.float32)) * np.float32(16)).astype(np.int32)
    cv2.fillPoly(outside, [corners], 0, lineType=cv2.LINE_AA, shift=4)
    window = cover[y0:y1, x0:x1]
    cv2.multiply(window, blurred(outside, soft), dst=window, scale=1 / 255)


def no_patch() -> FacePatch:
    """What stands for a patch where there is none."""
    return FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)

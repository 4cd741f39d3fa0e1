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
from mirror_app.imaging.resample import blurred, looked_up, reduced, resized
from mirror_app.swap.crossfade import Crossfade
from mirror_app.swap.detail import DetailMatcher
from mirror_app.swap.eye_tone import EyeToner
from mirror_app.swap.facing import facing, smooth_step
from mirror_app.swap.glasses_matte import show_glasses
from mirror_app.swap.kept import LOOK_SIDE, KeptFinder
from mirror_app.swap.light import LightFollower, sample_colours, skin_places
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
# A patch in which the last target still has a larger part says little about the crispness of the new one.
_LEAST_NEW: Final = 0.6


class MeshDresser:
    """Draws the target's texture onto one face's mesh, so that live expression and pose stay.

    The live eyes and the inside of the mouth show through the texture's openings. Not safe for two threads, but two
    dressers share nothing that either changes.
    """

    def __init__(self, ahead: float = 0.0) -> None:
        """Know nothing of the face yet; `ahead`: see `Cadence`."""
        self._rasteriser = MeshRasteriser(topology.TRIANGLES)
        self._light = LightFollower(ahead)
        self._shape = ShapeFollower(ahead)
        self._detail = DetailMatcher()
        self._eyes = EyeToner()
        self._kept = KeptFinder(ahead)
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
        if float((shown * levels.vertex_alpha > 0.5).mean()) < _LEAST_COVERED:
            return no_patch()
        live = area.of_part(face.picture_bgr, face.area)
        if self._kept.due(now_ns):
            small_wh = area.reduced_wh(LOOK_SIDE)
            self._kept.look(reduced(live, small_wh), area.reduce(face.points, small_wh), shown, now_ns)
        self._tone_eyes(face, levels.target, now_ns)
        u, v, fade = self._maps(face.points, shown, area)
        texture = levels.texture(
            float(np.ptp(face.points[:, 1])), self._detail.crispness, self._kept.cover(assignment.glasses)
        )
        side = texture.shape[0]
        light = self._follow_light(live_points, cosines, levels, frame)
        # Lit before it is looked up: a texture has fewer texels than its face has pixels.
        lit_texture = np.asarray(cv2.multiply(texture, resized(light, (side, side)), dtype=cv2.CV_8U), np.uint8)
        worn = self._crossfade.texture(lit_texture)
        lit = looked_up(worn, area.enlarge(u * side - 0.5), area.enlarge(v * side - 0.5))
        cover = np.asarray(cv2.extractChannel(lit, 3), np.uint8)
        open_mouth(cover, face.points[:, :2] - area.origin_xy)
        alpha = np.asarray(cv2.multiply(cover, area.enlarge(fade), scale=1 / 255, dtype=cv2.CV_32F), np.float32)
        band = self._kept.glasses_band() if assignment.glasses is Glasses.KEEP else None
        if band is not None:
            show_glasses(alpha, band, (u, v), live, float(np.ptp(face.points[:, 1])))
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
        map_wh = area.reduced_wh(int(np.clip(max(area.width, area.height) * _MAP_SHARE, *_MAP_SIDES)))
        reduced = area.reduce(points, map_wh)
        drawn = self._rasteriser.draw(reduced, np.column_stack([topology.UV, shown]).astype(np.float32), map_wh)
        fill_rim(drawn)
        return drawn[..., 0].copy(), drawn[..., 1].copy(), drawn[..., 2].copy()

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


def no_patch() -> FacePatch:
    """What stands for a patch where there is none."""
    return FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)

"""Room: capture. Gives the demo portrait an expression: lids, brows, lips, jaw. Head motion is not in it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_motion import Expression
from mirror_app.capture.demo_portrait import SHAPES, DemoPortrait
from mirror_app.domain.mesh_topology import LIPS_INNER, LOWER_LIP_INNER, TRIANGLES, UPPER_LIP_INNER
from mirror_app.imaging.rasterise import MeshRasteriser

# From here on a closing lid shows painted lid skin; before, the little skin of the open lid is stretched.
_PAINTED_LID_FROM = 0.45
_EYES_AND_BROWS = [SHAPES.index("brow"), SHAPES.index("blink")]
_MOUTH_AND_JAW = [SHAPES.index("jaw"), SHAPES.index("wide"), SHAPES.index("smile")]
_BLINK = SHAPES.index("blink")
_MOUTH_CORNERS = (78, 308)
# Below this gap between the lips, px, nothing of the mouth's inside can be seen.
_SMALLEST_GAP = 0.6
# Canvas px by which the mouth's inside begins above the line between the closed lips.
_TEETH_ABOVE_LIP_LINE = 4
_SUBPIXEL_BITS = 4
# A vertex that no shape moves farther than this, px, stays.
_STILL_PX = 0.05


class ExpressionPainter:
    """Draws the portrait with an expression, in the portrait's own place. Not safe for two threads."""

    def __init__(self, portrait: DemoPortrait) -> None:
        self._portrait = portrait
        self._canvas = portrait.canvas.copy()
        closed_mouth = np.array([t for t in TRIANGLES if set(t.tolist()) <= set(LIPS_INNER)], np.int32)
        # With the closed lips whole, where each pixel comes from varies smoothly: a third of the size is enough.
        whole = np.vstack([portrait.triangles, closed_mouth])
        self._lower = _MovingPart(portrait, whole, _MOUTH_AND_JAW, shrink=3)
        self._upper = _MovingPart(portrait, portrait.triangles, _EYES_AND_BROWS, shrink=1)

    def points(self, expression: Expression) -> NDArray[np.float32]:
        """Where the mesh vertices and the ring are with this expression: (M, 2) float32, canvas px."""
        weights = np.array([getattr(expression, name) for name in SHAPES], np.float32)
        return self._portrait.points + np.tensordot(weights, self._portrait.shapes, axes=1)

    def draw(self, expression: Expression) -> NDArray[np.uint8]:
        """The canvas with this expression: (h, w, 4) uint8 as `DemoPortrait.canvas`; reused by the next call."""
        points = self.points(expression)
        self._lower.draw(points, self._portrait.points, self._portrait.canvas, self._canvas)
        self._open_mouth(points)
        if expression.blink > _PAINTED_LID_FROM:
            shut = self._portrait.points + self._portrait.shapes[_BLINK]
            # Shut lids leave nothing of the eye, not even where rounding leaves a hole between them.
            eyes = self._portrait.canvas if expression.blink < 1 else None
            self._upper.draw(points, shut, self._portrait.shut_canvas, self._canvas, still=eyes)
        elif expression.blink > 0 or expression.brow > 0:
            self._upper.draw(points, self._portrait.points, self._portrait.canvas, self._canvas)
        else:
            self._upper.copy(self._portrait.canvas, self._canvas)
        return self._canvas

    def _open_mouth(self, points: NDArray[np.float32]) -> None:
        if points[LOWER_LIP_INNER, 1] - points[UPPER_LIP_INNER, 1] < _SMALLEST_GAP:
            return
        ring = points[list(LIPS_INNER)]
        left, top = (np.floor(ring.min(axis=0)) - 3).astype(int).tolist()
        right, bottom = (np.ceil(ring.max(axis=0)) + 4).astype(int).tolist()
        opening = np.zeros((bottom - top, right - left), np.uint8)
        corners = np.rint((ring - [left, top]) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillPoly(opening, [corners], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        # The inside is as wide as the mouth is now; its teeth keep their height: they belong to the skull.
        left_corner, right_corner = points[list(_MOUTH_CORNERS), 0].tolist()
        stretch = (right_corner - left_corner) / self._portrait.mouth.shape[1]
        teeth_y = float(self._portrait.points[UPPER_LIP_INNER, 1]) - _TEETH_ABOVE_LIP_LINE
        place = np.array([[stretch, 0, left_corner - left], [0, 1, teeth_y - top]])
        inside = cv2.warpAffine(self._portrait.mouth, place, opening.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        weight = cv2.GaussianBlur(opening, (3, 3), 0.7)[..., None].astype(np.float32) / 255
        region = self._canvas[top:bottom, left:right, :3]
        region[:] = np.rint(region + (inside.astype(np.float32) - region) * weight)


class _MovingPart:
    """The part of the mesh that some shapes move, and the box of canvas px around it."""

    def __init__(self, portrait: DemoPortrait, triangles: NDArray[np.int32], shapes: list[int], *, shrink: int) -> None:
        reach = np.abs(portrait.shapes[shapes]).sum(axis=(0, 2))
        moving = triangles[(reach[triangles] > _STILL_PX).any(axis=1)]
        vertices = portrait.points[np.unique(moving)]
        left, top = (np.floor(vertices.min(axis=0)) - 1).astype(int).tolist()
        across, down = (np.ceil((vertices.max(axis=0) + 2 - [left, top]) / shrink)).astype(int).tolist()
        self._box = (slice(top, top + down * shrink), slice(left, left + across * shrink))
        self._shrink = shrink
        # Pixel centres lie at integers in both sizes.
        self._small_origin = np.array([left, top], np.float32) + (shrink - 1) / 2
        self._small_wh = (across, down)
        rows, columns = np.indices((down * shrink, across * shrink), np.float32)
        self._own_x, self._own_y = columns, rows
        self._rasteriser = MeshRasteriser(moving)
        self._posed = np.zeros((len(portrait.points), 3), np.float32)
        self._values = np.ones((len(portrait.points), 3), np.float32)

    def copy(self, source: NDArray[np.uint8], target: NDArray[np.uint8]) -> None:
        """Draw this part at rest."""
        target[self._box] = source[self._box]

    def draw(
        self,
        points: NDArray[np.float32],
        source_points: NDArray[np.float32],
        source: NDArray[np.uint8],
        target: NDArray[np.uint8],
        *,
        still: NDArray[np.uint8] | None = None,
    ) -> None:
        """Draw this part with its vertices at `points`, taking the pixels of `source` at `source_points`.

        `source`, `target` and `still` are whole canvases. What the mesh does not cover is taken from `still`, or when
        that is None from its own place in `source`.
        """
        self._posed[:, :2] = (points - self._small_origin) / self._shrink
        # Offsets, not places: the rasteriser leaves zeros where no triangle falls, and zero keeps a pixel where it is.
        self._values[:, :2] = source_points - points
        drawn = self._rasteriser.draw(self._posed, self._values, self._small_wh, cull_back=False)
        offset_x, offset_y, covered = cv2.split(cv2.resize(drawn, self._own_x.shape[::-1]))
        from_x, from_y = cv2.add(self._own_x, offset_x), cv2.add(self._own_y, offset_y)
        place = target[self._box]
        cv2.remap(source[self._box], from_x, from_y, cv2.INTER_LINEAR, dst=place, borderMode=cv2.BORDER_REPLICATE)
        if still is not None:
            cv2.copyTo(still[self._box], cv2.inRange(covered, 0.0, 0.5), place)

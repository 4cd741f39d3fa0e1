"""Room: imaging. Draws a triangle mesh's per-vertex values into a small float picture. Knows no faces."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

# OpenCV's rasteriser has a perspective camera only. From this many picture heights away, with each vertex pushed out by
# its own depth, the picture is orthographic to 1e-4 px.
_CAMERA_HEIGHTS = 64.0


class MeshRasteriser:
    """Interpolates three values per vertex over a mesh, nearest surface first (z-buffer of `cv2.triangleRasterize`).

    The picture it returns is reused by the next call of the same size. Not safe for two threads.
    """

    def __init__(self, triangles: NDArray[np.int32]) -> None:
        self._triangles = np.ascontiguousarray(triangles, np.int32)[None]
        self._settings = cv2.TriangleRasterizeSettings()
        self._settings.setShadingType(cv2.RASTERIZE_SHADING_SHADED)
        self._camera = np.eye(4, dtype=np.float32)
        self._values = np.zeros((0, 0, 3), np.float32)
        self._depths = np.zeros((0, 0), np.float32)

    def draw(
        self,
        points: NDArray[np.float32],
        values: NDArray[np.float32],
        size_wh: tuple[int, int],
        *,
        cull_back: bool = True,
    ) -> NDArray[np.float32]:
        """Draw the mesh.

        Args:
            points: (N, 3) float32; x right and y down in px of the picture (pixel centres at integers), z away.
            values: (N, 3) float32, what each vertex carries.
            size_wh: Width and height of the picture in px.
            cull_back: Leave out triangles that turn their back on the camera.

        Returns:
            (h, w, 3) float32; exactly zero where no triangle falls.
        """
        width, height = size_wh
        if self._depths.shape != (height, width):
            self._values = np.zeros((height, width, 3), np.float32)
            self._depths = np.zeros((height, width), np.float32)
        far = _CAMERA_HEIGHTS * height
        depth = points[:, 2] - points[:, 2].mean() + far
        scale = depth / far
        vertices = np.empty((1, len(points), 3), np.float32)
        vertices[0, :, 0] = (points[:, 0] + 0.5 - width / 2) * scale
        vertices[0, :, 1] = (height / 2 - 0.5 - points[:, 1]) * scale
        vertices[0, :, 2] = -depth
        self._settings.setCullingMode(cv2.RASTERIZE_CULLING_CW if cull_back else cv2.RASTERIZE_CULLING_NONE)
        self._values.fill(0)
        self._depths.fill(2 * far)
        field_of_view = 2 * math.atan(height / 2 / far)
        cv2.triangleRasterize(
            vertices, self._triangles, values[None], self._values, self._depths,
            self._camera, field_of_view, far / 2, far * 3 / 2, self._settings,
        )  # fmt: skip
        return self._values

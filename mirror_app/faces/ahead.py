"""Room: faces. Looks at the next faces in a second thread while the first is busy. Decides nothing, keeps nothing.

Networks and optical flow release the interpreter's lock: on a second core they cost no time of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import FaceMesh
from mirror_app.faces.flow import Carried, PointFlow
from mirror_app.faces.mesh import FaceMeshNet, MeshCrop


class Ahead:
    """One thread more. What it is given is done in order; what it has not begun when it is asked for is done there."""

    def __init__(self, net: FaceMeshNet) -> None:
        """Start nothing yet.

        Args:
            net: For that thread alone: a network's buffers serve one thread at a time.
        """
        self._net = net
        self._thread = ThreadPoolExecutor(1, "faces")

    def locate(self, image_bgr: NDArray[np.uint8], crop: MeshCrop) -> Callable[[FaceMeshNet], FaceMesh | None]:
        """Begin `FaceMeshNet.locate`.

        Returns:
            To be called once at most, with a network of the caller's thread: gives the mesh, or raises as that would.
        """
        begun = self._thread.submit(self._net.locate, image_bgr, crop)
        return lambda net: net.locate(image_bgr, crop) if begun.cancel() else begun.result()

    def carry(
        self, flow: PointFlow, image_bgr: NDArray[np.uint8], guess: NDArray[np.float32]
    ) -> Callable[[], Carried | None]:
        """Begin `PointFlow.carried`; nobody else may use the flow until the returned function was called."""
        begun = self._thread.submit(flow.carried, image_bgr, guess)
        return lambda: flow.carried(image_bgr, guess) if begun.cancel() else begun.result()

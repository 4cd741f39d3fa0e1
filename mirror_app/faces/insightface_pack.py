"""Room: faces. Target photos through insightface's own FaceAnalysis, from a pack that is installed. Never downloads.

The only file that imports insightface, and only when a pack is opened: it is an extra, and slow to load.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import MissingLibraryError, ModelError
from mirror_app.domain.face import Detection

_SIDE: Final = 640


class _Face(Protocol):
    bbox: NDArray[np.float32]
    kps: NDArray[np.float32] | None
    det_score: float


class _FaceAnalysis(Protocol):
    def prepare(self, ctx_id: int, *, det_size: tuple[int, int]) -> None: ...

    def get(self, img: NDArray[np.uint8]) -> list[_Face]: ...


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Insightface prints, and calls what its own requirements have deprecated."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


class InsightFacePack:
    """The detector of an installed insightface pack: a `FaceDetector`."""

    def __init__(self, analysis: _FaceAnalysis) -> None:
        """Use what `open_pack` loaded."""
        self._analysis = analysis

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        """Find faces with five keypoints each; see `FaceDetector.detect`."""
        try:
            with _quiet():
                faces = self._analysis.get(image_bgr)
        # insightface raises whatever its parts raise.
        except Exception as error:
            raise ModelError("insightface failed: {why}", why=error) from error
        found = [
            Detection(np.asarray(face.bbox, np.float32), np.asarray(face.kps, np.float32), float(face.det_score))
            for face in faces
            if face.kps is not None
        ]
        if not all(np.isfinite(one.box_xyxy).all() and np.isfinite(one.keypoints).all() for one in found):
            raise ModelError("insightface gave numbers that are not finite.")
        return sorted(found, key=lambda one: -one.score)


def is_installed() -> bool:
    """Whether the Python package is there; it is not loaded for the answer."""
    return find_spec("insightface") is not None


def open_pack(folder: Path) -> InsightFacePack:
    """Load the detector of a pack, on the CPU.

    insightface downloads a pack that it is asked for by name and does not find. It is therefore never asked by name:
    only for a folder that holds models.

    Args:
        folder: The pack's own folder, as `~/.insightface/models/buffalo_l`.

    Raises:
        MissingLibraryError: insightface is not installed.
        ModelError: The folder holds no models, or insightface cannot use them.
    """
    if not folder.is_dir() or not any(folder.rglob("*.onnx")):
        raise ModelError("The folder {folder} holds no insightface pack.", folder=folder)
    # Read by ONNX Runtime when it loads; insightface sets it too.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        with _quiet():
            library = importlib.import_module("insightface.app")
    except ImportError as error:
        raise MissingLibraryError(
            "The package insightface is not installed. Install it with: pip install 'mirror-app[insightface]'"
        ) from error
    try:
        with _quiet():
            analysis = cast(
                _FaceAnalysis,
                library.FaceAnalysis(
                    name=str(folder.resolve()), allowed_modules=["detection"], providers=["CPUExecutionProvider"]
                ),
            )
            analysis.prepare(-1, det_size=(_SIDE, _SIDE))
    # As above; a pack without a detector is an AssertionError.
    except Exception as error:
        raise ModelError(
            "insightface cannot use the pack {folder}: {why}", folder=folder, why=str(error) or type(error).__name__
        ) from error
    return InsightFacePack(analysis)

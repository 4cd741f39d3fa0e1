"""Room: domain. Where five points of a face lie in the crops that neural networks were trained on. No pictures."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS

_ARCFACE_112: Final = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)

TEMPLATES: Final[dict[str, NDArray[np.float64]]] = {
    "arcface_112_v1": np.array([
        [0.35473214, 0.45658929], [0.64526786, 0.45658929], [0.50000000, 0.61154464], [0.37913393, 0.77687500],
        [0.62086607, 0.77687500],
    ]),
    "arcface_112_v2": _ARCFACE_112 / 112,
    "arcface_128": (_ARCFACE_112 + np.array([8, 0])) / 128,
    "ffhq_512": np.array([
        [0.37691676, 0.46864664], [0.62285697, 0.46912813], [0.50123859, 0.61331904], [0.39308822, 0.72541100],
        [0.61150205, 0.72490465],
    ]),
    "mtcnn_512": np.array([
        [0.36562865, 0.46733799], [0.63305391, 0.46585885], [0.50019127, 0.61942959], [0.39032951, 0.77598822],
        [0.61178945, 0.77476328],
    ]),
}  # fmt: skip
"""(5, 2) float64 each, x and y as shares of the crop's side: image-left eye, image-right eye, nose tip, image-left and
image-right corner of the mouth. `arcface_112_v2` is insightface's `arcface_dst`, `arcface_128` the same eight px to the
right; the others are what FaceFusion's published crops use."""


def _shares() -> NDArray[np.float32]:
    """(5, 468): what each point of a mesh counts in each of the five; an eye is the mean of its ring."""
    shares = np.zeros((5, MESH_POINTS), np.float32)
    rings = (
        topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, (topology.NOSE_TIP,),
        (topology.IMAGE_LEFT_MOUTH_CORNER,), (topology.IMAGE_RIGHT_MOUTH_CORNER,),
    )  # fmt: skip
    for row, ring in zip(shares, rings, strict=True):
        row[list(ring)] = 1 / len(ring)
    return shares


_SHARES: Final = _shares()


def _on_the_plane(points: NDArray[np.floating]) -> tuple[NDArray[np.complex128], complex]:
    """Points (n, 2) as complex numbers about their mean, and the mean."""
    numbers = np.array(points, np.float64, order="C").view(np.complex128)[:, 0]
    middle = complex(numbers.sum()) / len(numbers)
    return numbers - middle, middle


_PLANES: Final = {name: _on_the_plane(points) for name, points in TEMPLATES.items()}
_SPREADS: Final = {name: float(np.vdot(points, points).real) for name, (points, _) in _PLANES.items()}


def five_landmarks(mesh_points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The five points of a face whose mesh is known, (5, 2) float32, px, in the order of `TEMPLATES`.

    Args:
        mesh_points: (468, 2 or 3) float32.
    """
    return np.asarray((_SHARES @ mesh_points)[:, :2], np.float32)


def crop_from_landmarks(landmarks: NDArray[np.floating], template: str, side: int) -> NDArray[np.float64]:
    """`crop_from_frame`: the similarity that carries five points onto a template best.

    Args:
        landmarks: (5, 2), frame px.
        template: A key of `TEMPLATES`.
        side: Side of the crop, px.

    Returns:
        (2, 3) float64.

    Raises:
        ValueError: The points all coincide or are not finite.
    """
    if not np.isfinite(landmarks).all():
        raise ValueError("expected finite landmarks")
    # On the plane a turn with a scale is one complex number, and the least squares of `fit_similarity` are a
    # quotient of two sums: a tenth of the time for so few points.
    moving, middle = _on_the_plane(landmarks)
    fixed, fixed_middle = _PLANES[template]
    variance = float(np.vdot(moving, moving).real)
    # A mean of equal numbers may be off by their last digit.
    if variance <= 1e-24 * abs(middle) ** 2:
        raise ValueError("expected landmarks that do not all coincide")
    turn = complex(np.vdot(moving, fixed)) * side / variance
    shift = fixed_middle * side - turn * middle
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def inverted(crop_from_frame: NDArray[np.floating]) -> NDArray[np.float64]:
    """The transform back, (2, 3) float64, of an invertible (2, 3)."""
    (a, b, shift_x), (c, d, shift_y) = crop_from_frame.tolist()
    determinant = a * d - b * c
    a, b, c, d = d / determinant, -b / determinant, -c / determinant, a / determinant
    return np.array([[a, b, -a * shift_x - b * shift_y], [c, d, -c * shift_x - d * shift_y]])


def likeness(landmarks: NDArray[np.floating], template: str) -> float:
    """How much of a template's shape five points show, however turned and large they are.

    Of the best fit that may reflect, the sign of a determinant says whether it would (Umeyama 1991, equation 39). This
    is that determinant as a share of both spreads.

    Args:
        landmarks: (5, 2), finite.
        template: A key of `TEMPLATES`.

    Returns:
        -1/4..1/4; less than 0 for mirrored points, 0 for ones on a line or in one place.
    """
    moving, _ = _on_the_plane(landmarks)
    fixed, _ = _PLANES[template]
    both = float(np.vdot(moving, moving).real) * _SPREADS[template]
    # The determinant of the sum of fixed times moving, by its parts that turn and that reflect.
    turned, reflected = abs(np.vdot(fixed, moving)), abs(np.dot(fixed, moving))
    return float(turned**2 - reflected**2) / (4 * both) if both > 0 else 0.0

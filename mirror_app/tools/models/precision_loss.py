"""Room: tools. How far a smaller model is from the one it was made of, and how far it may be. Runs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.catalogue import Role

Outputs = Sequence[NDArray[np.float32]]
"""What a network gave for one input."""

_MOST_DB: Final = 120.0
"""Said of outputs that are equal: no endless number leaves the app."""

_COSINE: Final = "cosine"
_PSNR: Final = "psnr_db"
_AGREEMENT: Final = "agreement"
# By role: the measure, and its least value in FP16 and in INT8. A picture 30 dB from another differs by 8 grey levels
# of 256 in the mean, which shows as a little grain; 40 dB is 2.5 levels. Landmarks at 34 dB are off by 2 px of a crop
# of 192. Two photos of one person have a cosine of 0.6 or less: 0.98 changes no identity that anybody could see.
_LEAST: Final[Mapping[Role, tuple[str, Mapping[str, float]]]] = {
    Role.DETECTOR: (_PSNR, {"fp16": 40.0, "int8": 28.0}),
    Role.LANDMARKS: (_PSNR, {"fp16": 45.0, "int8": 34.0}),
    Role.RECOGNISER: (_COSINE, {"fp16": 0.999, "int8": 0.98}),
    Role.CONVERTER: (_COSINE, {"fp16": 0.999, "int8": 0.98}),
    Role.SWAPPER: (_PSNR, {"fp16": 40.0, "int8": 30.0}),
    Role.PARSER: (_AGREEMENT, {"fp16": 0.995, "int8": 0.97}),
    Role.OCCLUDER: (_PSNR, {"fp16": 40.0, "int8": 28.0}),
}


@dataclass(frozen=True, slots=True)
class PrecisionLoss:
    """The difference from FP32, over all stored inputs.

    Attributes:
        largest: Largest difference of any number.
        mean: Mean difference.
        psnr_db: Peak signal to noise ratio of the worst output, 120 at most; the peak is its range or its
            largest number in FP32.
        cosine: Of the worst input, -1..1.
        agreement: Share of places with the same strongest channel, of the worst output, 0..1.
        is_finite: Whether every number is one.
    """

    largest: float
    mean: float
    psnr_db: float
    cosine: float
    agreement: float
    is_finite: bool

    def as_json(self) -> dict[str, object]:
        """Rounded to what says something."""
        return {
            "largest": float(f"{self.largest:.4g}"),
            "mean": float(f"{self.mean:.4g}"),
            "psnr_db": round(self.psnr_db, 2),
            "cosine": round(self.cosine, 6),
            "agreement": round(self.agreement, 5),
            "is_finite": self.is_finite,
        }


def compare(exact: Sequence[Outputs], smaller: Sequence[Outputs]) -> PrecisionLoss:
    """Measure.

    Args:
        exact: What FP32 gave, an element for each input.
        smaller: What the smaller one gave for the same.
    """
    one_by_one = [pair for outputs in zip(exact, smaller, strict=True) for pair in zip(*outputs, strict=True)]
    if any(first.shape != second.shape or not np.isfinite(second).all() for first, second in one_by_one):
        return PrecisionLoss(0.0, 0.0, 0.0, 0.0, 0.0, is_finite=False)
    by_output = [
        (np.stack([given[index] for given in exact]), np.stack([given[index] for given in smaller]))
        for index in range(len(exact[0]))
    ]
    differences = [np.abs(first - second) for first, second in by_output]
    return PrecisionLoss(
        largest=max(float(one.max(initial=0)) for one in differences),
        mean=float(np.mean([one.mean() for one in differences])),
        psnr_db=min(_psnr_db(first, second) for first, second in by_output),
        cosine=min(_cosine(first, second) for first, second in one_by_one),
        agreement=min(_agreement(first, second) for first, second in by_output),
        is_finite=True,
    )


def trouble(role: Role, precision: str, error: PrecisionLoss) -> str:
    """Why a smaller model is not good enough, a `Sentence`; "" when it is.

    Args:
        role: What the model is for.
        precision: "fp16" or "int8".
        error: How far it is from FP32.
    """
    if not error.is_finite:
        return Sentence("it gives numbers that are not finite")
    measure, least = _LEAST[role]
    got = {_PSNR: error.psnr_db, _COSINE: error.cosine, _AGREEMENT: error.agreement}[measure]
    if got >= least[precision]:
        return ""
    if measure == _PSNR:
        return Sentence(
            "it differs too much from FP32: {got} dB, at least {least} dB are needed",
            got=f"{got:.1f}",
            least=f"{least[precision]:.0f}",
        )
    if measure == _COSINE:
        return Sentence(
            "it differs too much from FP32: cosine {got}, at least {least} is needed",
            got=f"{got:.4f}",
            least=least[precision],
        )
    return Sentence(
        "it differs too much from FP32: {got} of the pixels agree, at least {least} must",
        got=f"{got:.1%}",
        least=f"{least[precision]:.1%}",
    )


def _psnr_db(exact: NDArray[np.float32], smaller: NDArray[np.float32]) -> float:
    peak = max(float(np.ptp(exact)), float(np.abs(exact).max()), 1e-6)
    noise = float(np.mean(np.square(exact - smaller, dtype=np.float64)))
    return min(10 * float(np.log10(peak**2 / noise)), _MOST_DB) if noise > 0 else _MOST_DB


def _cosine(exact: NDArray[np.float32], smaller: NDArray[np.float32]) -> float:
    first, second = exact.ravel().astype(np.float64), smaller.ravel().astype(np.float64)
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return min(float(first @ second) / lengths, 1.0) if lengths > 0 else float(np.array_equal(first, second))


def _agreement(exact: NDArray[np.float32], smaller: NDArray[np.float32]) -> float:
    """The channels are the third axis: inputs, batch, channels, rows, columns."""
    axis = min(2, exact.ndim - 1)
    return float(np.mean(exact.argmax(axis) == smaller.argmax(axis)))

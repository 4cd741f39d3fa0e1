"""Room: runtime. Whether a network says on one device what it says on another. Opens none, chooses none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.backend import Feeds, InferenceBackend

# Half precision keeps 11 bits, of which a deep network loses some: 2 % is five grey levels at the worst pixel, 40 dB
# cannot be seen. To be confirmed on cards.
_MOST_LARGEST: Final = 0.02
_MOST_MEAN: Final = 0.002
_LEAST_PSNR_DB: Final = 40.0
_LEAST_COSINE: Final = 0.999


@dataclass(frozen=True, slots=True)
class Parity:
    """The worst of all outputs of all samples. Errors are shares of the range of the reference's own numbers.

    Attributes:
        is_finite: No output holds a NaN or an infinity.
        largest: Error of the worst number.
        mean: Mean error.
        psnr_db: Peak signal to noise; infinite where all are equal.
        cosine: Of the angle between the outputs.
    """

    is_finite: bool
    largest: float
    mean: float
    psnr_db: float
    cosine: float


def parity(backend: InferenceBackend, reference: InferenceBackend, samples: Sequence[Feeds]) -> Parity:
    """Run both on the same numbers.

    Args:
        backend: What is looked at.
        reference: What is believed: ONNX Runtime in FP32.
        samples: Inputs like the real ones; one face or picture each.

    Raises:
        ModelError: One of them failed, or they give outputs of different shapes.
    """
    found = []
    for feeds in samples:
        expected = [output.copy() for output in reference.run(feeds)]
        got = backend.run(feeds)
        if [one.shape for one in got] != [one.shape for one in expected]:
            raise ModelError("it gives outputs of other shapes than ONNX Runtime")
        found += [_compared(*pair) for pair in zip(got, expected, strict=True)]
    return Parity(
        is_finite=all(one.is_finite for one in found),
        largest=max(one.largest for one in found),
        mean=max(one.mean for one in found),
        psnr_db=min(one.psnr_db for one in found),
        cosine=min(one.cosine for one in found),
    )


def parity_trouble(found: Parity, *, is_embedding: bool) -> str:
    """Why what was found is not good enough, a `Sentence`; "" when it is.

    Args:
        found: What was found.
        is_embedding: The output is compared by its angle and by nothing else.
    """
    if not found.is_finite:
        return Sentence("its output is not finite")
    if is_embedding:
        if found.cosine >= _LEAST_COSINE:
            return ""
        return Sentence("its vectors differ from ONNX Runtime's: cosine {cosine}", cosine=f"{found.cosine:.5f}")
    if found.largest <= _MOST_LARGEST and found.mean <= _MOST_MEAN and found.psnr_db >= _LEAST_PSNR_DB:
        return ""
    return Sentence(
        "its output differs from ONNX Runtime's by up to {largest} %, by {mean} % on average, {psnr} dB",
        largest=f"{100 * found.largest:.2f}",
        mean=f"{100 * found.mean:.3f}",
        psnr=f"{found.psnr_db:.1f}",
    )


def _compared(got: NDArray[np.float32], expected: NDArray[np.float32]) -> Parity:
    if not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return Parity(is_finite=False, largest=math.inf, mean=math.inf, psnr_db=-math.inf, cosine=-1.0)
    one, other = got.astype(np.float64), expected.astype(np.float64)
    # A constant output has no range; then its own size counts.
    extent = float(np.ptp(other)) or float(np.abs(other).max()) or 1.0
    error = np.abs(one - other) / extent
    square = float(np.mean(error**2))
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return Parity(
        is_finite=True,
        largest=float(error.max()),
        mean=float(error.mean()),
        psnr_db=-10 * math.log10(square) if square else math.inf,
        cosine=float(np.vdot(one, other)) / lengths if lengths else 1.0,
    )

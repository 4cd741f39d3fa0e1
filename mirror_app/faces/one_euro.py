"""Room: faces. Steadies mesh points: still when the face is still, no lag when it moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class OneEuroFilter:
    """The one-euro filter over an array of values (Casiez, Roussel, Vogel: "1 EUR Filter", CHI 2012).

    Values and speeds are divided by a scale (the face's size), so that the same settings fit near and far faces.
    """

    def __init__(self, min_cutoff_hz: float, beta: float, speed_cutoff_hz: float = 1.0) -> None:
        """Set the filter.

        Args:
            min_cutoff_hz: Cut-off for a value at rest; lower = steadier.
            beta: How fast the cut-off rises with speed (sizes per second); higher = less lag.
            speed_cutoff_hz: Cut-off of the speed estimate.
        """
        self._min_cutoff = min_cutoff_hz
        self._beta = beta
        self._speed_cutoff = speed_cutoff_hz
        self._value: NDArray[np.float32] | None = None
        self._speed: NDArray[np.float32] = np.zeros(1, np.float32)
        self._time_ns = 0

    def reset(self) -> None:
        """Forget the past: the next value passes as it is."""
        self._value = None

    def __call__(self, value: NDArray[np.float32], time_ns: int, scale: float) -> NDArray[np.float32]:
        """Filter one array.

        Args:
            value: Any shape, the same in each call since the last `reset`.
            time_ns: Its time; a time not after the last one counts as 1 ms later.
            scale: Size of the face in the value's unit, > 0.

        Returns:
            A new array of the same shape.
        """
        if self._value is None:
            self._value, self._speed, self._time_ns = value.copy(), np.zeros(1, np.float32), time_ns
            return value.copy()
        step_s = max((time_ns - self._time_ns) * 1e-9, 1e-3)
        speed = (value - self._value) / np.float32(step_s * scale)
        share = np.float32(_smoothing(self._speed_cutoff, step_s))
        self._speed = np.asarray(self._speed + share * (speed - self._speed), np.float32)
        cutoff = np.asarray(self._min_cutoff + self._beta * np.abs(self._speed), np.float32)
        self._value = (self._value + _smoothing(cutoff, step_s) * (value - self._value)).astype(np.float32)
        self._time_ns = time_ns
        return self._value.copy()


def _smoothing(cutoff_hz: NDArray[np.float32] | float, step_s: float) -> NDArray[np.float32] | float:
    """Share of the new value in a first-order low-pass of this cut-off."""
    omega = 2 * np.pi * step_s * cutoff_hz
    return omega / (omega + 1)

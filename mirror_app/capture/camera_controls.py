"""Room: capture. Exposure, white balance and zoom of a Qt camera, as `Knob`s. No widgets, no pixels."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtMultimedia import QCamera

from mirror_app.capture.knobs import Knob, KnobState
from mirror_app.capture.v4l2_exposure import set_automatic_exposure

_BRIGHTEST_EV: Final = 2.0
"""Qt tells no range; photographers' usual one, and drivers cut off what they cannot do."""
_WARMEST_K: Final = 2800.0
_COLDEST_K: Final = 6500.0
"""The same for the colour temperature: lamp light to daylight."""
_AUTO: Final = QCamera.ExposureMode.ExposureAuto
_MANUAL: Final = QCamera.ExposureMode.ExposureManual


class CameraControls:
    """The knobs of one camera."""

    def __init__(self, camera: QCamera, device_path: str) -> None:
        """Take them as they stand.

        Args:
            camera: The camera.
            device_path: What Linux calls it, such as /dev/video0; of no account elsewhere.
        """
        self._camera = camera
        self._device_path = device_path
        self._manual: dict[Knob, float] = {}

    def knobs(self) -> dict[Knob, KnobState]:
        """The knobs that this camera has, and how they stand."""
        camera, features = self._camera, self._camera.supportedFeatures()
        found: dict[Knob, KnobState] = {}
        shortest, longest = camera.minimumExposureTime(), camera.maximumExposureTime()
        has_time = bool(features & QCamera.Feature.ManualExposureTime) and camera.isExposureModeSupported(_MANUAL)
        if has_time and 0 < shortest < longest:
            found[Knob.EXPOSURE_TIME] = self._state(Knob.EXPOSURE_TIME, shortest, longest, automatic=True)
        if features & QCamera.Feature.ExposureCompensation:
            value = camera.exposureCompensation()
            found[Knob.BRIGHTNESS] = KnobState(-_BRIGHTEST_EV, _BRIGHTEST_EV, value, can_be_automatic=False)
        manual_white = camera.isWhiteBalanceModeSupported(QCamera.WhiteBalanceMode.WhiteBalanceManual)
        if features & QCamera.Feature.ColorTemperature and manual_white:
            found[Knob.WHITE_BALANCE] = self._state(Knob.WHITE_BALANCE, _WARMEST_K, _COLDEST_K, automatic=True)
        nearest, farthest = camera.maximumZoomFactor(), camera.minimumZoomFactor()
        if 0 < farthest < nearest:
            found[Knob.ZOOM] = KnobState(farthest, nearest, camera.zoomFactor(), can_be_automatic=False)
        return found

    def turn(self, knob: Knob, value: float | None) -> None:
        """Set a knob; None leaves it to the camera, or to where it stands at first."""
        state = self.knobs().get(knob)
        if state is None:
            return
        if value is None:
            self._manual.pop(knob, None)
        else:
            value = self._manual[knob] = min(max(value, state.lowest), state.highest)
        match knob:
            case Knob.EXPOSURE_TIME:
                self._expose(value)
            case Knob.BRIGHTNESS:
                self._camera.setExposureCompensation(value or 0.0)
            case Knob.WHITE_BALANCE:
                self._balance(value)
            case Knob.ZOOM:
                self._camera.setZoomFactor(state.lowest if value is None else value)

    def _state(self, knob: Knob, lowest: float, highest: float, *, automatic: bool) -> KnobState:
        # What Qt reads back while the camera sees to it itself differs between systems; our own memory does not.
        return KnobState(lowest, highest, self._manual.get(knob), automatic)

    def _expose(self, seconds: float | None) -> None:
        if seconds is not None:
            self._camera.setExposureMode(_MANUAL)
            self._camera.setManualExposureTime(seconds)
            return
        self._camera.setAutoExposureTime()
        self._camera.setExposureMode(_AUTO)
        if sys.platform == "linux":
            set_automatic_exposure(self._device_path)

    def _balance(self, kelvin: float | None) -> None:
        if kelvin is None:
            self._camera.setWhiteBalanceMode(QCamera.WhiteBalanceMode.WhiteBalanceAuto)
        else:
            self._camera.setWhiteBalanceMode(QCamera.WhiteBalanceMode.WhiteBalanceManual)
            self._camera.setColorTemperature(round(kelvin))

"""Room: tests. A camera's knobs, on a camera that is not there."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtMultimedia", reason="QtMultimedia needs libpulse", exc_type=ImportError)

from PySide6.QtMultimedia import QCamera

from mirror_app.capture import camera_controls, v4l2_exposure
from mirror_app.capture.camera_controls import CameraControls
from mirror_app.capture.knobs import Knob

_Feature = QCamera.Feature
_White = QCamera.WhiteBalanceMode
_Exposure = QCamera.ExposureMode
EVERYTHING = _Feature.ManualExposureTime | _Feature.ExposureCompensation | _Feature.ColorTemperature


class AbleCamera(QCamera):
    """Has what a test gives it, and notes what it is told."""

    def __init__(self, features: QCamera.Feature, zoom: tuple[float, float] = (1, 1)) -> None:
        super().__init__()
        self.features = features
        self.zoom = zoom
        self.told: list[tuple[str, object]] = []

    def supportedFeatures(self) -> QCamera.Feature:  # noqa: N802
        return self.features

    def isExposureModeSupported(self, mode: QCamera.ExposureMode) -> bool:  # noqa: N802
        return True

    def isWhiteBalanceModeSupported(self, mode: QCamera.WhiteBalanceMode) -> bool:  # noqa: N802
        return True

    def minimumExposureTime(self) -> float:  # noqa: N802
        return 0.001

    def maximumExposureTime(self) -> float:  # noqa: N802
        return 0.1

    def minimumZoomFactor(self) -> float:  # noqa: N802
        return self.zoom[0]

    def maximumZoomFactor(self) -> float:  # noqa: N802
        return self.zoom[1]

    def setExposureMode(self, mode: QCamera.ExposureMode) -> None:  # noqa: N802
        self.told.append(("mode", mode))

    def setManualExposureTime(self, seconds: float) -> None:  # noqa: N802
        self.told.append(("seconds", seconds))

    def setExposureCompensation(self, ev: float) -> None:  # noqa: N802
        self.told.append(("ev", ev))

    def setWhiteBalanceMode(self, mode: QCamera.WhiteBalanceMode) -> None:  # noqa: N802
        self.told.append(("white", mode))

    def setColorTemperature(self, kelvin: int) -> None:  # noqa: N802
        self.told.append(("kelvin", kelvin))

    def setZoomFactor(self, factor: float) -> None:  # noqa: N802
        self.told.append(("zoom", factor))


@pytest.fixture
def given_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The devices whose exposure was given back by the ioctl."""
    paths: list[str] = []

    def note(path: str) -> bool:
        paths.append(path)
        return True

    monkeypatch.setattr(camera_controls, "set_automatic_exposure", note)
    monkeypatch.setattr("sys.platform", "linux")
    return iter([paths])


@pytest.mark.parametrize(
    ("features", "zoom", "knobs"),
    [
        (_Feature(0), (1, 1), []),
        (_Feature.ManualExposureTime, (1, 1), [Knob.EXPOSURE_TIME]),
        (_Feature.ExposureCompensation, (1, 1), [Knob.BRIGHTNESS]),
        (_Feature.ColorTemperature, (1, 1), [Knob.WHITE_BALANCE]),
        (_Feature(0), (1, 4), [Knob.ZOOM]),
        (EVERYTHING, (1, 2), list(Knob)),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_only_what_the_camera_has_can_be_turned(
    features: QCamera.Feature, zoom: tuple[float, float], knobs: list[Knob]
) -> None:
    camera = AbleCamera(features, zoom)
    controls = CameraControls(camera, "")
    assert list(controls.knobs()) == knobs
    for knob in set(Knob) - set(knobs):
        controls.turn(knob, 1.0)
    assert camera.told == []


@pytest.mark.parametrize(
    ("knob", "value", "told"),
    [
        (Knob.EXPOSURE_TIME, 0.02, [("mode", _Exposure.ExposureManual), ("seconds", 0.02)]),
        (Knob.EXPOSURE_TIME, 9.0, [("mode", _Exposure.ExposureManual), ("seconds", 0.1)]),
        (Knob.BRIGHTNESS, -1.0, [("ev", -1.0)]),
        (Knob.BRIGHTNESS, None, [("ev", 0.0)]),
        (Knob.WHITE_BALANCE, 4000.0, [("white", _White.WhiteBalanceManual), ("kelvin", 4000)]),
        (Knob.WHITE_BALANCE, None, [("white", _White.WhiteBalanceAuto)]),
        (Knob.ZOOM, 1.5, [("zoom", 1.5)]),
        (Knob.ZOOM, 7.0, [("zoom", 2)]),
        (Knob.ZOOM, None, [("zoom", 1)]),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_a_knob_is_turned_within_its_range(knob: Knob, value: float | None, told: list[tuple[str, object]]) -> None:
    camera = AbleCamera(EVERYTHING, (1, 2))
    CameraControls(camera, "").turn(knob, value)
    assert camera.told == told


@pytest.mark.usefixtures("qapp")
def test_exposure_is_given_back_behind_qts_back_on_linux(given_back: Iterator[list[str]]) -> None:
    controls, paths = CameraControls(AbleCamera(EVERYTHING), "/dev/video5"), next(given_back)
    controls.turn(Knob.EXPOSURE_TIME, 0.01)
    assert controls.knobs()[Knob.EXPOSURE_TIME].value == 0.01
    assert paths == []
    controls.turn(Knob.EXPOSURE_TIME, None)
    assert controls.knobs()[Knob.EXPOSURE_TIME].value is None
    assert paths == ["/dev/video5"]


@pytest.mark.skipif(os.name != "posix", reason="V4L2 is Linux's")
@pytest.mark.parametrize(("taken", "asked", "worked"), [((3, 0), [3], True), ((0,), [3, 0], True), ((), [3, 0], False)])
def test_the_kinds_of_automatic_exposure_are_tried_in_turn(
    taken: tuple[int, ...], asked: list[int], worked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def ioctl(device: int, request: int, argument: bytes) -> bytes:
        control, kind = struct.unpack("=Ii", argument)
        assert (request, control) == (0xC008561C, 0x009A0901)
        seen.append(kind)
        if kind not in taken:
            raise OSError(22, "Invalid argument")
        return argument

    monkeypatch.setattr("fcntl.ioctl", ioctl)
    device = tmp_path / "video0"
    device.touch()
    assert v4l2_exposure.set_automatic_exposure(str(device)) is worked
    assert seen == asked


@pytest.mark.skipif(os.name != "posix", reason="V4L2 is Linux's")
def test_a_device_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    assert not v4l2_exposure.set_automatic_exposure(str(tmp_path / "video9"))

"""Room: tests. Camera formats, conversion and provider, without a camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QSize, Qt
from pytestqt.qtbot import QtBot

from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.capture.planes import planes_to_bgr
from mirror_app.domain.errors import InputError

pytest.importorskip("PySide6.QtMultimedia", reason="QtMultimedia needs libpulse", exc_type=ImportError)

from PySide6.QtMultimedia import QCamera, QCameraDevice, QVideoFrame, QVideoFrameFormat

from mirror_app.capture.camera import CameraInfo, CameraList, CameraProvider, number_names
from mirror_app.capture.camera_frame import PendingCameraFrame
from mirror_app.capture.knobs import Knob
from mirror_app.domain.frame import PendingFrame

_Pixel = QVideoFrameFormat.PixelFormat
WIDTH, HEIGHT = 64, 48


@pytest.fixture
def picture() -> NDArray[np.uint8]:
    """A smooth colour picture, (48, 64, 3) uint8 BGR: smooth, so that halved chroma changes little."""
    x = np.linspace(40, 215, WIDTH, dtype=np.float32)
    y = np.linspace(215, 40, HEIGHT, dtype=np.float32)
    blue, green = np.meshgrid(x, y)
    return np.stack([blue, green, (blue + green) / 2], axis=-1).astype(np.uint8)


def studio_planes(picture: NDArray[np.uint8], layout: PixelLayout) -> list[NDArray[np.uint8]]:
    """Pack a BGR picture as a camera would, studio range."""
    i420 = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)
    luma = i420[:HEIGHT]
    u, v = i420[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    match layout:
        case PixelLayout.NV12:
            return [luma, np.stack([u, v], axis=-1).reshape(HEIGHT // 2, WIDTH)]
        case PixelLayout.NV21:
            return [luma, np.stack([v, u], axis=-1).reshape(HEIGHT // 2, WIDTH)]
        case PixelLayout.YUV420P:
            return [luma, u, v]
        case PixelLayout.YUYV | PixelLayout.UYVY:
            chroma = np.stack([u.repeat(2, axis=0), v.repeat(2, axis=0)], axis=-1).reshape(HEIGHT, WIDTH)
            pair = [luma, chroma] if layout is PixelLayout.YUYV else [chroma, luma]
            return [np.stack(pair, axis=-1).reshape(HEIGHT, WIDTH * 2)]
        case PixelLayout.BGRA:
            return [np.dstack([picture, np.full((HEIGHT, WIDTH), 255, np.uint8)]).reshape(HEIGHT, WIDTH * 4)]
        case PixelLayout.RGBA:
            alpha = np.full((HEIGHT, WIDTH), 255, np.uint8)
            return [np.dstack([picture[:, :, ::-1], alpha]).reshape(HEIGHT, WIDTH * 4)]
        case PixelLayout.JPEG:
            return [np.asarray(cv2.imencode(".jpg", picture)[1], dtype=np.uint8).reshape(1, -1)]


def padded(plane: NDArray[np.uint8], padding: int) -> NDArray[np.uint8]:
    return np.pad(plane, ((0, 0), (0, padding)), constant_values=7)


@pytest.mark.parametrize("padding", [0, 32], ids=["tight lines", "padded lines"])
@pytest.mark.parametrize("layout", list(PixelLayout), ids=lambda layout: layout.value)
def test_every_layout_gives_the_picture_back(picture: NDArray[np.uint8], layout: PixelLayout, padding: int) -> None:
    planes = studio_planes(picture, layout)
    if layout is not PixelLayout.JPEG:
        planes = [padded(plane, padding) for plane in planes]
    bgr = planes_to_bgr(layout, planes, (WIDTH, HEIGHT), full_range=False)
    assert bgr.shape == picture.shape
    assert np.abs(bgr.astype(int) - picture).mean() < 3


@pytest.mark.parametrize("layout", [PixelLayout.NV12, PixelLayout.YUYV, PixelLayout.UYVY, PixelLayout.YUV420P])
@pytest.mark.parametrize("grey", [0, 16, 128, 240, 255])
def test_full_range_cameras_keep_black_and_white(layout: PixelLayout, grey: int) -> None:
    luma = np.full((HEIGHT, WIDTH), grey, np.uint8)
    neutral = np.full((HEIGHT, WIDTH), 128, np.uint8)
    planes = {
        PixelLayout.NV12: [luma, neutral[: HEIGHT // 2]],
        PixelLayout.YUV420P: [luma, neutral[: HEIGHT // 2, : WIDTH // 2], neutral[: HEIGHT // 2, : WIDTH // 2]],
        PixelLayout.YUYV: [np.stack([luma, neutral], axis=-1).reshape(HEIGHT, -1)],
        PixelLayout.UYVY: [np.stack([neutral, luma], axis=-1).reshape(HEIGHT, -1)],
    }[layout]
    bgr = planes_to_bgr(layout, planes, (WIDTH, HEIGHT), full_range=True)
    assert np.abs(bgr.astype(int) - grey).max() <= 1


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0" + bytes(40)])
def test_a_damaged_jpeg_is_a_sentence_and_not_a_crash(data: bytes) -> None:
    with pytest.raises(InputError, match="damaged picture"):
        planes_to_bgr(PixelLayout.JPEG, [np.frombuffer(data, np.uint8).reshape(1, -1)], (WIDTH, HEIGHT), False)


def test_a_plane_that_is_too_short_is_refused(picture: NDArray[np.uint8]) -> None:
    planes = studio_planes(picture, PixelLayout.NV12)
    with pytest.raises(InputError, match="too short"):
        planes_to_bgr(PixelLayout.NV12, planes, (WIDTH, HEIGHT + 2), False)


def qt_frame(picture: NDArray[np.uint8], layout: PixelLayout, pixel: QVideoFrameFormat.PixelFormat) -> QVideoFrame:
    frame = QVideoFrame(QVideoFrameFormat(QSize(WIDTH, HEIGHT), pixel))
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    for number, plane in enumerate(studio_planes(picture, layout)):
        stride = frame.bytesPerLine(number)
        target = np.frombuffer(frame.bits(number), np.uint8)[: stride * plane.shape[0]].reshape(-1, stride)
        target[:, : plane.shape[1]] = plane
    frame.unmap()
    return frame


@pytest.mark.parametrize(
    ("layout", "pixel"),
    [
        (PixelLayout.NV12, _Pixel.Format_NV12),
        (PixelLayout.YUYV, _Pixel.Format_YUYV),
        (PixelLayout.UYVY, _Pixel.Format_UYVY),
        (PixelLayout.YUV420P, _Pixel.Format_YUV420P),
        (PixelLayout.BGRA, _Pixel.Format_BGRX8888),
    ],
)
def test_a_qt_frame_is_decoded_from_its_own_lines(
    picture: NDArray[np.uint8], layout: PixelLayout, pixel: QVideoFrameFormat.PixelFormat
) -> None:
    pending = PendingCameraFrame(qt_frame(picture, layout, pixel), index=5, captured_ns=123)
    frame = pending.decode()
    assert (frame.index, frame.captured_ns) == (5, 123)
    assert np.abs(frame.image_bgr.astype(int) - picture).mean() < 3
    assert not frame.image_bgr.flags.writeable


def test_a_mirrored_camera_is_turned_back(picture: NDArray[np.uint8]) -> None:
    video_frame = qt_frame(picture, PixelLayout.BGRA, _Pixel.Format_BGRX8888)
    video_frame.setMirrored(True)
    assert np.array_equal(PendingCameraFrame(video_frame, 0, 0).decode().image_bgr, picture[:, ::-1])


def test_a_format_that_only_qt_knows_is_still_shown(picture: NDArray[np.uint8]) -> None:
    frame = QVideoFrame(QVideoFrameFormat(QSize(WIDTH, HEIGHT), _Pixel.Format_Y8))
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    np.frombuffer(frame.bits(0), np.uint8)[:] = 90
    frame.unmap()
    assert np.abs(PendingCameraFrame(frame, 0, 0).decode().image_bgr.astype(int) - 90).max() <= 2


def test_two_cameras_of_one_name_are_told_apart() -> None:
    names = [info.name for info in number_names([CameraInfo("a", "Cam"), CameraInfo("b", "Cam"), CameraInfo("c", "X")])]
    assert names == ["Cam", "Cam (2)", "X"]


@pytest.fixture
def provider(qapp: object) -> Iterator[CameraProvider]:
    camera = CameraProvider(QCameraDevice())
    yield camera
    camera.stop()
    camera.stop()  # twice is allowed


def test_frames_are_numbered_timed_and_an_invalid_one_is_skipped(
    provider: CameraProvider, picture: NDArray[np.uint8]
) -> None:
    frames: list[PendingFrame] = []
    provider.start(frames.append)
    sink = provider.findChild(type(provider._sink))
    assert sink is not None
    for video_frame in (qt_frame(picture, PixelLayout.NV12, _Pixel.Format_NV12), QVideoFrame()):
        sink.setVideoFrame(video_frame)
    sink.setVideoFrame(qt_frame(picture, PixelLayout.YUYV, _Pixel.Format_YUYV))
    assert [frame.index for frame in frames] == [0, 1]
    assert frames[0].captured_ns < frames[1].captured_ns


def test_a_stopped_camera_delivers_nothing(provider: CameraProvider, picture: NDArray[np.uint8]) -> None:
    frames: list[PendingFrame] = []
    provider.start(frames.append)
    provider.stop()
    provider._sink.setVideoFrame(qt_frame(picture, PixelLayout.NV12, _Pixel.Format_NV12))
    assert frames == []


def test_a_camera_that_cannot_be_opened_says_so(provider: CameraProvider, qtbot: QtBot) -> None:
    provider.start(lambda frame: None)
    assert provider._camera is not None
    with qtbot.waitSignal(provider.failed) as caught:
        provider._camera.errorOccurred.emit(QCamera.Error.CameraError, "Device or resource busy")
    assert "cannot be opened" in str(caught.args)


class Permission:
    """The system's answer."""

    def __init__(self, answer: Qt.PermissionStatus) -> None:
        self._answer = answer

    def status(self) -> Qt.PermissionStatus:
        return self._answer


@pytest.mark.parametrize(
    ("answer", "opens"), [(Qt.PermissionStatus.Granted, True), (Qt.PermissionStatus.Denied, False)]
)
def test_the_system_is_asked_first_and_a_refusal_is_a_sentence(
    provider: CameraProvider, monkeypatch: pytest.MonkeyPatch, answer: Qt.PermissionStatus, opens: bool
) -> None:
    asked: list[Callable[[Permission], None]] = []
    said: list[str] = []
    undetermined = Qt.PermissionStatus.Undetermined
    monkeypatch.setattr(QCoreApplication, "checkPermission", lambda application, permission: undetermined)
    monkeypatch.setattr(QCoreApplication, "requestPermission", lambda application, what, who, then: asked.append(then))
    provider.refused.connect(said.append)
    provider.start(lambda frame: None)
    is_asking = [provider.is_asking]
    assert provider._camera is None
    asked[0](Permission(answer))
    is_asking.append(provider.is_asking)
    assert is_asking == [True, False]
    assert (provider._camera is not None) is opens
    assert [sentence for sentence in said if "privacy settings" in sentence] == ([] if opens else said)
    assert len(said) == (0 if opens else 1)


def test_an_answer_after_the_stop_opens_nothing(provider: CameraProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Callable[[Permission], None]] = []
    denied = Qt.PermissionStatus.Denied
    monkeypatch.setattr(QCoreApplication, "checkPermission", lambda application, permission: denied)
    monkeypatch.setattr(QCoreApplication, "requestPermission", lambda application, what, who, then: asked.append(then))
    provider.start(lambda frame: None)
    provider.stop()
    asked[0](Permission(Qt.PermissionStatus.Granted))
    assert provider._camera is None


def test_a_closed_camera_has_no_knobs_and_an_open_one_none_that_it_lacks(provider: CameraProvider) -> None:
    assert provider.knobs() == {}
    provider.turn(Knob.ZOOM, 2.0)
    provider.start(lambda frame: None)
    assert Knob.EXPOSURE_TIME not in provider.knobs()
    provider.stop()
    assert provider.knobs() == {}


def test_a_format_that_changes_in_the_stream_is_decoded_as_it_comes(
    provider: CameraProvider, picture: NDArray[np.uint8]
) -> None:
    frames: list[PendingFrame] = []
    provider.start(frames.append)
    provider._sink.setVideoFrame(qt_frame(picture, PixelLayout.NV12, _Pixel.Format_NV12))
    smaller = QVideoFrame(QVideoFrameFormat(QSize(32, 24), _Pixel.Format_BGRX8888))
    assert smaller.map(QVideoFrame.MapMode.WriteOnly)
    np.frombuffer(smaller.bits(0), np.uint8)[:] = 90
    smaller.unmap()
    provider._sink.setVideoFrame(smaller)
    assert [frame.decode().image_bgr.shape for frame in frames] == [(HEIGHT, WIDTH, 3), (24, 32, 3)]


def test_a_list_without_that_camera_says_so(qapp: object) -> None:
    cameras = CameraList()
    assert cameras.modes("not there") == []
    with pytest.raises(InputError, match="not plugged in"):
        cameras.open("not there")

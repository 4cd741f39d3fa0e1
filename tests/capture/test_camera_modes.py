"""Room: tests. Which of a camera's formats is taken, and what people may choose from."""

from __future__ import annotations

import pytest

from mirror_app.capture.camera_modes import CameraMode, best_mode, mode_words
from mirror_app.capture.pixel_layout import PixelLayout


def mode(width: int, height: int, fps: float, layout: PixelLayout | None) -> CameraMode:
    return CameraMode((width, height), fps, layout)


@pytest.mark.parametrize(
    ("modes", "best"),
    [
        ([], None),
        ([mode(3840, 2160, 30, PixelLayout.JPEG), mode(1280, 720, 30, PixelLayout.JPEG)], 1),
        ([mode(1280, 720, 30, PixelLayout.JPEG), mode(1280, 720, 30, PixelLayout.YUYV)], 1),
        ([mode(1280, 720, 10, PixelLayout.YUYV), mode(1280, 720, 30, PixelLayout.JPEG)], 1),
        ([mode(1280, 720, 10, PixelLayout.YUYV), mode(640, 480, 29.97, PixelLayout.YUYV)], 1),
        ([mode(640, 480, 30, PixelLayout.NV12), mode(1280, 720, 30, PixelLayout.JPEG)], 1),
        ([mode(1280, 720, 30, None), mode(1280, 720, 30, PixelLayout.NV12)], 1),
        ([mode(1280, 720, 30, PixelLayout.NV12), mode(1280, 720, 30, PixelLayout.NV12)], 0),
    ],
    ids=[
        "none",
        "not 4K",
        "uncompressed",
        "rate before kind",
        "rate before size",
        "size before kind",
        "known",
        "first",
    ],
)
def test_the_format_with_rate_then_size_then_no_compression_wins(modes: list[CameraMode], best: int | None) -> None:
    assert best_mode(modes) == best


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        ("1920x1080@30", 2),
        ("640x480@30", 3),
        ("1280x720@10", 0),
        ("1280x720@60", 1),
        ("nonsense", 1),
        ("", 1),
    ],
    ids=["larger, uncompressed", "smaller, 29.97", "slower", "not offered", "damaged", "none"],
)
def test_a_chosen_size_and_rate_wins_and_one_that_is_not_offered_is_left_alone(wanted: str, best: int) -> None:
    modes = [
        mode(1280, 720, 10, PixelLayout.YUYV),
        mode(1280, 720, 30, PixelLayout.JPEG),
        mode(1920, 1080, 30, PixelLayout.NV12),
        mode(640, 480, 29.97, PixelLayout.YUYV),
        mode(1920, 1080, 30, PixelLayout.JPEG),
    ]
    assert best_mode(modes, wanted) == best


def test_people_choose_among_distinct_sizes_and_rates_the_largest_first() -> None:
    modes = [
        mode(640, 480, 30, PixelLayout.YUYV),
        mode(1280, 720, 30, PixelLayout.JPEG),
        mode(1280, 720, 59.94, PixelLayout.JPEG),
        mode(640, 480, 30, PixelLayout.JPEG),
        mode(1920, 1080, 30, None),
    ]
    assert mode_words(modes) == ["1920x1080@30", "1280x720@60", "1280x720@30", "640x480@30"]
    assert mode_words([]) == []

"""Room: tests. The demo camera with four people: its film is what the scene draws, and it never hurries."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app import resources
from mirror_app.capture.demo_people_camera import FILM_FPS, FILM_FRAMES, FourPeople, demo_people_camera, film_path
from mirror_app.capture.picture_loop import PictureLoop
from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import PendingFrame
from tests.fakes import picture


def test_the_film_shows_what_the_scene_draws() -> None:
    people = FourPeople()
    with VideoFile(film_path()) as film:
        assert film.traits.rate == FILM_FPS
        shown = [one.image_bgr for number, one in enumerate(film.pictures()) if number in (0, FILM_FRAMES - 1)]
    for number, image in zip((0, FILM_FRAMES - 1), shown, strict=True):
        assert cv2.PSNR(image, people.draw(number).frame.image_bgr) > 33, "make it anew: assets/pictures/make_people.py"


def test_where_the_film_begins_anew_nobody_jumps() -> None:
    with VideoFile(film_path()) as film:
        shown = [one.image_bgr for number, one in enumerate(film.pictures()) if number in (0, 1, FILM_FRAMES - 1)]
    step, seam = (np.abs(shown[0].astype(int) - other).mean() for other in shown[1:])
    assert seam < 3 * step


def test_the_camera_plays_the_film_from_a_thread_of_its_own() -> None:
    camera, frames, enough = demo_people_camera(), list[PendingFrame](), threading.Event()

    def deliver(frame: PendingFrame) -> None:
        frames.append(frame)
        if len(frames) == 5:
            enough.set()

    camera.start(deliver)
    try:
        assert enough.wait(20)
    finally:
        camera.stop()
    assert [frame.index for frame in frames[:5]] == list(range(5))
    assert frames[0].decode().image_bgr.shape == (720, 1280, 3)


def test_a_film_that_was_held_up_goes_on_slowly_rather_than_hurry() -> None:
    def pictures() -> Iterator[NDArray[np.uint8]]:
        for number in range(8):
            if number == 2:
                time.sleep(0.3)
            yield picture(16, 12)

    times, ended = list[int](), threading.Event()

    def deliver(frame: PendingFrame) -> None:
        times.append(frame.captured_ns)
        if len(times) == 8:
            ended.set()

    loop = PictureLoop("held up", pictures, 50.0, may_slow_down=True)
    loop.start(deliver)
    assert ended.wait(20)
    loop.stop()
    assert (times[7] - times[2]) / 1e9 >= 5 * 0.02 - 0.005


def test_a_missing_film_is_said(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "assets_dir", lambda: tmp_path)
    with pytest.raises(InputError):
        demo_people_camera()

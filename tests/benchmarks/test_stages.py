"""Room: tests. How long the main stages take: `pytest tests/benchmarks -o addopts= --benchmark-only`.

Nothing here fails for being slow: a number belongs to the machine it was measured on.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mirror_app.compose.label import Label
from mirror_app.deliver.video_writer import open_video_writer
from mirror_app.domain.frame import Frame, SafeFrame
from mirror_app.domain.video import ColourCoding, VideoTraits
from mirror_app.imaging.files import read_image, write_image
from mirror_app.pipeline.assembly import open_enroller, open_mirror, open_tracker
from mirror_app.pipeline.latest_slot import LatestSlot
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls
from tests.portrait import demo_frame, plain_target

FRAMES = 8


def _frames() -> itertools.cycle[Frame]:
    """A second of the demo's motion, 720p, back to the start when it is over."""
    return itertools.cycle([demo_frame(index).frame for index in range(FRAMES)])


@pytest.fixture
def mirror() -> MirrorPipeline:
    pipeline = open_mirror()
    pipeline.controls = MirrorControls(target=plain_target(side=1024))
    return pipeline


def test_the_whole_pipeline(benchmark: BenchmarkFixture, mirror: MirrorPipeline) -> None:
    frames = _frames()
    benchmark(lambda: mirror.process(next(frames)))


def test_following_a_face(benchmark: BenchmarkFixture) -> None:
    tracker, frames = open_tracker(), _frames()
    tracker.scan(next(frames))
    benchmark(lambda: tracker.follow(next(frames)))


def test_finding_a_face(benchmark: BenchmarkFixture) -> None:
    tracker, frame = open_tracker(), demo_frame(0).frame

    def find() -> None:
        tracker.reset()
        tracker.scan(frame)

    benchmark(find)


def test_drawing_the_label(benchmark: BenchmarkFixture) -> None:
    label, image = Label(), demo_frame(0).frame.image_bgr.copy()
    benchmark(lambda: label.draw(image))


def test_enrolling_a_photo(benchmark: BenchmarkFixture) -> None:
    enroller, photo = open_enroller(), demo_frame(0).frame.image_bgr
    benchmark(lambda: enroller.from_photo(photo, "benchmark"))


def test_a_hand_over_between_threads(benchmark: BenchmarkFixture) -> None:
    slot: LatestSlot[int] = LatestSlot()

    def hand_over() -> None:
        slot.put(1)
        slot.take(0)

    benchmark(hand_over)


def test_reading_a_picture(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    write_image(tmp_path / "photo.jpg", demo_frame(0).frame.image_bgr)
    benchmark(lambda: read_image(tmp_path / "photo.jpg"))


def test_encoding_a_frame(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    traits = VideoTraits((1280, 720), Fraction(1), Fraction(30), Fraction(1, 30), ColourCoding(1, 1, 1, False))
    frames, count = _frames(), itertools.count()
    with open_video_writer(tmp_path / "out.mp4", traits, None) as writer:
        benchmark(lambda: writer.write(SafeFrame(next(frames).image_bgr, 0, 0), next(count), 1))

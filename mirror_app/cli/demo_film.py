"""Room: cli. Ten seconds of the demo camera as a video, for a computer without a display. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from mirror_app.capture.demo import DemoCamera
from mirror_app.cli.target_option import choose_target
from mirror_app.deliver.video_writer import open_video_writer
from mirror_app.domain.video import ColourCoding, VideoTraits
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.result import MirrorControls
from mirror_app.pipeline.run_meter import RunMeter, RunReport

_SIZE_WH: Final = (1280, 720)
_FPS: Final = 30
_BT709: Final = ColourCoding(matrix=1, primaries=1, transfer=1, full_range=False)


def render_demo(output: Path, seconds: float, progress: Callable[[int, int | None], None]) -> RunReport:
    """Put the first built-in face on the demo camera and write what may leave.

    Args:
        output: Ends in .mp4.
        seconds: Length of the video.
        progress: Called after every frame with the frames done and their number.

    Returns:
        What the mirror needed; drawing the demo and encoding are not in it.

    Raises:
        OutputError: The file cannot be written.
        ModelError: A network is missing or failed.
    """
    camera = DemoCamera(_SIZE_WH, _FPS)
    mirror = open_mirror()
    mirror.controls = MirrorControls(target=choose_target(None, None).face)
    traits = VideoTraits(_SIZE_WH, Fraction(1), Fraction(_FPS), Fraction(1, _FPS), _BT709)
    meter = RunMeter()
    with open_video_writer(output, traits, None) as writer:
        frames = round(seconds * _FPS)
        for index in range(frames):
            frame = replace(camera.frame_at(index).frame, captured_ns=time.monotonic_ns())
            result = mirror.process(frame)
            done_ns = time.monotonic_ns()
            meter.record(result, pipeline_ms=(done_ns - frame.captured_ns) / 1e6, done_ns=done_ns)
            writer.write(result.safe, index, 1)
            progress(index + 1, frames)
    return meter.report(drops=0, engine=mirror.engine, device=mirror.device)

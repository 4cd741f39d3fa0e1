"""Room: pipeline. What a run of the mirror measured: one report for bench and for the window. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from mirror_app.pipeline.clock import MemoryWatch, Percentiles, Timings
from mirror_app.pipeline.result import MirrorResult, MirrorState, Stage


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run of the mirror measured. Times in ms, memory in MiB.

    Attributes:
        frames: Frames measured.
        seconds: From the first frame's end to the last one's.
        frames_per_second: Frames finished per second in that time.
        pipeline_ms: One turn of `MirrorPipeline.process`.
        end_to_end_ms: From the hand-over of a frame to its end: the result (bench) or the end of its paint (window).
        stages_ms: Per step of the pipeline, in the order of `Stage`.
        between_ms: Looks around between two frames, while the next one is awaited; zeros where they were not measured.
        drops: Frames that were pushed out by a newer one.
        in_order: Whether every frame had a higher index than the one before.
        cpu_ms_per_frame: Processor time of the whole process, all threads, per frame.
        peak_rss_mb: The most memory the process ever held; 0 where the system does not tell.
        rss_mb_per_minute: Growth after the first minute (over the run when it is shorter).
        engine: The way of swapping.
        device: What it ran on.
        size_wh: Size of the last frame, px.
        states: How many frames left as LIVE, HOLD and SHIELD.
    """

    frames: int
    seconds: float
    frames_per_second: float
    pipeline_ms: Percentiles
    end_to_end_ms: Percentiles
    stages_ms: Mapping[str, Percentiles]
    between_ms: Percentiles
    drops: int
    in_order: bool
    cpu_ms_per_frame: float
    peak_rss_mb: float
    rss_mb_per_minute: float
    engine: str
    device: str
    size_wh: tuple[int, int]
    states: Mapping[str, int]

    def as_json(self) -> dict[str, object]:
        """The report with the keys that the command line promises."""
        return {
            "frames": self.frames,
            "seconds": round(self.seconds, 3),
            "frames_per_second": round(self.frames_per_second, 2),
            "pipeline_ms": self.pipeline_ms.as_json(),
            "end_to_end_ms": self.end_to_end_ms.as_json(),
            "stages_ms": {stage: times.as_json() for stage, times in self.stages_ms.items()},
            "between_ms": self.between_ms.as_json(),
            "drops": self.drops,
            "in_order": self.in_order,
            "cpu_ms_per_frame": round(self.cpu_ms_per_frame, 2),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
            "rss_mb_per_minute": round(self.rss_mb_per_minute, 2),
            "engine": self.engine,
            "device": self.device,
            "size": f"{self.size_wh[0]}x{self.size_wh[1]}",
            "states": dict(self.states),
        }


class RunMeter:
    """Collects the numbers of a run, frame by frame. One thread records; make a new one after the warm-up."""

    def __init__(self) -> None:
        self._pipeline = Timings()
        self._end_to_end = Timings()
        self._between = Timings()
        self._stages: dict[str, Timings] = {}
        self._states = {state.value: 0 for state in MirrorState}
        self._memory = MemoryWatch()
        self._cpu_start_s = time.process_time()
        self._first_done_ns = 0
        self._last_done_ns = 0
        self._last_index = -1
        self._in_order = True
        self._size_wh = (0, 0)

    @property
    def frames(self) -> int:
        """How many frames were recorded."""
        return len(self._end_to_end)

    def record(self, result: MirrorResult, *, pipeline_ms: float, done_ns: int) -> None:
        """Take in one finished frame.

        Args:
            result: What the mirror gave.
            pipeline_ms: How long `MirrorPipeline.process` took for it.
            done_ns: `time.monotonic_ns()` when the frame reached its end: the result (bench) or its paint (window).
        """
        if not self.frames:
            self._first_done_ns = done_ns
        self._in_order = self._in_order and result.index > self._last_index
        self._last_index = result.index
        self._last_done_ns = done_ns
        self._pipeline.add(pipeline_ms)
        self._end_to_end.add((done_ns - result.captured_ns) / 1e6)
        for stage, spent_ms in result.stages_ms.items():
            self._stages.setdefault(stage, Timings()).add(spent_ms)
        self._states[result.state.value] += 1
        height, width = result.preview_bgr.shape[:2]
        self._size_wh = (width, height)
        self._memory.sample()

    def record_between(self, spent_ms: float) -> None:
        """Take in what was done after a frame, before the next one."""
        self._between.add(spent_ms)

    def report(self, *, drops: int, engine: str, device: str) -> RunReport:
        """Sum up what was recorded so far."""
        seconds = (self._last_done_ns - self._first_done_ns) / 1e9
        order = [stage.value for stage in Stage]
        stages = sorted(self._stages.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
        return RunReport(
            frames=self.frames,
            seconds=seconds,
            frames_per_second=(self.frames - 1) / seconds if seconds > 0 else 0.0,
            pipeline_ms=self._pipeline.percentiles(),
            end_to_end_ms=self._end_to_end.percentiles(),
            stages_ms={name: times.percentiles() for name, times in stages},
            between_ms=self._between.percentiles(),
            drops=drops,
            in_order=self._in_order,
            cpu_ms_per_frame=(time.process_time() - self._cpu_start_s) * 1000 / max(self.frames, 1),
            peak_rss_mb=self._memory.peak_mb(),
            rss_mb_per_minute=self._memory.mb_per_minute(),
            engine=engine,
            device=device,
            size_wh=self._size_wh,
            states=dict(self._states),
        )

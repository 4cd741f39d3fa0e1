"""Room: cli. The report of a run as text for people; `RunReport.as_json` is the one for programs."""

from __future__ import annotations

from typing import Final

from mirror_app.cli.columns import left
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words
from mirror_app.pipeline.clock import Percentiles
from mirror_app.pipeline.result import MirrorState, Stage
from mirror_app.pipeline.run_meter import RunReport

_STAGES: Final = {
    Stage.DECODE.value: Sentence("decode"),
    Stage.MESH.value: Sentence("mesh"),
    Stage.DETECT.value: Sentence("detect"),
    Stage.SWAP.value: Sentence("swap"),
    Stage.LABEL.value: Sentence("label"),
    Stage.GUARD.value: Sentence("guard"),
}
_STATES: Final = {
    MirrorState.LIVE.value: Sentence("live"),
    MirrorState.HOLD.value: Sentence("hold"),
    MirrorState.SHIELD.value: Sentence("shield"),
}


def report_table(report: RunReport, words: Words) -> str:
    """Rate and times of a run, a line each."""
    rows = {
        words("end to end"): report.end_to_end_ms,
        words("pipeline"): report.pipeline_ms,
        **{f"  {words(_STAGES.get(stage, stage))}": times for stage, times in report.stages_ms.items()},
    }
    if report.between_ms.p99 > 0:
        rows[words("between frames")] = report.between_ms
    return "\n".join(
        [
            _rate(report, words),
            f"{'ms':16}{'p50':>8}{'p95':>8}{'p99':>8}",
            *(_row(name, times) for name, times in rows.items()),
            _counts(report, words),
            words("{ms} ms of processor time per frame", ms=f"{report.cpu_ms_per_frame:.1f}"),
            words(
                "{peak} MB of memory at most, {growth} MB per minute",
                peak=f"{report.peak_rss_mb:.0f}",
                growth=f"{report.rss_mb_per_minute:+.1f}",
            ),
        ]
    )


def _rate(report: RunReport, words: Words) -> str:
    width, height = report.size_wh
    return words(
        "{rate} frames/s at {size}, engine {engine} on {device}",
        rate=f"{report.frames_per_second:.1f}",
        size=f"{width}x{height}",
        engine=report.engine,
        device=report.device,
    )


def _row(name: str, times: Percentiles) -> str:
    return f"{left(name, 16)}{times.p50:8.2f}{times.p95:8.2f}{times.p99:8.2f}"


def _counts(report: RunReport, words: Words) -> str:
    states = ", ".join(
        f"{number} {words(_STATES.get(state, state))}" for state, number in report.states.items() if number
    )
    return words(
        "{frames} frames ({states}), {order}, {drops} dropped",
        frames=report.frames,
        states=states,
        order=Sentence("in order") if report.in_order else Sentence("NOT in order"),
        drops=report.drops,
    )

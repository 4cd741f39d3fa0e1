"""Room: cli. The report of a run as text for people; `RunReport.as_json` is the one for programs."""

from __future__ import annotations

from mirror_app.pipeline.run_meter import RunReport


def report_table(report: RunReport) -> str:
    """Rate and times of a run, a line each."""
    rows = {
        "end to end": report.end_to_end_ms,
        "pipeline": report.pipeline_ms,
        **{f"  {stage}": times for stage, times in report.stages_ms.items()},
    }
    width, height = report.size_wh
    states = ", ".join(f"{number} {state}" for state, number in report.states.items() if number)
    return "\n".join(
        [
            f"{report.frames_per_second:.1f} frames/s at {width}x{height}, engine {report.engine} on {report.device}",
            f"{'ms':16}{'p50':>8}{'p95':>8}{'p99':>8}",
            *(f"{name:16}{times.p50:8.2f}{times.p95:8.2f}{times.p99:8.2f}" for name, times in rows.items()),
            f"{report.frames} frames ({states}), {'' if report.in_order else 'NOT '}in order, {report.drops} dropped",
            f"{report.cpu_ms_per_frame:.1f} ms of processor time per frame",
            f"{report.peak_rss_mb:.0f} MB of memory at most, {report.rss_mb_per_minute:+.1f} MB per minute",
        ]
    )

"""Room: cli. What is said of the way of swapping: which it is, where, why, and what went wrong. Chooses none."""

from __future__ import annotations

from mirror_app.language import Words
from mirror_app.pipeline.mirror import MirrorPipeline


def engine_table(mirror: MirrorPipeline | None) -> dict[str, str]:
    """For `--json`; empty texts where no mirror was needed."""
    if mirror is None:
        return dict.fromkeys(("engine", "device", "why", "trouble"), "")
    return {"engine": mirror.engine, "device": mirror.device, "why": mirror.why, "trouble": mirror.trouble}


def engine_note(mirror: MirrorPipeline, words: Words) -> str:
    """For people: why the engine was taken or, where it failed on the way, that and what went on."""
    return words(mirror.trouble or mirror.why)

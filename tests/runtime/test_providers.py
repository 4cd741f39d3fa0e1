"""Room: tests. Which execution providers really run a network."""

from __future__ import annotations

from mirror_app.resources import assets_dir
from mirror_app.runtime.child import ask_child
from mirror_app.runtime.providers import listed_providers, try_provider

MODEL = str(assets_dir() / "models" / "face_detection_short_range.onnx")


def test_the_cpu_is_listed_and_runs_our_network() -> None:
    assert "CPUExecutionProvider" in listed_providers()
    assert try_provider("CPUExecutionProvider", MODEL) == ["CPUExecutionProvider"]


def test_a_network_that_is_not_there_is_trouble_told_by_the_child() -> None:
    answer = ask_child(try_provider, "CPUExecutionProvider", "no-such-file.onnx")
    assert answer.lines == ()
    assert "no-such-file.onnx" in answer.trouble

"""Room: tests. `mirror-app models prepare`: what is built, said and returned. The builder is fake."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror_app.cli import main, models_prepare
from mirror_app.cli.console import INTERRUPTED
from mirror_app.cli.plan_bar import PlanBar, plan_line
from mirror_app.domain.errors import MissingLibraryError
from mirror_app.language import open_words
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.plan_file import Plan
from mirror_app.runtime.plan_store import Wanted
from mirror_app.tools.models.plan_rows import BuildStep
from tests.tools.models.test_prepare import ARC, GHOST, HERE, Bench, FakeBuilder
from tests.twins import architecture


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A computer with a card and two models."""
    made = Bench(tmp_path)
    for name in (GHOST, ARC):
        made.store.import_file(architecture(name, tmp_path, 1 / 64), name)
    monkeypatch.setattr(models_prepare, "open_store", lambda: made.store)
    monkeypatch.setattr(models_prepare, "PlanStore", lambda _folder: made.plans)
    monkeypatch.setattr(models_prepare, "look_around", lambda: HERE)
    return made


def test_all_are_built_then_ready_then_built_again_when_that_is_asked_for(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "prepare", "--all"]) == 0
    assert f"{GHOST} fp32: built in 1 s, 0.0 MB, up to 1 at once" in capsys.readouterr().out
    assert main(["models", "prepare", GHOST]) == 0
    assert capsys.readouterr().out == f"{GHOST} fp32: ready\n"
    assert main(["models", "prepare", GHOST, "--force", "--precision", "fp16"]) == 0
    assert bench.plans.built[2:] == [f"{GHOST} fp16"]


def test_a_failure_is_said_and_the_rest_is_built(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.plans.failing = {GHOST}
    assert main(["models", "prepare", "--all"]) == 9
    said = capsys.readouterr()
    assert f"{GHOST}: TensorRT could not build {GHOST}: no" in said.err
    assert f"{ARC} fp16: built" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["no_such"], 9, "There is no model named no_such"),
        (["inswapper_128"], 9, "is not installed"),
        ([], 2, "One of the arguments NAME --all is required"),
        ([GHOST, "--all"], 2, "not allowed with argument"),
        ([GHOST, "--precision", "bf16"], 2, "invalid choice"),
    ],
)
def test_what_cannot_be_asked_for(
    bench: Bench, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, why: str
) -> None:
    try:
        ended = main(["models", "prepare", *arguments])
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == code
    assert why in capsys.readouterr().err
    assert bench.plans.built == []


def test_without_a_card_it_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing() -> BuildPlace:
        raise MissingLibraryError("No NVIDIA graphics card was found.")

    monkeypatch.setattr(models_prepare, "look_around", nothing)
    assert main(["models", "prepare", "--all"]) == 10
    assert "No NVIDIA graphics card was found." in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_polite_kill_stop_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    def build(_self: FakeBuilder, _wanted: Wanted, tell: Callable[[float], None]) -> Plan:
        os.kill(os.getpid(), number)
        while True:
            tell(0.5)

    monkeypatch.setattr(FakeBuilder, "build", build)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["models", "prepare", "--all"]) == INTERRUPTED
    assert "stopped." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_help_is_chinese_and_the_results_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["models", "prepare", GHOST]) == 0
    assert f"{GHOST} fp32：用时 1 秒构建完成" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("share", "left_s", "line"),
    [
        (0.0, None, "2/3  x fp16  [........................]   0%"),
        (0.5, 60.4, "2/3  x fp16  [############............]  50%  1:00 left"),
        (1.0, 0.0, "2/3  x fp16  [########################] 100%  0:00 left"),
    ],
)
def test_the_bar_shows_how_far_and_how_long(share: float, left_s: float | None, line: str) -> None:
    assert plan_line(open_words("en"), BuildStep("x", "X", "fp16", 2, 3, share, left_s)) == line


def test_the_bar_is_drawn_only_where_somebody_reads_along(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_terminal in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda seen=is_terminal: seen)
        bar = PlanBar(open_words("en"))
        bar(BuildStep("x", "X", "fp16", 1, 1, 0.5, None))
        bar.clear()
        assert ("50%" in capsys.readouterr().err) is is_terminal

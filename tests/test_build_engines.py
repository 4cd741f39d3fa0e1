"""Room: tests. `build_engines.py` from the command line to the plan, and every way it ends without one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import build_engines
from build_engines import main
from mirror_app.cli.plan_bar import PlanBar
from mirror_app.domain.errors import MissingLibraryError
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.plan_file import read_plan
from mirror_app.runtime.plan_store import PlanStore
from tests.runtime.real_builder import catalogue, needs_builder, place
from tests.twins import architecture


class Computer:
    """A computer of a test: two models, a folder of plans, a card."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans = folder / "engines"
        self.plans.mkdir(mode=0o700)
        models = folder / "models"
        models.mkdir()
        self.store = ModelStore(catalogue(), models)
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(build_engines, "open_store", lambda: self.store)
        monkeypatch.setattr(build_engines, "engines_dir", lambda: self.plans)

    def install(self, name: str, folder: Path) -> None:
        self.store.import_file(architecture(name, folder, 1 / 64), name)

    def put_in(self, found: BuildPlace) -> None:
        self._monkeypatch.setattr(build_engines, "look_around", lambda: found)

    def names(self) -> set[str]:
        return {path.name for path in self.plans.iterdir() if path.suffix != ".cache"}


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(tmp_path, monkeypatch)


@needs_builder
def test_plans_are_built_once_listed_and_built_again_when_something_changed(
    computer: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    computer.install("crossface_ghost", tmp_path)
    computer.install("arcface_w600k_r50", tmp_path)
    computer.put_in(place())
    plans = {"crossface_ghost.fp32", "arcface_w600k_r50.fp16"}

    assert main(["--all"]) == 0
    assert computer.names() == {f"{name}.{ending}" for name in plans for ending in ("plan", "json")}
    assert all(path.stat().st_mode & 0o077 == 0 for path in computer.plans.glob("*.plan"))
    assert "arcface_w600k_r50 fp16: built in" in capsys.readouterr().out

    assert main(["--all"]) == 0
    assert capsys.readouterr().out.count("ready") == 2
    assert main(["--list"]) == 0
    assert "crossface_ghost.fp32: " in (listed := capsys.readouterr().out)
    assert listed.count(", NVIDIA GeForce RTX 3060, TensorRT ") == listed.count(", ready\n") == 2

    other = replace(place(), card=replace(place().card, name="NVIDIA GeForce RTX 4090"))
    computer.put_in(other)
    assert main(["--list"]) == 9
    assert "must be built again: it was built for NVIDIA GeForce RTX 3060, and here is" in capsys.readouterr().out
    plan = computer.plans / "crossface_ghost.fp32.plan"
    assert main(["crossface_ghost"]) == 0
    assert read_plan(plan).facts.gpu == "NVIDIA GeForce RTX 4090"

    plan.write_bytes(plan.read_bytes()[:-1])
    assert main(["--list"]) == 9
    assert "crossface_ghost.fp32.plan is damaged" in capsys.readouterr().out
    assert main(["crossface_ghost"]) == 0
    read_plan(plan)


@needs_builder
def test_a_build_that_is_stopped_leaves_the_older_plan_and_nothing_else(
    computer: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.install("crossface_ghost", tmp_path)
    computer.put_in(place())
    assert main(["crossface_ghost"]) == 0
    before = {path.name: path.read_bytes() for path in computer.plans.iterdir()}

    def called(self: object, share: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PlanBar, "__call__", called)
    assert main(["crossface_ghost", "--force"]) == 130
    assert {path.name: path.read_bytes() for path in computer.plans.iterdir()} == before


@needs_builder
def test_one_model_that_fails_does_not_stop_the_others(
    computer: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    computer.install("arcface_w600k_r50", tmp_path)
    computer.install("crossface_ghost", tmp_path)
    computer.put_in(place())
    (computer.store.folder / "crossface_ghost.fp32.onnx").rename(tmp_path / "gone")
    computer.store.folder.joinpath("crossface_ghost.fp16.onnx").write_bytes((tmp_path / "gone").read_bytes())
    assert main(["--all"]) == 9
    assert "crossface_ghost is not here in FP32" in capsys.readouterr().err
    assert computer.names() == {"arcface_w600k_r50.fp16.plan", "arcface_w600k_r50.fp16.json"}


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--all"], 9, "No model is installed"),
        (["inswapper_128"], 9, "The model inswapper_128 is not installed"),
        (["no_such_model"], 9, "There is no model named no_such_model"),
    ],
)
def test_what_is_not_installed_is_told_before_the_card_is_looked_for(
    computer: Computer, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, why: str
) -> None:
    assert main(arguments) == code
    assert why in capsys.readouterr().err


def test_without_a_card_it_says_so_and_lists_what_is_there_all_the_same(
    computer: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing() -> BuildPlace:
        raise MissingLibraryError("No NVIDIA graphics card was found.")

    monkeypatch.setattr(build_engines, "look_around", nothing)
    computer.install("crossface_ghost", tmp_path)
    assert main(["crossface_ghost"]) == 10
    assert main(["--list"]) == 0
    said = capsys.readouterr()
    assert said.err.count("build_engines: No NVIDIA graphics card was found.") == 2
    assert "There are no plans in" in said.out


@needs_builder
def test_int8_needs_the_file_that_was_made_of_faces(
    computer: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    computer.install("crossface_ghost", tmp_path)
    computer.put_in(place())
    assert main(["crossface_ghost", "--precision", "int8"]) == 9
    assert "`mirror-app models convert crossface_ghost --precision int8`" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["inswapper_128", "--all"], ["--list", "--all"], ["x", "--precision", "bf16"]]
)
def test_a_wrong_command_line_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_it_brings_no_window() -> None:
    code = "import build_engines, sys; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    folder = Path(build_engines.__file__).parent
    assert subprocess.run([sys.executable, "-c", code], cwd=folder, check=False).returncode == 0


def test_what_a_killed_build_left_is_removed_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / ".build-old", tmp_path / ".build-new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    with PlanStore(tmp_path)._work() as work:
        assert work.is_dir()
    assert {path.name for path in tmp_path.iterdir()} == {".build-new"}

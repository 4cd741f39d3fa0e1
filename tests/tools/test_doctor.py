"""Room: tests. What doctor finds, and what it says to do."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest

from mirror_app.runtime.child import Answer
from mirror_app.tools import doctor
from mirror_app.tools.doctor import Finding, Health, examine, is_usable

CATALOGUE = """[tiger]
title_en = "Tiger"
title_zh = "老虎"
kind = "texture"
file = "tiger.png"
colour_follow = 0
credit = "us"
licence = "Apache-2.0"
"""


class _Computer:
    """A computer on which everything is right, until a test breaks it."""

    def __init__(self, folder: Path) -> None:
        self.assets = folder / "assets"
        self.user = folder / "user"
        (self.assets / "models").mkdir(parents=True)
        (self.assets / "targets").mkdir()
        (self.assets / "models" / "a.onnx").write_bytes(b"weights")
        digest = hashlib.sha256(b"weights").hexdigest()
        (self.assets / "models" / "README.md").write_text(f"| `a.onnx` | `{digest}` |\n")
        (self.assets / "targets" / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
        (self.assets / "targets" / "tiger.png").write_bytes(b"x")
        self.answers = {
            "listed_providers": Answer(("CUDAExecutionProvider", "CPUExecutionProvider"), ""),
            "CPUExecutionProvider": Answer(("CPUExecutionProvider",), ""),
            "CUDAExecutionProvider": Answer(("CPUExecutionProvider",), ""),
            "cameras": Answer(("HD Webcam", "Phone"), ""),
            "display": Answer(("Screen 1920x1080",), ""),
        }
        self.packages = {
            "numpy": "2",
            "opencv-python": "5",
            "onnxruntime-gpu": "1",
            "av": "18",
            "onnx": "1",
            "PySide6": "6",
        }

    def ask(self, question: object, *arguments: str) -> Answer:
        name = getattr(question, "__name__", "")
        return self.answers.get(arguments[0] if name == "import_module" else name, Answer((), ""))

    def ask_by_name(self, module: str, function: str, *arguments: str) -> Answer:
        return self.answers[arguments[0] if arguments else function]

    def version(self, package: str) -> str:
        if package not in self.packages:
            raise metadata.PackageNotFoundError(package)
        return self.packages[package]

    def findings(self) -> dict[str, Finding]:
        return {one.subject: one for one in examine(self.assets, self.user, cameras, display)}


def cameras() -> list[str]:
    return []


def display() -> list[str]:
    return []


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Computer:
    made = _Computer(tmp_path)
    monkeypatch.setattr(doctor, "ask_child", made.ask)
    monkeypatch.setattr(doctor, "ask_child_by_name", made.ask_by_name)
    monkeypatch.setattr(metadata, "version", made.version)
    return made


def test_a_sound_computer_is_usable_and_every_finding_has_its_detail(computer: _Computer) -> None:
    findings = computer.findings()
    assert is_usable(findings.values())
    assert all(one.detail for one in findings.values())
    assert findings["Cameras"].detail == "HD Webcam, Phone"
    assert findings["CUDAExecutionProvider"].health is Health.NOTE, "listed, but falls back to the CPU"
    assert findings["CPUExecutionProvider"].health is Health.OK
    assert findings["Target faces"].detail == "1 built in, 0 of your own"


def _break_library(computer: _Computer) -> None:
    computer.answers["cv2"] = Answer((), "ImportError: libGL.so.1: cannot open shared object file: No such file")


def _remove_package(computer: _Computer) -> None:
    del computer.packages["av"]


def _add_headless(computer: _Computer) -> None:
    computer.packages["opencv-python-headless"] = "5"


def _add_plain_runtime(computer: _Computer) -> None:
    computer.packages["onnxruntime"] = "1"


def _damage_model(computer: _Computer) -> None:
    (computer.assets / "models" / "a.onnx").write_bytes(b"wreck")


def _lose_models(computer: _Computer) -> None:
    shutil.rmtree(computer.assets / "models")


def _crash_cpu(computer: _Computer) -> None:
    computer.answers["CPUExecutionProvider"] = Answer((), "it crashed (signal 4)")


def _lose_catalogue(computer: _Computer) -> None:
    (computer.assets / "targets" / "catalogue.toml").unlink()


def _lose_texture(computer: _Computer) -> None:
    (computer.assets / "targets" / "tiger.png").unlink()


@pytest.mark.parametrize(
    ("harm", "subject", "detail", "cure"),
    [
        (_break_library, "cv2", "libGL.so.1", "apt-get install libgl1"),
        (_remove_package, "av", "not installed", "pip install av"),
        (_add_headless, "Packages", "overwrite each other", "pip uninstall opencv-python opencv-python-headless"),
        (_add_plain_runtime, "Packages", "onnxruntime-gpu, onnxruntime", "then `pip install onnxruntime-gpu`"),
        (_damage_model, "Networks", "a.onnx", "Install mirror-app again"),
        (_lose_models, "Networks", "missing", "Install mirror-app again"),
        (_crash_cpu, "CPUExecutionProvider", "signal 4", "onnxruntime"),
        (_lose_catalogue, "Target faces", "Install mirror-app again", ""),
        (_lose_texture, "Target faces", "no picture for tiger", "Install mirror-app again"),
    ],
)
def test_what_stops_the_mirror_is_a_problem_with_a_cure(
    computer: _Computer, harm: object, subject: str, detail: str, cure: str
) -> None:
    assert callable(harm)
    harm(computer)
    findings = computer.findings()
    assert not is_usable(findings.values())
    assert findings[subject].health is Health.PROBLEM
    assert detail in findings[subject].detail
    assert cure in findings[subject].cure


@pytest.mark.parametrize(
    ("subject", "key", "answer", "detail"),
    [
        ("Cameras", "cameras", Answer((), ""), "no camera"),
        ("Display", "display", Answer((), "No display was found."), "No display was found."),
        ("Display", "display", Answer((), "it crashed (signal 6)"), "signal 6"),
    ],
)
def test_a_missing_camera_or_screen_is_noted_but_stops_nothing(
    computer: _Computer, subject: str, key: str, answer: Answer, detail: str
) -> None:
    computer.answers[key] = answer
    findings = computer.findings()
    assert is_usable(findings.values())
    assert findings[subject].health is Health.NOTE
    assert detail in findings[subject].detail
    assert findings[subject].cure


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_full_disk_is_noted(computer: _Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: _Usage(10, 9, 1))
    assert computer.findings()["Disk"].health is Health.NOTE


def test_an_old_python_is_a_problem(computer: _Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert computer.findings()["Python"].health is Health.PROBLEM


def test_doctor_itself_needs_none_of_the_libraries_it_examines() -> None:
    program = (
        "import sys, mirror_app.tools.doctor; "
        "print([name for name in ('cv2', 'onnxruntime', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr

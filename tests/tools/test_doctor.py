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

from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.child import Answer
from mirror_app.runtime.models import ModelStore
from mirror_app.tools import doctor
from mirror_app.tools.doctor import examine, is_usable
from mirror_app.tools.doctor_models import own_models
from mirror_app.tools.finding import Finding, Health
from tests.twins import zero_cost

MODELS = load_catalogue(assets_dir() / "models" / "catalogue.toml")
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
        self.store = folder / "store"
        self.store.mkdir()
        (self.assets / "models").mkdir(parents=True)
        (self.assets / "targets").mkdir()
        (self.assets / "models" / "a.onnx").write_bytes(b"weights")
        digest = hashlib.sha256(b"weights").hexdigest()
        (self.assets / "models" / "README.md").write_text(f"| `a.onnx` | `{digest}` |\n")
        (self.assets / "targets" / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
        (self.assets / "targets" / "tiger.png").write_bytes(b"x")
        self.answers = {
            "look_at_driver": Answer(("no card",), ""),
            "listed_providers": Answer(("CUDAExecutionProvider", "CPUExecutionProvider"), ""),
            "CPUExecutionProvider": Answer(("CPUExecutionProvider",), ""),
            "CUDAExecutionProvider": Answer(("CPUExecutionProvider",), ""),
            "cameras": Answer(("HD Webcam", "Phone"), ""),
            "display": Answer(("Screen 1920x1080",), ""),
            "pyvirtualcam": Answer((), "ModuleNotFoundError: No module named 'pyvirtualcam'"),
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

    def open_models(self) -> ModelStore:
        return ModelStore(MODELS, self.store)

    def findings(self) -> dict[str, Finding]:
        return {one.subject: one for one in examine(self.assets, self.user, cameras, display, self.open_models)}


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


def test_a_card_that_onnx_runtime_cannot_use_has_its_reason(computer: _Computer) -> None:
    computer.answers["look_at_driver"] = Answer(("card", "RTX 2060", "7.5", str(6 << 30), "12.8"), "")
    computer.answers["cuda_trouble"] = Answer(("libcudnn.so.9: cannot open shared object file",), "")
    findings = computer.findings()
    assert "CUDA 12.8" in findings["NVIDIA card"].detail
    assert "libcudnn.so.9" in findings["CUDAExecutionProvider"].detail
    assert is_usable(findings.values())


def test_a_driver_that_crashed_once_is_not_tried_again(computer: _Computer) -> None:
    computer.answers["look_at_driver"] = Answer((), "it crashed (signal 11)")
    del computer.answers["CUDAExecutionProvider"]
    findings = computer.findings()
    assert "signal 11" in findings["NVIDIA card"].detail
    assert "CUDAExecutionProvider" not in findings
    assert is_usable(findings.values())


def test_plans_and_memory_are_looked_at_where_tensorrt_works(computer: _Computer, tmp_path: Path) -> None:
    card = ("Card", "8.6", str(8 << 30), "13.0")
    computer.answers["look_at_driver"] = Answer(("card", *card), "")
    computer.answers["cuda_trouble"] = Answer(("no cuDNN",), "")
    computer.answers["try_tensorrt"] = Answer((*card, "11.4.0.106"), "")
    computer.answers["free_memory"] = Answer((str(1 << 20),), "")
    for module in ("pycuda.driver", "cuda.bindings.driver", "tensorrt"):
        computer.answers[module] = Answer((), "")
    computer.open_models().import_file(zero_cost("inswapper_128", tmp_path), "inswapper_128")
    findings = computer.findings()
    assert findings["TensorRT"].health is Health.OK
    assert findings["Plans for TensorRT"].health is Health.NOTE
    assert "1 MB are free" in findings["Graphics memory"].detail


def test_doctor_itself_needs_none_of_the_libraries_it_examines() -> None:
    program = (
        "import sys, mirror_app.tools.doctor; "
        "print([name for name in ('cv2', 'onnxruntime', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_no_model_of_the_users_own_is_nothing_to_worry_about(computer: _Computer) -> None:
    assert computer.findings()["Neural models"].health is Health.OK


def test_the_users_models_are_listed_with_their_precisions(computer: _Computer, tmp_path: Path) -> None:
    store = computer.open_models()
    store.import_file(zero_cost("arcface_w600k_r50", tmp_path), "arcface_w600k_r50")
    store.import_file(zero_cost("inswapper_128", tmp_path), "inswapper_128")
    (only,) = own_models(computer.open_models)
    assert (only.health, only.detail) == (Health.OK, "arcface_w600k_r50 (FP32), inswapper_128 (FP32)")


def test_a_model_that_cannot_run_alone_and_a_damaged_one_are_said_with_what_to_do(
    computer: _Computer, tmp_path: Path
) -> None:
    computer.open_models().import_file(zero_cost("inswapper_128", tmp_path), "inswapper_128")
    (computer.store / "xseg_1.fp32.onnx").write_bytes(b"half")
    listed, damaged, lacking = own_models(computer.open_models)
    assert listed.detail == "inswapper_128 (FP32)"
    assert "xseg_1.fp32.onnx is damaged" in damaged.detail
    assert lacking.detail == "inswapper_128 cannot run without arcface_w600k_r50"
    assert "`mirror-app models get inswapper_128`" in lacking.cure
    assert is_usable((listed, damaged, lacking))


def test_what_tells_several_people_apart_is_said(computer: _Computer, tmp_path: Path) -> None:
    assert "by what can be seen of them" in computer.findings()["Several people"].detail
    computer.open_models().import_file(zero_cost("arcface_w600k_r50", tmp_path), "arcface_w600k_r50")
    told = computer.findings()["Several people"]
    assert (told.health, told.detail) == (Health.OK, "told apart by ArcFace w600k R50")


def test_a_catalogue_of_models_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    (only,) = own_models(lambda: ModelStore(load_catalogue(tmp_path / "none.toml"), tmp_path))
    assert only.health is Health.PROBLEM


def test_models_that_no_library_here_can_read_are_noted() -> None:
    def without_libraries() -> ModelStore:
        raise ImportError("onnx")

    (only,) = own_models(without_libraries)
    assert only.health is Health.NOTE

"""Room: tests. What doctor says of the virtual camera's package, driver and device, and what it says to do."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from mirror_app.runtime.child import Answer
from mirror_app.tools.doctor_virtual_camera import virtual_camera_finding
from mirror_app.tools.finding import Finding, Health

LOAD = "sudo modprobe v4l2loopback devices=1 exclusive_caps=1"


class _Child:
    """A child process in which pyvirtualcam works, or answers as a test wants."""

    def __init__(self, package: Answer | None = None, camera: Answer | None = None) -> None:
        self.answers = {"import_module": package or Answer((), ""), "try_camera": camera or Answer((), "not asked")}

    def __call__(self, module: str, function: str, *arguments: str) -> Answer:
        return self.answers[function]


class _Linux:
    """The files by which Linux tells of v4l2loopback."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "dev").mkdir()

    def driver(self) -> None:
        self._write(self.root / "lib/modules" / platform.release() / "updates/dkms/v4l2loopback.ko.xz", "")

    def device(self, name: str, card: str, caps: str = "Y,N,N") -> None:
        self._write(self.root / "sys/devices/virtual/video4linux" / name / "name", card + "\n")
        self._write(self.root / "sys/module/v4l2loopback/parameters/exclusive_caps", caps + "\n")
        self._write(self.root / "dev" / name, "")

    def finding(self) -> Finding:
        return virtual_camera_finding(_Child(), system="Linux", root=self.root)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def linux(tmp_path: Path) -> _Linux:
    return _Linux(tmp_path)


def said(finding: Finding) -> tuple[Health, str, str]:
    return finding.health, finding.detail, finding.cure


def test_nothing_on_the_computer_but_the_package_needs_the_driver(linux: _Linux) -> None:
    health, detail, cure = said(linux.finding())
    assert (health, detail) == (Health.NOTE, "the driver v4l2loopback is not installed")
    assert cure.startswith("Run `sudo apt install v4l2loopback-dkms`, then `sudo modprobe")


def test_a_driver_that_is_not_loaded_is_to_be_loaded(linux: _Linux) -> None:
    linux.driver()
    health, detail, cure = said(linux.finding())
    assert (health, detail) == (Health.NOTE, "the driver v4l2loopback is installed, but makes no device")
    assert LOAD in cure


def test_the_device_with_the_lowest_number_is_named(linux: _Linux) -> None:
    linux.device("video10", "Other")
    linux.device("video2", "Mirror")
    assert said(linux.finding()) == (Health.OK, f"Mirror at {linux.root / 'dev/video2'}", "")


def test_a_device_that_chrome_would_not_list_is_worth_a_note(linux: _Linux) -> None:
    linux.device("video2", "Dummy", caps="N,N,N")
    health, detail, cure = said(linux.finding())
    assert health is Health.NOTE
    assert "Dummy" in detail
    assert cure.startswith("Some programs will not list it. Run `sudo modprobe -r v4l2loopback`, then")


def test_a_device_without_the_right_to_write_names_the_group(linux: _Linux, monkeypatch: pytest.MonkeyPatch) -> None:
    linux.device("video2", "Mirror")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    health, detail, cure = said(linux.finding())
    assert health is Health.NOTE
    assert detail == f"you may not write to {linux.root / 'dev/video2'}"
    assert "usermod -a -G video" in cure


@pytest.mark.parametrize(
    ("trouble", "detail", "cure"),
    [
        ("ModuleNotFoundError: No module named 'pyvirtualcam'", "not installed", "mirror-app[virtual-camera]"),
        ("ModuleNotFoundError: No module named 'numpy'", "not usable on this computer", "No module named 'numpy'"),
        ("ImportError: libstdc++.so.6: cannot open", "not usable on this computer", "libstdc++.so.6"),
        ("it crashed (signal 11)", "not usable on this computer", "signal 11"),
    ],
)
@pytest.mark.parametrize("system", ["Linux", "Windows", "Darwin"])
def test_the_package_comes_first(system: str, trouble: str, detail: str, cure: str, tmp_path: Path) -> None:
    finding = virtual_camera_finding(_Child(Answer((), trouble)), system=system, root=tmp_path)
    assert (finding.health, finding.detail) == (Health.NOTE, detail)
    assert cure in finding.cure


@pytest.mark.parametrize(
    ("system", "camera", "health", "words"),
    [
        ("Windows", Answer(("open", "OBS Virtual Camera"), ""), Health.OK, "OBS Virtual Camera"),
        ("Windows", Answer(("refused", "device not found! Did you install OBS?"), ""), Health.NOTE, "OBS Studio 26"),
        ("Windows", Answer(("refused", "output could not be started"), ""), Health.NOTE, "Another program"),
        ("Darwin", Answer(("refused", "is not installed in your system"), ""), Health.NOTE, "OBS Studio 30"),
        ("Darwin", Answer((), "no answer within 60 s"), Health.NOTE, "no answer within 60 s"),
    ],
)
def test_elsewhere_the_device_is_tried_in_a_child(system: str, camera: Answer, health: Health, words: str) -> None:
    finding = virtual_camera_finding(_Child(camera=camera), system=system)
    assert finding.health is health
    assert words in (finding.detail if health is Health.OK else finding.cure)

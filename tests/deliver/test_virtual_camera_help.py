"""Room: tests. What is said when the virtual camera cannot be used: the system's own words become a deed."""

from __future__ import annotations

import sys

import pytest

from mirror_app.deliver.virtual_camera_help import explain
from mirror_app.deliver.virtual_camera_words import BROKEN, ENDED, LOST, MISSING, REFUSED
from mirror_app.domain.errors import MissingLibraryError, OutputError

# As pyvirtualcam 0.15 says it.
NO_LOOPBACK = (
    "'v4l2loopback' backend: No v4l2 loopback device found at /dev/video[0-99]. Did you run 'modprobe v4l2loopback'?"
    " See also pyvirtualcam's documentation."
)
NO_RIGHT = (
    "'v4l2loopback' backend: Could not access /dev/video0 due to missing permissions. Did you add your user to the"
    " 'video' group? Run 'usermod -a -G video myusername' and log out and in again."
)
BUSY_LOOPBACK = (
    "'v4l2loopback' backend: Virtual camera device /dev/video0 could not be configured: Device or resource busy"
)
NO_UNITY = "'unitycapture' backend: No camera registered. Did you install any camera?"
NO_OBS = f"'obs' backend: OBS Virtual Camera device not found! Did you install OBS? {NO_UNITY}"
BUSY_OBS = f"'obs' backend: virtual camera output could not be started {NO_UNITY}"
NO_EXTENSION = (
    "'obs' backend: OBS Virtual Camera is not installed in your system. Use the Virtual Camera function in OBS 30.0 or"
    " later to trigger the installation and activate the System Extension in System Settings. [Device not found]"
)


@pytest.mark.parametrize(
    ("system", "why", "words"),
    [
        ("Linux", NO_LOOPBACK, 'modprobe v4l2loopback devices=1 exclusive_caps=1 card_label="Mirror"'),
        ("Linux", NO_LOOPBACK, "sudo apt install v4l2loopback-dkms"),
        ("Linux", NO_RIGHT, "usermod -a -G video $USER"),
        ("Linux", BUSY_LOOPBACK, "Another program uses the virtual camera."),
        ("Windows", NO_OBS, "Install OBS Studio 26"),
        ("Windows", NO_OBS, "UnityCapture"),
        ("Windows", BUSY_OBS, "Another program uses the virtual camera."),
        ("Darwin", NO_EXTENSION, "allow its extension in System Settings"),
        ("Darwin", "'obs' backend: Couldn't start stream", "Another program uses the virtual camera."),
        ("Haiku", "No camera registered.", "cannot be opened: No camera registered."),
        ("Linux", "Unsupported image format.", "cannot be opened: Unsupported image format."),
    ],
)
def test_a_refusal_becomes_something_to_do(system: str, why: str, words: str) -> None:
    error = explain(REFUSED, why, system)
    assert isinstance(error, OutputError)
    assert words in str(error)
    assert ".." not in str(error)


def test_this_system_is_meant_when_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Windows")
    assert "OBS Studio 26" in str(explain(REFUSED, NO_OBS))


@pytest.mark.parametrize(
    ("is_frozen", "words"), [(False, "uv sync --extra virtual-camera"), (True, "the clean output window in OBS")]
)
def test_a_missing_package_is_said_otherwise_in_the_packaged_app(
    monkeypatch: pytest.MonkeyPatch, is_frozen: bool, words: str
) -> None:
    monkeypatch.setattr(sys, "frozen", is_frozen, raising=False)
    error = explain(MISSING, "No module named 'pyvirtualcam'")
    assert isinstance(error, MissingLibraryError)
    assert words in str(error)
    assert 'pip install "mirror-app[virtual-camera]"' in str(error)


@pytest.mark.parametrize(
    ("what", "words"),
    [(BROKEN, "--force-reinstall"), (ENDED, "install the driver again"), (LOST, "takes no more pictures: it broke.")],
)
def test_every_other_end_says_why(what: str, words: str) -> None:
    error = explain(what, "it broke")
    assert isinstance(error, OutputError)
    assert words in str(error)
    assert "it broke" in str(error)

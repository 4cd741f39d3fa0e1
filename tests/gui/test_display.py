"""Room: tests. Whether a window can be opened, told before Qt aborts the process."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from mirror_app.domain.errors import MissingLibraryError
from mirror_app.gui import display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux starts without a display")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "No display was found"),
        ({"DISPLAY": ""}, "No display was found"),
        ({"DISPLAY": ":4711"}, "does not answer"),
        ({"DISPLAY": "no such host:0"}, "does not answer"),
    ],
)
def test_no_display_is_a_sentence(environ: Mapping[str, str], words: str) -> None:
    reason = display.no_display_reason(environ)
    assert reason is not None
    assert words in reason


@pytest.mark.parametrize("environ", [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_other_ways_to_show_a_window_are_left_to_qt(environ: Mapping[str, str]) -> None:
    assert display.no_display_reason(environ) is None


def test_a_missing_library_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    message = "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
    monkeypatch.setattr(display, "_load_problem", lambda plugin: message)
    with pytest.raises(MissingLibraryError, match=r"libxcb-cursor.*apt-get install .*libxcb-cursor0"):
        display.check_window_libraries({"DISPLAY": ":0"})


def test_one_working_way_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_load_problem", lambda plugin: "broken" if "wayland" in plugin.name else None)
    display.check_window_libraries({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"})


def test_a_file_that_is_no_library_is_a_problem_and_a_missing_one_is_not(tmp_path: Path) -> None:
    plugin = tmp_path / "libqxcb.so"
    assert display._load_problem(plugin) is None
    plugin.write_bytes(b"not a library")
    assert display._load_problem(plugin)


def test_the_plugins_are_where_we_look() -> None:
    assert (display._plugin_dir() / "libqxcb.so").is_file()

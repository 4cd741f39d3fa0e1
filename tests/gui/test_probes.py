"""Room: tests. What doctor asks about screens and cameras, asked in a child process as doctor does."""

from __future__ import annotations

import sys

import pytest

from mirror_app.gui.probes import probe_cameras, probe_display
from mirror_app.runtime.child import ask_child


def test_a_screen_is_named_with_its_size() -> None:
    answer = ask_child(probe_display)
    assert answer.trouble == ""
    assert all(line.rsplit(" ", 1)[1].count("x") == 1 for line in answer.lines)
    assert answer.lines


@pytest.mark.skipif(sys.platform != "linux", reason="a display can be missing on Linux only")
def test_a_missing_display_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    answer = ask_child(probe_display)
    assert answer.lines == ()
    assert answer.trouble.startswith("No display was found")


def test_cameras_are_listed_without_trouble_even_when_there_is_none() -> None:
    assert ask_child(probe_cameras).trouble == ""

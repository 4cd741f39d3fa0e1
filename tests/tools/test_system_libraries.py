"""Room: tests. The dynamic loader's complaint as a sentence with a cure."""

from __future__ import annotations

import pytest

from mirror_app.tools.system_libraries import explain

TAIL = ": cannot open shared object file: No such file or directory"


@pytest.mark.parametrize(
    ("message", "name", "package"),
    [
        (f"libEGL.so.1{TAIL}", "libEGL.so.1", "libegl1"),
        (f"libpulse.so.0{TAIL}", "libpulse.so.0", "libpulse0"),
        (f"libGL.so.1{TAIL}", "libGL.so.1", "libgl1"),
        (f"libgthread-2.0.so.0{TAIL}", "libgthread-2.0.so.0", "libglib2.0-0"),
        (f"ImportError: libxcb-cursor.so.0{TAIL}", "libxcb-cursor.so.0", "libxcb-cursor0"),
    ],
)
def test_a_missing_library_is_named_with_the_command_that_brings_it(message: str, name: str, package: str) -> None:
    sentence = explain(message)
    assert sentence is not None
    assert sentence.startswith(f"The system library {name} is missing.")
    assert "sudo apt-get install" in sentence
    assert package in sentence


@pytest.mark.parametrize("message", ["", "No module named 'cv2'", "undefined symbol: foo in libbar.so.1"])
def test_any_other_complaint_is_left_alone(message: str) -> None:
    assert explain(message) is None

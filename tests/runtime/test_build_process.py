"""Room: tests. A build in its own process: what goes wrong there becomes a sentence, and it ends when it must."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mirror_app.domain.errors import MissingLibraryError, ModelError
from mirror_app.runtime.build_process import build_in_child, look_around
from mirror_app.runtime.cuda_card import graphics_card
from mirror_app.runtime.trt_library import open_library
from tests.runtime.real_builder import needs_builder, order
from tests.twins import architecture


def no_progress(share: float) -> None:
    """Listen to nothing."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every child that is started."""
    children: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        children.append(real(*given, **named))
        return children[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return children


@pytest.mark.skipif(graphics_card() is not None, reason="there is a card")
def test_without_a_card_the_sentence_says_so() -> None:
    with pytest.raises(MissingLibraryError, match="No NVIDIA graphics card was found"):
        look_around()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, r"TensorRT is not installed. Install it with `pip install"),
        (
            "raise ImportError('libnvinfer.so.11: cannot open shared object file')",
            r"cannot be loaded.*libnvinfer.so.11",
        ),
        ("import no_such_part_of_it", r"cannot be loaded.*no_such_part_of_it"),
        ("__version__ = '11.4'", "cannot be loaded.*ILogger"),
    ],
)
def test_a_library_that_is_missing_or_broken_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, why: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tensorrt_of_this_test", raising=False)
    if content is not None:
        (tmp_path / "tensorrt_of_this_test.py").write_text(content)
    with pytest.raises(MissingLibraryError, match=why):
        open_library("tensorrt_of_this_test")


@needs_builder
def test_a_child_builds_and_tells_how_far_it_is(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    wanted = order("crossface_ghost", architecture("crossface_ghost", tmp_path, 1 / 64), tmp_path / "work")
    shares: list[float] = []
    assert build_in_child(wanted, shares.append) == 1
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert started[0].returncode == 0


@needs_builder
def test_a_packaged_app_builds_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its program takes the words after it as `python -m mirror_app` does, and knows no `-c` and no `-m`."""
    program = tmp_path / "mirror-app"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mirror_app "$@"\n')
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "stderr", None)
    wanted = order("crossface_ghost", architecture("crossface_ghost", tmp_path, 1 / 64), tmp_path / "work")
    assert build_in_child(wanted, no_progress) == 1
    assert capfd.readouterr().err == ""


@needs_builder
def test_what_the_child_raises_is_raised_here(tmp_path: Path) -> None:
    wrong = architecture("crossface_ghost", tmp_path, 1 / 64)
    with pytest.raises(ModelError, match="does not fit its recipe") as caught:
        build_in_child(order("arcface_w600k_r50", wrong, tmp_path / "work"), no_progress)
    assert caught.value.sentence.template.startswith("The network {name} does not fit")


@needs_builder
@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_the_child_ends_when_nobody_wants_it_any_more(
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    stop: type[BaseException],
    capfd: pytest.CaptureFixture[str],
) -> None:
    def tell(share: float) -> None:
        raise stop

    wanted = order("inswapper_128", architecture("inswapper_128", tmp_path, 1 / 64), tmp_path / "work")
    with pytest.raises(stop):
        build_in_child(wanted, tell)
    assert started[0].poll() in (0, -signal.SIGKILL)
    assert capfd.readouterr().err == ""
    assert not list(wanted.work.glob("plan"))


@needs_builder
def test_a_child_that_crashes_is_a_sentence(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    def tell(share: float) -> None:
        os.kill(started[0].pid, signal.SIGKILL)
        time.sleep(0.1)

    wanted = order("inswapper_128", architecture("inswapper_128", tmp_path, 1 / 64), tmp_path / "work")
    with pytest.raises(ModelError, match=r"ended the process in which it worked: it crashed \(signal 9\)"):
        build_in_child(wanted, tell)

"""Room: tests. The whole app in a process of its own: window, demo camera and mirror together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders are led astray by XDG variables")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """No screen, and no files of the person who runs the tests."""
    home = {f"XDG_{name}": str(tmp_path / name) for name in ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "PICTURES_DIR")}
    return {**os.environ, **home, "QT_QPA_PLATFORM": "offscreen"}


def test_the_window_mirrors_the_demo_and_reports(environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "mirror_app", "run", "--seconds", "6", "--json"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert report["states"]["live"] > 0
    assert report["in_order"] is True
    assert report["size"] == "1280x720"
    assert report["first_swapped_paint_ms"] > 0
    assert (Path(environ["XDG_CONFIG_HOME"]) / "mirror-app" / "settings.toml").is_file()


def test_ctrl_c_closes_the_window_quietly(environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "mirror_app", "run"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    settings = Path(environ["XDG_CONFIG_HOME"]) / "mirror-app"
    deadline_s = time.monotonic() + 60
    while not settings.exists() and time.monotonic() < deadline_s:  # made when the window is being built
        time.sleep(0.05)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors

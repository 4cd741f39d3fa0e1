"""Room: tests. `mirror-app erase` asks, and then deletes what the app kept."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from mirror_app.cli import main
from mirror_app.domain.errors import NotRunningError
from mirror_app.resources import settings_path


def nobody_listens(names: Iterable[str], request: object) -> dict[str, object]:
    """Instead of a look for open windows, which would make an application that is in the way of other tests."""
    raise NotRunningError("No window is open.")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    path = settings_path()
    path.write_text('target = "tiger"')
    monkeypatch.setattr("mirror_app.gui.control.client.ask", nobody_listens)
    return path


class Person(io.StringIO):
    """Somebody at the keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "stays"), [("yes\n", False), ("y\n", False), ("no\n", True), ("\n", True)])
def test_it_asks_first(kept: Path, monkeypatch: pytest.MonkeyPatch, answer: str, stays: bool) -> None:
    monkeypatch.setattr("sys.stdin", Person(answer))
    assert main(["erase"]) == 0
    assert kept.exists() == stays


def test_without_anybody_to_ask_it_deletes_nothing_unless_told(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main(["erase"]) == 3
    assert kept.exists()
    assert main(["erase", "--yes"]) == 0
    assert not kept.parent.exists()


def test_beside_an_open_window_nothing_is_deleted(
    kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mirror_app.gui.control.client.ask", lambda names, request: {"state": "live"})
    assert main(["erase", "--yes"]) == 3
    assert "Close it first" in capsys.readouterr().err
    assert kept.exists()


def test_a_second_time_there_is_nothing(
    kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["erase", "--yes"])
    assert main(["erase"]) == 0
    assert "Nothing is kept" in capsys.readouterr().out

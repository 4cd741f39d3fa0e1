"""Room: tests. The commands to the open window: what is asked, what is said, and which exit code comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from mirror_app.cli import main
from mirror_app.domain.errors import NotRunningError, UnknownTargetError

STATUS: dict[str, object] = {
    "state": "live",
    "reason": "",
    "covered": False,
    "swap": True,
    "face": "anna",
    "face_title": "Anna",
    "fps": 29.9,
    "delay_ms": 41.3,
    "camera": "Front",
    "engine": "mesh",
    "device": "CPU",
    "live": True,
    "outputs": ["window", "stream"],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, object]]:
    """What was asked of a window that answers everything with STATUS."""
    requests: list[Mapping[str, object]] = []

    def ask(names: object, request: Mapping[str, object], *, all_windows: bool) -> dict[str, object]:
        assert all_windows == (request["do"] in ("panic", "release"))
        requests.append(request)
        return {**STATUS, "swap": request.get("swap", True)}

    monkeypatch.setattr("mirror_app.gui.control.client.ask", ask)
    return requests


@pytest.mark.parametrize(
    ("words", "request_", "said"),
    [
        (["panic"], {"do": "panic"}, "Everything is covered. `mirror-app release` takes the cover back."),
        (["release"], {"do": "release"}, "The cover is taken back."),
        (["face", "anna"], {"do": "face", "face": "anna"}, "Anna is worn from now on."),
        (["face", "next"], {"do": "face", "face": "next"}, "Anna is worn from now on."),
        (["swap", "on"], {"do": "swap", "swap": True}, "The swap is on."),
        (["swap", "off"], {"do": "swap", "swap": False}, "The swap is off: the window shows the real face"),
    ],
)
def test_a_command_asks_the_window_and_says_what_came_of_it(
    asked: list[Mapping[str, object]],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    request_: dict[str, object],
    said: str,
) -> None:
    assert main(words) == 0
    assert asked == [request_]
    out, err = capsys.readouterr()
    assert out.startswith(said)
    assert (out.count("\n"), err) == (1, "")


def test_the_status_is_a_table(asked: list[Mapping[str, object]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "State        live: the swapped picture",
        "Others see   the mirror (live); outputs: window, stream",
        "Target face  Anna",
        "Pictures     29.9 per second, 41.3 ms",
        "Camera       Front",
        "Engine       mesh on CPU",
    ]


def test_the_status_is_json_too(asked: list[Mapping[str, object]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == STATUS


@pytest.mark.parametrize(
    "error", [NotRunningError("No window is open."), UnknownTargetError("There is no face {x}.")], ids=repr
)
def test_a_refusal_is_one_sentence_and_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: NotRunningError
) -> None:
    def ask(names: object, request: Mapping[str, object], *, all_windows: bool) -> dict[str, object]:
        raise error

    monkeypatch.setattr("mirror_app.gui.control.client.ask", ask)
    assert main(["panic"]) == error.exit_code
    assert capsys.readouterr() == ("", f"mirror-app: {error}\n")


@pytest.mark.parametrize("words", [["face"], ["swap"], ["swap", "maybe"], ["panic", "now"], ["status", "--xml"]])
def test_half_a_command_is_a_wrong_command_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("mirror-app: ")

"""Room: tests. `mirror-app models check` says of every step whether it passed, and ends with the code of it all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from mirror_app.cli import main, models_check
from mirror_app.domain.sentence import Sentence
from mirror_app.tools.models.rows import CheckedStage

_GOOD = CheckedStage(Sentence("loads"), True, "CPU")
_BAD = CheckedStage(Sentence("output"), False, Sentence("{count} numbers are not finite.", count=3))


def _finds(*stages: CheckedStage) -> Callable[[object, str], Iterator[CheckedStage]]:
    return lambda _store, _name: iter(stages)


@pytest.mark.parametrize(
    ("stages", "code", "last"),
    [((_GOOD,), 0, "xseg_1 is right."), ((_GOOD, _BAD), 9, "xseg_1 is not right.")],
)
def test_every_step_has_a_line_and_one_bad_step_is_enough(
    stages: tuple[CheckedStage, ...],
    code: int,
    last: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(models_check, "check_model", _finds(*stages))
    assert main(["models", "check", "xseg_1"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[:1]] == [["PASS", "loads", "CPU"]]
    assert [line[:4] for line in lines[:-1]] == ["PASS" if stage.passed else "FAIL" for stage in stages]
    assert lines[-1] == last


def test_programs_get_the_steps_as_a_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(models_check, "check_model", _finds(_GOOD, _BAD))
    assert main(["models", "check", "xseg_1", "--json"]) == 9
    table = json.loads(capsys.readouterr().out)
    assert table["passed"] is False
    assert table["stages"][1] == {"name": "output", "passed": False, "detail": "3 numbers are not finite."}


def test_a_model_that_is_not_there_cannot_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "check", "xseg_1"]) == 9
    assert "not installed" in capsys.readouterr().err

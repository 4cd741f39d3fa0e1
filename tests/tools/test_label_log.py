"""Room: tests. The log of pictures without the mark: what it holds, for whom, and for how long."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mirror_app.domain.errors import OutputError
from mirror_app.tools.label_log import KEPT_FOR, Reason, note_unlabelled, read_unlabelled

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def note(path: Path, moment: datetime, reason: Reason = Reason.PLATFORM) -> None:
    note_unlabelled(path, reason, "zh_CN", "the duty", moment)


def test_entries_come_back_in_order_and_are_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "log" / "unlabelled.jsonl"
    note(path, NOW - timedelta(days=3))
    note(path, NOW, Reason.OWN_USE)
    first, second = read_unlabelled(path, NOW)
    assert (first.reason, second.reason) == ("platform", "own-use")
    assert second.time == "2026-11-22T12:00:00+00:00"
    assert second.language == "zh_CN"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(("age_days", "is_kept"), [(0, True), (183, True), (364, True), (366, False)])
def test_the_law_asks_for_six_months_and_after_a_year_entries_go(tmp_path: Path, age_days: int, is_kept: bool) -> None:
    path = tmp_path / "unlabelled.jsonl"
    note(path, NOW - timedelta(days=age_days))
    assert bool(read_unlabelled(path, NOW)) == is_kept
    assert bool(path.read_text()) == is_kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert timedelta(days=184) < KEPT_FOR


def test_a_new_entry_deletes_what_is_too_old(tmp_path: Path) -> None:
    path = tmp_path / "unlabelled.jsonl"
    note(path, NOW - timedelta(days=400))
    note(path, NOW)
    assert len(path.read_text().splitlines()) == 1


@pytest.mark.parametrize("line", ["", "no json", "[]", "{}", '{"time": 3}', '{"time": "2026-01-01T00:00:00"}'])
def test_damaged_lines_harm_nothing_and_stay(tmp_path: Path, line: str) -> None:
    path = tmp_path / "unlabelled.jsonl"
    path.write_text(f"{line}\n")
    note(path, NOW - timedelta(days=400))
    note(path, NOW)
    assert [entry.time for entry in read_unlabelled(path, NOW)] == [NOW.isoformat()]
    assert path.read_text().splitlines()[0] == line


def test_a_time_without_a_zone_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "unlabelled.jsonl"
    note(path, NOW)
    entry = json.loads(path.read_text()) | {"time": "2026-11-22T12:00:00"}
    path.write_text(json.dumps(entry))
    assert read_unlabelled(path, NOW) == []


def test_no_log_means_no_entries(tmp_path: Path) -> None:
    assert read_unlabelled(tmp_path / "none", NOW) == []


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="was not written"):
        note(tmp_path / "file" / "log.jsonl", NOW)

"""Room: tests. The record of a batch: what is done stays done, whatever happens to the process."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.domain.errors import OutputError
from mirror_app.pipeline.batch_inputs import FoundFile
from mirror_app.pipeline.batch_record import RECORD_NAME, BatchItem, BatchRecord, ItemState, read_record

STATES = st.sampled_from(ItemState)
_TABLE = {
    "source": "/a", "folder": "", "worn": "", "size": 1, "changed_ns": 0, "output": "", "sentence": "", "state": "done"
}  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "片 段.mov"
    path.parent.mkdir()
    path.write_bytes(b"1234")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "输 出"


def _finish(out: Path, source: Path, worn: str = "a") -> BatchItem:
    """Have a file done in a record."""
    with BatchRecord(out) as record:
        (item,) = record.plan([FoundFile(source)], worn)
        name = record.name_output(item, ".mp4")
        (out / name).write_bytes(b"result")
        done = replace(item, state=ItemState.DONE, output=name)
        record.save([done])
    return done


def _planned(out: Path, source: Path, worn: str = "a", *, again: bool = False) -> BatchItem:
    with BatchRecord(out) as record:
        return record.plan([FoundFile(source)], worn, again=again)[0]


def test_what_is_done_stays_done(out: Path, source: Path) -> None:
    done = _finish(out, source)
    assert done.output == "片 段.mp4"
    assert _planned(out, source) == done


@pytest.mark.parametrize("why", ["again", "input changed", "output gone", "worn differently"])
def test_what_is_done_is_done_again_when_there_is_a_reason(out: Path, source: Path, why: str) -> None:
    done = _finish(out, source)
    if why == "input changed":
        source.write_bytes(b"12345")
    if why == "output gone":
        (out / done.output).unlink()
    item = _planned(out, source, "b" if why == "worn differently" else "a", again=why == "again")
    assert item.state is ItemState.WAITING
    assert item.output == ("" if why == "worn differently" else done.output), "its own result is replaced"


@pytest.mark.parametrize("state", [ItemState.WAITING, ItemState.WORKING, ItemState.FAILED, ItemState.LEFT_OUT])
def test_what_is_not_done_waits(out: Path, source: Path, state: ItemState) -> None:
    with BatchRecord(out) as record:
        record.save([replace(record.plan([FoundFile(source)], "a")[0], state=state)])
    assert _planned(out, source).state is ItemState.WAITING


def test_a_source_that_is_gone_is_still_planned(out: Path, source: Path) -> None:
    source.unlink()
    assert _planned(out, source).size == 0


@given(cut=st.integers(0, 2000), states=st.lists(STATES, min_size=1, max_size=5))
def test_a_record_cut_off_anywhere_keeps_its_whole_lines_and_takes_new_ones(
    tmp_path_factory: pytest.TempPathFactory, cut: int, states: list[ItemState]
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    items = [BatchItem(f"/{number}.mp4", "", "a", 1, 2, state) for number, state in enumerate(states)]
    with BatchRecord(folder) as record:
        for item in items:
            record.save([item])
    path = folder / RECORD_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    ends = [len(b"".join(whole.splitlines(keepends=True)[: number + 1])) for number in range(len(items))]
    left = [item for item, end in zip(items, ends, strict=True) if end - 1 <= cut]
    new = BatchItem("/new.mp4", "", "a", 1, 2)
    with BatchRecord(folder) as record:
        assert record.items == left
        record.save([new])
    assert read_record(folder) == [*left, new]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        '{"state": "unknown"}',
        "\xff\xfe",
        json.dumps(_TABLE | {"size": "1"}),
        json.dumps(_TABLE | {"output": "../../etc/x"}),
        json.dumps(_TABLE | {"output": "/etc/x"}),
        json.dumps(_TABLE | {"more": 1}),
        json.dumps(_TABLE | {"source": "\ud800"}),
        "[" * 100_000,
    ],
    ids=lambda line: repr(line[:40]),
)
def test_a_line_that_makes_no_sense_is_passed_over(out: Path, line: str) -> None:
    out.mkdir()
    (out / RECORD_NAME).write_text(f"{line}\n", "latin-1")
    with BatchRecord(out) as record:
        assert record.items == []


def test_two_batches_do_not_write_into_one_folder(out: Path) -> None:
    with BatchRecord(out), pytest.raises(OutputError, match="Another batch already writes into"):
        BatchRecord(out)
    BatchRecord(out).close()


def test_what_a_crash_left_in_work_is_thrown_away(out: Path) -> None:
    record = BatchRecord(out)
    record.work_dir.mkdir()
    (record.work_dir / "half.mp4").write_bytes(b"half")
    record._file.close()
    with BatchRecord(out) as record:
        assert not record.work_dir.exists()


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ([], "片 段.mp4"),
        (["片 段.mp4"], "片 段 (2).mp4"),
        (["片 段.mp4", "片 段 (2).mp4"], "片 段 (3).mp4"),
    ],
)
def test_nothing_that_is_there_is_replaced(out: Path, source: Path, taken: list[str], name: str) -> None:
    out.mkdir()
    for other in taken:
        (out / other).write_bytes(b"somebody's")
    with BatchRecord(out) as record:
        (item,) = record.plan([FoundFile(source)], "a")
        assert record.name_output(item, ".mp4") == name


@pytest.mark.parametrize("stem", ["长" * 84, "x" * 251, "é" * 125])
def test_a_very_long_name_is_shortened_to_what_the_disk_takes(out: Path, source: Path, stem: str) -> None:
    long = source.with_name(f"{stem}.ts")
    long.write_bytes(b"x")
    with BatchRecord(out) as record:
        (item,) = record.plan([FoundFile(long)], "a")
        name = record.name_output(item, ".mp4")
    (out / name).write_bytes(b"x")
    assert name.endswith(".mp4")
    assert stem.startswith(name.removesuffix(".mp4"))


def test_a_full_disk_is_a_sentence(out: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with BatchRecord(out) as record:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(OutputError, match="the disk is full"):
            record.plan([FoundFile(source)], "a")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_a_sentence(out: Path) -> None:
    out.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="may not be written to"):
        BatchRecord(out)


def test_a_file_in_place_of_the_folder_is_a_sentence(out: Path) -> None:
    out.write_bytes(b"x")
    with pytest.raises(OutputError, match="was not written"):
        BatchRecord(out)

"""Room: tests. Deleted faces: whole in the trash for seven days, then gone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mirror_app.domain.errors import InputError, OutputError
from mirror_app.targets.trash import KEEP_DAYS, Trash


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(tmp_path / "trash")


def make_face(tmp_path: Path, name: str) -> Path:
    face = tmp_path / "faces" / name
    face.mkdir(parents=True)
    (face / "photo.png").write_bytes(name.encode())
    return face


def age(trash: Trash, ticket: str, days: float) -> None:
    """Make it look as if a face had been deleted so many days ago."""
    entry = trash._folder / ticket
    entry.rename(entry.with_name(f"{int((time.time() - days * 86400) * 1000)}-0000"))


def test_a_deleted_face_is_whole_in_the_trash_and_comes_back(trash: Trash, tmp_path: Path) -> None:
    face = make_face(tmp_path, "奶奶")
    ticket = trash.put(face)
    assert not face.exists()
    (kept,) = trash.faces()
    assert (kept.ticket, kept.name) == (ticket, "奶奶")
    assert abs(kept.kept_until - datetime.now(UTC) - timedelta(days=KEEP_DAYS)) < timedelta(minutes=1)
    trash.take_back(ticket, face)
    assert (face / "photo.png").read_bytes() == "奶奶".encode()
    assert list((tmp_path / "trash").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_can_look_into_the_trash(trash: Trash, tmp_path: Path) -> None:
    ticket = trash.put(make_face(tmp_path, "me"))
    for folder in (tmp_path / "trash", tmp_path / "trash" / ticket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_face_deleted_last_comes_first(trash: Trash, tmp_path: Path) -> None:
    age(trash, trash.put(make_face(tmp_path, "old")), 2)
    trash.put(make_face(tmp_path, "new"))
    assert [face.name for face in trash.faces()] == ["new", "old"]


@pytest.mark.parametrize(("days", "is_kept"), [(6.9, True), (7.1, False)])
def test_faces_are_kept_for_seven_days(trash: Trash, tmp_path: Path, days: float, is_kept: bool) -> None:
    age(trash, trash.put(make_face(tmp_path, "me")), days)
    trash.empty(older_than_days=KEEP_DAYS)
    assert bool(trash.faces()) is is_kept
    assert bool(list((tmp_path / "trash").iterdir())) is is_kept


def test_emptying_deletes_all_faces_and_leaves_alone_what_is_not_its_own(trash: Trash, tmp_path: Path) -> None:
    for name in ("a", "b"):
        trash.put(make_face(tmp_path, name))
    (tmp_path / "trash" / "notes").mkdir()
    assert trash.empty() == 2
    assert trash.empty() == 0
    assert [entry.name for entry in (tmp_path / "trash").iterdir()] == ["notes"]


def test_a_trash_that_was_never_used_is_empty(trash: Trash, tmp_path: Path) -> None:
    assert trash.faces() == []
    assert trash.empty() == 0
    assert not (tmp_path / "trash").exists()


def test_a_deletion_that_was_killed_before_the_move_shows_nothing(trash: Trash, tmp_path: Path) -> None:
    (tmp_path / "trash" / "1-0000").mkdir(parents=True)
    assert trash.faces() == []
    with pytest.raises(InputError, match="no longer in the trash"):
        trash.find("1-0000")
    assert trash.empty(older_than_days=KEEP_DAYS) == 0
    assert list((tmp_path / "trash").iterdir()) == []


@pytest.mark.parametrize("ticket", ["1-gone", "", "nonsense"])
def test_what_is_gone_is_said_in_one_sentence(trash: Trash, tmp_path: Path, ticket: str) -> None:
    with pytest.raises(InputError, match="no longer in the trash"):
        trash.take_back(ticket, tmp_path / "place")


def test_a_face_that_cannot_be_moved_stays_and_leaves_nothing_behind(trash: Trash, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be deleted: No such file"):
        trash.put(tmp_path / "not there")
    assert list((tmp_path / "trash").iterdir()) == []


def test_an_emptying_that_was_killed_shows_no_half_face_and_is_finished_later(trash: Trash, tmp_path: Path) -> None:
    trash.put(make_face(tmp_path, "me"))
    program = f"""
import os, shutil, signal
from pathlib import Path
from mirror_app.targets.trash import Trash
shutil.rmtree = lambda path: os.kill(os.getpid(), signal.SIGKILL)
Trash(Path({str(tmp_path / "trash")!r})).empty()
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode != 0
    assert trash.faces() == []
    assert len(list((tmp_path / "trash").iterdir())) == 1
    trash.empty(older_than_days=KEEP_DAYS)
    assert list((tmp_path / "trash").iterdir()) == []

"""Room: tests. What is kept is told, and all of it can be erased, but nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror_app import resources
from mirror_app.domain.errors import OutputError
from mirror_app.tools.stored import erase, kept


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable, name in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("HOME", "home")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    return tmp_path


def fill(home: Path) -> None:
    resources.settings_path().write_text("x" * 2048)
    face = resources.user_targets_dir() / "某人"
    face.mkdir()
    (face / "photo.png").write_bytes(b"1234")


def test_a_new_computer_keeps_nothing(home: Path) -> None:
    assert kept() == []
    assert erase() == []


def test_what_is_kept_is_told_with_its_size(home: Path) -> None:
    fill(home)
    assert {(one.folder.parent.name, one.files, one.size_bytes) for one in kept()} == {
        ("config", 1, 2048),
        ("data", 1, 4),
    }


def test_all_of_it_is_erased_and_the_rest_stays(home: Path) -> None:
    fill(home)
    neighbour = home / "config" / "other-app" / "settings.toml"
    neighbour.parent.mkdir()
    neighbour.write_text("stays")
    screenshot = home / "home" / "shot.png"
    screenshot.write_text("stays")
    outside = home / "outside"
    outside.mkdir()
    (outside / "file").write_text("stays")
    (resources.user_targets_dir() / "link").symlink_to(outside)
    assert len(erase()) == 2
    assert kept() == []
    assert all(path.exists() for path in (neighbour, screenshot, outside / "file"))


def test_a_folder_that_stays_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home)

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("mirror_app.tools.stored.shutil.rmtree", refuse)
    with pytest.raises(OutputError, match=r"cannot be deleted: Permission denied\. Delete it yourself"):
        erase()

"""Room: tests. Where files live, also where nothing can be kept."""

from __future__ import annotations

import stat
from pathlib import Path

import platformdirs
import pytest

from mirror_app import resources
from mirror_app.domain.errors import OutputError
from mirror_app.settings import Settings, load_settings, save_settings


def test_the_users_own_folders_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_args, **_named: str(tmp_path / "new" / "data"))
    for folder in (resources.user_targets_dir(), resources.models_dir(), resources.engines_dir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_home_that_can_be_written_to_there_are_defaults_and_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.write_text("a file, where nobody can make a folder")
    for name in ("user_config_dir", "user_data_dir"):
        monkeypatch.setattr(platformdirs, name, lambda *_args, **_named: str(home / "mirror-app"))
    assert load_settings() == Settings()
    assert not resources.user_targets_dir().exists()
    assert not resources.presets_path().exists()
    with pytest.raises(OutputError, match="was not written"):
        save_settings(Settings())

"""Room: tests. What is remembered between two starts, and what becomes of a damaged file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirror_app.domain.assignment import Glasses, Joining
from mirror_app.domain.errors import InputError
from mirror_app.settings import GLASSES, JOININGS, Settings, damaged_path, load_settings, save_settings


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setattr("mirror_app.settings.settings_path", lambda: path)
    return path


def test_without_a_file_the_defaults_are_used(path: Path) -> None:
    assert load_settings() == Settings()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    saved=st.builds(
        Settings,
        target=st.text(),
        camera_id=st.text(),
        camera_modes=st.dictionaries(st.text(), st.sampled_from(["1280x720@30", "640x480@60"])),
        flip_preview=st.booleans(),
        likeness=st.floats(0, 1),
        joining=st.sampled_from(JOININGS),
        glasses=st.sampled_from(GLASSES),
        keys=st.dictionaries(st.text(), st.text()),
        favourites=st.lists(st.text(), max_size=3).map(tuple),
        recent=st.lists(st.text(), max_size=3).map(tuple),
    )
)
def test_what_is_saved_is_loaded_again(path: Path, saved: Settings) -> None:
    save_settings(saved)
    assert load_settings() == saved


@pytest.mark.parametrize(
    "text",
    [
        b"target = ",
        b"\xff\xfe\x00not text",
        b"likeness = 7.0",
        b"likeness = nan",
        b"likeness = 'much'",
        b"likeness = true",
        b"flip_preview = 1",
        b"target = 5",
        b"joining = 'glue'",
        b"joining = ['alpha']",
        b"glasses = true",
        b"keys = 5",
        b"[keys]\nswap = 5",
        b"favourites = 'mona-lisa'",
        b"favourites = [7]",
        b"recent = true",
        b"likeness = " + b"9" * 400,
        b"likeness = " + b"9" * 5000,
        b"holograms = " + b"[" * 5000,
        b"camera_modes = '1280x720@30'",
        b"[camera_modes]\n'/dev/video0' = 'large'",
        b"[camera_modes]\n'/dev/video0' = '0x720@30'",
        b"[camera_modes]\n'/dev/video0' = 1280",
    ],
)
def test_a_damaged_file_is_moved_aside_and_the_defaults_are_used(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    assert load_settings() == Settings()
    assert not path.exists()
    assert damaged_path(path).read_bytes() == text


def test_the_words_of_the_settings_are_those_of_the_domain() -> None:
    assert tuple(each.value for each in Joining) == JOININGS
    assert tuple(each.value for each in Glasses) == GLASSES


def test_keys_of_a_newer_version_are_left_alone(path: Path) -> None:
    path.write_text('target = "mona-lisa"\nholograms = true\n')
    assert load_settings().target == "mona-lisa"
    assert path.exists()


def test_a_file_saved_by_an_editor_that_marks_utf8_is_read(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbftarget = "mona-lisa"\n')
    assert load_settings().target == "mona-lisa"


@pytest.mark.parametrize(
    "wrong",
    [{"likeness": -0.1}, {"likeness": 1.1}, {"likeness": math.inf}, {"likeness": "1"}, {"target": None}],
)
def test_a_setting_out_of_its_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Settings(**wrong)

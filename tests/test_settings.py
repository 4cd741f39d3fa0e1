"""Room: tests. What is remembered between two starts, and what becomes of a damaged file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirror_app.domain.assignment import Glasses, Joining, LivePart
from mirror_app.domain.errors import InputError
from mirror_app.settings import (
    DEVICES,
    GLASSES,
    JOININGS,
    LIVE_PARTS,
    Settings,
    damaged_path,
    load_settings,
    save_settings,
)


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
        kept=st.lists(st.sampled_from(LIVE_PARTS), max_size=2).map(tuple),
        engine=st.text(),
        detector=st.text(),
        devices=st.dictionaries(st.text(), st.sampled_from(DEVICES)),
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
        b"likeness = " + b"9" * 5000,
        b"holograms = " + b"[" * 5000,
    ],
)
def test_a_file_that_cannot_be_read_is_moved_aside_and_the_defaults_are_used(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    assert load_settings() == Settings()
    assert not path.exists()
    assert damaged_path(path).read_bytes() == text


@pytest.mark.parametrize(
    "text",
    [
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
        b"engine = 5",
        b"detector = ['auto']",
        b"kept = 'eyes'",
        b"kept = ['nose']",
        b"devices = 'gpu'",
        b"[devices]\nswapper = 'fridge'",
        b"camera_modes = '1280x720@30'",
        b"[camera_modes]\n'/dev/video0' = 'large'",
        b"[camera_modes]\n'/dev/video0' = '0x720@30'",
        b"[camera_modes]\n'/dev/video0' = 1280",
    ],
)
def test_a_value_that_cannot_be_used_is_reset_alone_and_kept_beside(path: Path, text: bytes) -> None:
    text = b"welcomed = true\n" + text
    path.write_bytes(text)
    assert load_settings() == Settings(welcomed=True)
    assert damaged_path(path).read_bytes() == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("kept = ['eyes', 'nose', 'mouth']", Settings(kept=("eyes", "mouth"))),
        ("favourites = ['tiger', 7]", Settings(favourites=("tiger",))),
        ("[devices]\nswapper = 'gpu'\ndetector = 'fridge'", Settings(devices={"swapper": "gpu"})),
        ("[camera_modes]\na = '1280x720@30'\nb = 'large'", Settings(camera_modes={"a": "1280x720@30"})),
    ],
)
def test_of_a_list_only_the_wrong_entries_are_left_out(path: Path, text: str, left: Settings) -> None:
    path.write_text(text)
    assert load_settings() == left
    assert damaged_path(path).read_text() == text


def test_a_model_that_nobody_knows_is_remembered_all_the_same(path: Path) -> None:
    path.write_text('engine = "model_of_next_year"\n[devices]\nrole_of_next_year = "cpu"\n')
    settings = load_settings()
    assert (settings.engine, settings.devices) == ("model_of_next_year", {"role_of_next_year": "cpu"})
    assert not damaged_path(path).exists()


def test_the_words_of_the_settings_are_those_of_the_domain() -> None:
    assert tuple(each.value for each in Joining) == JOININGS
    assert tuple(each.value for each in Glasses) == GLASSES
    assert tuple(each.value for each in LivePart) == LIVE_PARTS


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

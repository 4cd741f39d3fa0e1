"""Room: tests. Presets: kept whole, replaced by name, never more than twenty, and a damaged file moved aside."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mirror_app.domain.errors import InputError
from mirror_app.settings import GLASSES, JOININGS
from mirror_app.targets.presets import (
    MOST_PRESETS,
    NAME_CHARS,
    Preset,
    load_presets,
    save_presets,
    tidy_name,
    with_preset,
)

NAMES = st.text(max_size=60).map(tidy_name).filter(bool)
PRESETS = st.builds(
    Preset,
    name=NAMES,
    target=st.text(max_size=30),
    likeness=st.floats(0, 1),
    joining=st.sampled_from(JOININGS),
    glasses=st.sampled_from(GLASSES),
    kept=st.sampled_from([(), ("eyes",), ("eyes", "mouth")]),
    flip_preview=st.booleans(),
)


def collected(presets: list[Preset]) -> tuple[Preset, ...]:
    kept: tuple[Preset, ...] = ()
    for preset in presets:
        kept = with_preset(kept, preset)
    return kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(presets=st.lists(PRESETS, max_size=6))
def test_what_is_saved_is_loaded_again(tmp_path: Path, presets: list[Preset]) -> None:
    kept = collected(presets)
    save_presets(tmp_path / "presets.toml", kept)
    assert load_presets(tmp_path / "presets.toml") == kept


def test_a_preset_knows_nothing_of_watermark_and_consent() -> None:
    words = {field.name for field in fields(Preset)}
    assert words == {"name", "target", "likeness", "joining", "glasses", "kept", "flip_preview"}


def test_a_preset_of_the_same_name_is_replaced_in_its_place() -> None:
    kept = collected([Preset("直播", "a"), Preset("Call", "b"), Preset("ＣＡＬＬ", "c")])
    assert [(one.name, one.target) for one in kept] == [("直播", "a"), ("ＣＡＬＬ", "c")]


def test_there_are_twenty_presets_at_most() -> None:
    full = collected([Preset(f"preset {number}", "a") for number in range(MOST_PRESETS)])
    with pytest.raises(InputError, match="20 presets already"):
        with_preset(full, Preset("one more", "a"))
    assert len(with_preset(full, Preset("preset 3", "b"))) == MOST_PRESETS


@pytest.mark.parametrize(
    ("text", "name"),
    [("  Evening\n call ", "Evening call"), ("会议", "会议"), ("\t \n", ""), ("x" * 50, "x" * NAME_CHARS)],
)
def test_a_name_is_one_short_line(text: str, name: str) -> None:
    assert tidy_name(text) == name


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": " a"}, {"name": "a\nb"}, {"name": "x" * 41}, {"name": 7}, {"target": 7},
        {"likeness": 1.5}, {"likeness": "much"}, {"joining": "glue"}, {"glasses": ""}, {"kept": ("nose",)},
        {"flip_preview": 1},
    ],
)  # fmt: skip
def test_a_preset_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Preset(**{"name": "a", "target": "b", **wrong})


@pytest.mark.parametrize(
    "text",
    [
        b"preset = ",
        b"\xff\xfe\x00",
        b"preset = 7",
        b"preset = ['a']",
        b"[[preset]]\nname = 'a'",
        b"[[preset]]\nname = ''\ntarget = 'a'",
        b"[[preset]]\nname = 'a'\ntarget = ['a']",
        b"[[preset]]\nname = 'a'\ntarget = 'a'\nlikeness = 7.0",
        b"[[preset]]\nname = 'a'\ntarget = 'a'\nlikeness = " + b"9" * 400,
        b"hologram = " + b"[" * 5000,
        b"[[preset]]\nname = 'a'\ntarget = 'a'\njoining = ['alpha']",
        b"".join(b"[[preset]]\nname = '%d'\ntarget = 'a'\n" % number for number in range(21)),
    ],
)
def test_a_damaged_file_is_moved_aside(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "presets.toml"
    path.write_bytes(text)
    assert load_presets(path) == ()
    assert not path.exists()
    assert (tmp_path / "presets.damaged.toml").read_bytes() == text


def test_no_file_means_no_presets_and_keys_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "presets.toml"
    assert load_presets(path) == ()
    path.write_text("[[preset]]\nname = 'a'\ntarget = 'b'\nhologram = true\n")
    assert load_presets(path) == (Preset("a", "b"),)

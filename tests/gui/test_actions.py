"""Room: tests. The table of keys, and the user's own: what is usable, what clashes, what falls back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.gui.keys.actions import KeyMap, actions, as_written, clashes, is_usable, shown_key

NAMES = [action.name for action in actions()]
CHANGEABLE = [action.name for action in actions() if not action.is_fixed]
DEFAULTS = {action.name: action.keys for action in actions()}
KEYS = ["X", "M", "F9", "F", "F11", "Space", "1", "Left", "Ctrl+O", "J", "Shift+F5", "", "Esc", "nonsense", "A, B"]


def keys_in_use(key_map: KeyMap) -> list[str]:
    return [key for name in NAMES for key in key_map.keys_of(name)]


def test_the_table_has_every_name_and_every_key_once() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert clashes({}) == []
    assert all(is_usable(key) and as_written(key) == key for keys in DEFAULTS.values() for key in keys)


def test_the_keys_people_know_from_other_programs_are_the_first_ones() -> None:
    expected = {
        "compare": ("Space",), "panic": ("F9",), "swap": ("X",), "flip": ("M",), "watermark": ("W",),
        "screenshot": ("S",), "full_screen": ("F", "F11"), "stats": ("D",), "help": ("F1",), "undo": ("Ctrl+Z",),
        "face_1": ("1",), "face_9": ("9",), "next_face": ("Right",), "previous_face": ("Left",),
    }  # fmt: skip
    assert {name: DEFAULTS[name] for name in expected} == expected


@given(st.dictionaries(st.sampled_from([*NAMES, "nothing"]), st.sampled_from(KEYS) | st.text(max_size=4)))
def test_whatever_stands_in_the_settings_no_key_does_two_things_and_nothing_else_is_lost(
    chosen: dict[str, str],
) -> None:
    key_map = KeyMap(chosen)
    used = keys_in_use(key_map)
    assert len(used) == len(set(used))
    for name in NAMES:
        own = key_map.chosen.get(name)
        assert key_map.keys_of(name) == (DEFAULTS[name] if own is None else (own,) if own else ())
        assert own is None or own == as_written(chosen[name])
    assert set(key_map.chosen) <= set(CHANGEABLE)
    assert KeyMap(key_map.chosen).chosen == key_map.chosen


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"swap": "J"}, {"swap": "J"}),
        ({"swap": "j"}, {"swap": "J"}),
        ({"swap": ""}, {"swap": ""}),
        ({"full_screen": "F11"}, {"full_screen": "F11"}),
        ({"swap": "M"}, {}),
        ({"swap": "F11"}, {}),
        ({"swap": "M", "flip": "X"}, {"swap": "M", "flip": "X"}),
        ({"swap": "M", "flip": "J"}, {"swap": "M", "flip": "J"}),
        ({"swap": "J", "flip": "J"}, {"swap": "J"}),
        ({"swap": "J", "flip": "J", "stats": "M"}, {"swap": "J"}),
        ({"swap": "Space"}, {}),
        ({"swap": "5"}, {}),
        ({"compare": "J", "face_1": "J"}, {}),
        ({"fly": "J"}, {}),
        ({"swap": "Esc", "flip": "Tab", "stats": "Return", "panic": "Xyz", "help": "A, B"}, {}),
    ],
)
def test_what_cannot_be_used_falls_back(chosen: dict[str, str], expected: dict[str, str]) -> None:
    assert dict(KeyMap(chosen).chosen) == expected


def test_a_clash_names_both_actions_and_the_key() -> None:
    (clash,) = clashes({"flip": "X"})
    assert (clash.first.name, clash.second.name, clash.key) == ("swap", "flip", "X")


@pytest.mark.parametrize(("key", "shown"), [("Left", "←"), ("Right", "→"), ("Space", "Space"), ("F9", "F9")])
def test_keys_are_written_for_people(key: str, shown: str) -> None:
    assert shown_key(key) == shown


def test_the_shown_key_is_the_first_one_and_nothing_where_there_is_none() -> None:
    assert KeyMap({}).shown("full_screen") == "F"
    assert KeyMap({"swap": ""}).shown("swap") == ""

"""Room: tests. What `--wear` and `--wearers` say, and what is said about the people of a file."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from mirror_app.cli import main
from mirror_app.cli.parser import build_parser
from mirror_app.cli.picture_options import controls_from
from mirror_app.cli.wear_option import choose_cast, people_notes, people_table
from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Cast, Wearers, with_target
from mirror_app.domain.errors import MirrorError
from mirror_app.language import open_words
from mirror_app.pipeline.people_seen import PeopleSeen
from tests.pipeline.scripted import TARGET, Studio
from tests.pipeline.test_people_seen import person, turn

RENDER = ["render", "in.mp4", "out.mp4"]


def parsed(*words: str) -> argparse.Namespace:
    return build_parser(open_words("en")).parse_args([*RENDER, *words])


@pytest.mark.parametrize(
    ("words", "wearers"), [([], Wearers.ONE), (["--wearers", "one"], Wearers.ONE), (["--wearers", "all"], Wearers.ALL)]
)
@pytest.mark.parametrize("command", ["render", "batch", "bench"])
def test_everybody_may_wear_the_face(command: str, words: list[str], wearers: Wearers) -> None:
    commands = {"render": RENDER, "batch": ["batch", "in.mp4", "--out", "results"], "bench": ["bench"]}
    options = build_parser(open_words("en")).parse_args([*commands[command], "--target", "tiger", *words])
    assert controls_from(options, TARGET).cast.wearers is wearers
    assert controls_from(options, TARGET).others is Others.SHIELD


def test_others_may_be_blurred() -> None:
    assert controls_from(parsed("--target", "tiger", "--others", "blur"), TARGET).others is Others.BLUR


def test_each_person_may_have_a_face_of_her_own() -> None:
    options = parsed("--wear", "2=carnival", "--wear", " 1 = android ", "--wear", "7=carnival")
    chosen = choose_cast(options)
    assert {number: face.name for number, face in chosen.cast.targets.items()} == {
        1: "android", 2: "carnival", 7: "carnival",
    }  # fmt: skip
    assert chosen.cast.targets[2] is chosen.cast.targets[7]
    assert (chosen.target, chosen.name) == (None, "1=android, 2=carnival, 7=carnival")
    assert controls_from(options, chosen.target, chosen.cast).cast is chosen.cast


def test_one_face_is_chosen_as_ever() -> None:
    chosen = choose_cast(parsed("--target", "carnival", "--wearers", "all"))
    assert chosen.target is not None
    assert (chosen.target.name, chosen.name, chosen.cast.wearers) == ("carnival", "carnival", Wearers.ALL)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--wear", "1=carnival", "--wear", "1=android"], "Person 1 can wear one face only"),
        (["--wear", "1=carnival", "--wearers", "all"], "leave --wearers out"),
        (["--wear", "1=nobody-at-all"], "nobody-at-all"),
    ],
)
def test_what_cannot_be_worn_is_said(words: list[str], sentence: str) -> None:
    with pytest.raises(MirrorError, match=sentence):
        choose_cast(parsed(*words))


@pytest.mark.parametrize("text", ["", "1", "=x", "1=", "0=x", "100=x", "a=x", "1.5=x", "-1=x", "²=x"])
def test_who_wears_what_must_be_a_number_and_a_name(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(f"--wear={text}")
    assert "must look like 2=NAME" in capfd.readouterr().err


@pytest.mark.parametrize("words", [[], ["--wear", "1=x", "--target", "y"]])
def test_either_one_face_or_faces_by_person(
    words: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["render", "in.mp4", str(tmp_path / "out.mp4"), *words])
    assert ended.value.code == 2
    assert "--target" in capfd.readouterr().err


def test_a_file_with_several_people_names_their_numbers() -> None:
    stage = Studio()
    seen = PeopleSeen(stage.mirror)
    turn(seen, stage, 0, person(1, 0))
    assert people_notes(seen, Cast()) == []
    turn(seen, stage, 50, person(2, 1))
    (note,) = people_notes(seen, Cast(Wearers.ALL))
    assert note == "People in it, with the numbers for --wear: 1: 0.0 s, x 28, y 30; 2: 2.0 s, x 78, y 60."
    assert people_notes(seen, with_target(Cast(), 3, TARGET)) == ["Person 3 was not recognised in it.", note]
    assert people_table(seen)[1] == {
        "person": 2, "first_seconds": 2.0, "first_xy": [78, 60], "frames": 1, "worn": {TARGET.name: 1},
    }  # fmt: skip


def test_where_only_the_largest_face_is_followed_the_way_to_the_others_is_said() -> None:
    stage = Studio()
    seen = PeopleSeen(stage.mirror)
    turn(seen, stage, 0, person(1, 0), replace(person(None, 1), mesh=None))
    (note,) = people_notes(seen, Cast())
    assert "--wearers all" in note
    assert people_notes(seen, Cast(Wearers.ALL)) == []

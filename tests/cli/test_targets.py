"""Room: tests. `mirror-app targets`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mirror_app.cli import main
from mirror_app.imaging.files import read_image
from tests.fakes import first_face


def test_an_added_photo_is_listed_worn_and_removed(
    inputs: Path, tmp_path: Path, user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    add = ["targets", "add", str(inputs / "face.png"), "--consent", "public-domain", "--title", "格蕾丝 Hopper"]
    assert main(add) == 0
    assert "was added as 格蕾丝-hopper." in capfd.readouterr().out
    assert main(["targets", "list"]) == 0
    assert "格蕾丝-hopper" in capfd.readouterr().out
    assert main(["render", str(inputs / "face.png"), str(tmp_path / "out.png"), "--target", "格蕾丝-hopper"]) == 0
    assert main(["targets", "remove", "格蕾丝-hopper"]) == 0
    assert not list(user_dir.iterdir())


def test_a_photo_with_several_faces_is_added_with_its_largest_and_that_is_said(
    inputs: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["targets", "add", str(inputs / "two faces.jpg"), "--consent", "public-domain"]) == 0
    said = capfd.readouterr().err
    assert "shows 2 faces (1: x " in said
    assert "the largest is taken. Choose another one with --face N." in said


def test_another_face_of_the_photo_can_be_chosen(
    inputs: Path, user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    add = ["targets", "add", str(inputs / "two faces.jpg"), "--consent", "public-domain"]
    assert main([*add, "--face", "1"]) == 0
    assert main([*add, "--face", "2"]) == 0
    assert capfd.readouterr().err == "", "who chose needs no note"
    pictures = [read_image(path) for path in sorted(user_dir.glob("*/photo-1.png"))]
    assert len(pictures) == 2
    assert pictures[0].shape != pictures[1].shape or (pictures[0] != pictures[1]).any()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["two faces.jpg", "--face", "3"], "shows only 2 faces; there is no face 3"),
        (["face.png", "--face", "2"], "shows only one face; there is no face 2"),
        (["nobody.png"], "nobody.png"),
    ],
)
def test_a_face_that_is_not_there_is_one_sentence_and_nothing_is_added(
    inputs: Path, user_dir: Path, capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    photos = [str(inputs / word) if "." in word else word for word in words]
    assert main(["targets", "add", *photos, "--consent", "self"]) in (3, 4)
    said = capfd.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert not user_dir.exists()


def test_several_photos_become_one_face_and_its_remarks_are_said_and_listed(
    inputs: Path, user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    photos = [str(inputs / "face.png"), str(inputs / "two faces.jpg")]
    assert main(["targets", "add", *photos, "--consent", "public-domain", "--title", "Both", "--face", "1,2"]) == 0
    said = capfd.readouterr().out
    assert "were added as both." in said
    assert "As a target face: fair." in said
    assert "- Glasses are in the photo" in said
    assert len(list(user_dir.glob("both/photo-*.png"))) == 2
    assert main(["targets", "list", "--json"]) == 0
    (own,) = [one for one in json.loads(capfd.readouterr().out)["targets"] if not one["builtin"]]
    assert (own["badge"], own["photos"]) == ("fair", 2)
    assert "glasses" in [remark["key"] for remark in own["remarks"]]
    assert all(remark["en"] and remark["zh"] for remark in own["remarks"])
    assert main(["targets", "list"]) == 0
    assert "consent: public-domain, photo: fair" in capfd.readouterr().out


@pytest.mark.parametrize("number", ["0", "x", "1,", "1,0", "-1", "100"])
def test_a_face_number_that_is_none_is_refused(inputs: Path, number: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["targets", "add", str(inputs / "face.png"), "--consent", "self", f"--face={number}"])
    assert caught.value.code == 2


def test_the_list_as_json_names_every_built_in_face_in_both_languages(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["targets", "list", "--json"]) == 0
    targets = json.loads(capfd.readouterr().out)["targets"]
    assert len(targets) >= 8
    assert all(one["builtin"] and one["title_en"] and one["title_zh"] and one["licence"] for one in targets)


def test_a_terminal_without_chinese_gets_code_points_instead_of_a_traceback() -> None:
    words = [sys.executable, "-m", "mirror_app", "targets", "list"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert first_face().name in done.stdout
    assert "\\u" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="file names that are no text exist on Linux only")
def test_a_photo_whose_name_is_no_text_can_be_added(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    photo = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    photo.write_bytes((inputs / "face.png").read_bytes())
    assert main(["targets", "add", str(photo), "--consent", "public-domain"]) == 0
    assert "was added as" in capfd.readouterr().out


def test_fewer_face_numbers_than_photos_are_an_error_of_the_command_line(
    inputs: Path, user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    photos = [str(inputs / "face.png"), str(inputs / "two faces.jpg")]
    with pytest.raises(SystemExit) as caught:
        main(["targets", "add", *photos, "--consent", "self", "--face", "2"])
    assert caught.value.code == 2
    assert "--face needs one number for each photo" in capfd.readouterr().err
    assert not user_dir.exists()


def test_a_damaged_face_is_told_when_faces_are_listed_and_can_be_removed(
    user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (user_dir / "wreck").mkdir(parents=True)
    assert main(["targets", "list"]) == 0
    said = capfd.readouterr().err
    assert "wreck is damaged" in said
    assert "mirror-app targets remove wreck" in said
    assert main(["targets", "remove", "wreck"]) == 0
    assert not list(user_dir.iterdir())


def test_a_damaged_face_is_not_worn_and_none_of_its_title_instead(
    inputs: Path, tmp_path: Path, user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    title = first_face().title_zh
    (user_dir / title).mkdir(parents=True)
    out = tmp_path / "out.png"
    assert main(["render", str(inputs / "face.png"), str(out), "--target", title]) == 3
    assert f"The target face {title} is damaged." in capfd.readouterr().err
    assert not out.exists()


@pytest.fixture
def added(inputs: Path, capfd: pytest.CaptureFixture[str]) -> str:
    words = ["targets", "add", str(inputs / "face.png"), "--consent", "public-domain", "--title", "奶奶"]
    assert main(words) == 0
    capfd.readouterr()
    return "奶奶"


def test_a_removed_face_is_listed_as_trash_and_comes_back(
    added: str, user_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["targets", "remove", added]) == 0
    said = capfd.readouterr().out
    assert "奶奶 was deleted. Its photos stay in the trash for 7 days" in said
    assert main(["targets", "list"]) == 0
    listed = capfd.readouterr()
    assert "奶奶" not in listed.out
    assert "targets restore 奶奶" in listed.err
    assert main(["targets", "restore", added]) == 0
    assert "奶奶 is back." in capfd.readouterr().out
    assert (user_dir / "奶奶" / "photo-1.png").is_file()
    assert main(["targets", "restore", added]) == 6


@pytest.mark.parametrize("how", ["for good", "emptied"])
def test_no_photo_is_left_when_a_face_is_deleted_for_good_or_the_trash_is_emptied(
    added: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], how: str
) -> None:
    if how == "for good":
        assert main(["targets", "remove", added, "--for-good"]) == 0
        assert "奶奶 was deleted for good." in capfd.readouterr().out
    else:
        assert main(["targets", "remove", added]) == 0
        assert list(tmp_path.rglob("photo-1.png"))
        assert main(["targets", "empty-trash"]) == 0
        assert "Deleted for good from the trash: 1." in capfd.readouterr().out
    assert not list(tmp_path.rglob("photo-1.png"))

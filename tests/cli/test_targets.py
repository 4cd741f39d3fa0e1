"""Room: tests. `mirror-app targets`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mirror_app.cli import main
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
    assert "shows 2 faces; the largest one was taken" in capfd.readouterr().err


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


def test_a_damaged_face_is_told_when_faces_are_listed(user_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (user_dir / "wreck").mkdir(parents=True)
    assert main(["targets", "list"]) == 0
    assert "wreck is damaged" in capfd.readouterr().err

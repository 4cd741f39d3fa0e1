"""Room: tests. Which files a batch takes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mirror_app.domain.errors import InputError
from mirror_app.pipeline.batch_inputs import find_files


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with everything that is met in real ones."""
    root = tmp_path / "假 期"
    for name in (
        "b.MP4",
        "a.jpg",
        "notes.txt",
        "no ending",
        ".hidden.mp4",
        "sub/c.mov",
        "sub/deep/d.gif",
        ".git/e.mp4",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return root


def _found(*inputs: Path, out: Path | None = None, own: tuple[Path, ...] = ()) -> list[tuple[str, str]]:
    return [(file.source.name, file.folder) for file in find_files(inputs, out, own).files]


def test_a_folder_gives_its_videos_and_pictures_with_their_places_and_the_rest_is_counted(tree: Path) -> None:
    assert _found(tree) == [
        ("a.jpg", "假 期"),
        ("b.MP4", "假 期"),
        ("c.mov", "假 期/sub"),
        ("d.gif", "假 期/sub/deep"),
    ]
    assert find_files([tree]).skipped == 2, "the hidden ones are not even counted"


def test_a_file_named_by_itself_goes_right_into_the_output_folder_even_a_hidden_one(tree: Path) -> None:
    assert _found(tree / "b.MP4", tree / ".hidden.mp4") == [("b.MP4", ""), (".hidden.mp4", "")]


@pytest.mark.parametrize("twice", ["b.MP4", ".", "sub/../b.MP4"])
def test_the_same_file_is_taken_once(tree: Path, twice: str) -> None:
    names = [name for name, _ in _found(tree / "b.MP4", tree, tree / twice)]
    assert sorted(names) == ["a.jpg", "b.MP4", "c.mov", "d.gif"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_followed_and_loops_end(tree: Path) -> None:
    (tree / "loop").symlink_to(tree, target_is_directory=True)
    (tree / "sub" / "up").symlink_to(tree, target_is_directory=True)
    (tree / "again.mp4").symlink_to(tree / "b.MP4")
    (tree / "dangling.mp4").symlink_to(tree / "nowhere.mp4")
    assert sorted(name for name, _ in _found(tree)) == ["a.jpg", "b.MP4", "c.mov", "d.gif"]


def test_results_are_no_inputs(tree: Path) -> None:
    out = tree / "out"
    out.mkdir()
    (out / "a.jpg").write_bytes(b"x")
    everything = ["a.jpg", "b.MP4", "c.mov", "d.gif"]
    assert [name for name, _ in _found(tree, out=out)] == everything, "an output folder inside is not looked into"
    own = (tree.resolve() / "a.jpg",)
    assert [name for name, _ in _found(tree, out=tree, own=own)] == ["b.MP4", "a.jpg", "c.mov", "d.gif"]


def test_what_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        find_files([tmp_path / "nowhere"])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_locked_folder_is_told_and_the_rest_goes_on(tree: Path) -> None:
    (tree / "sub").chmod(0)
    try:
        found = find_files([tree])
    finally:
        (tree / "sub").chmod(0o700)
    assert len(found.files) == 2
    assert len(found.unreadable) == 1
    assert "cannot be read: permission denied." in found.unreadable[0]


def test_a_thousand_files_are_found_without_opening_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1000):
        (tmp_path / f"{number:04}.mp4").touch()

    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    found = find_files([tmp_path]).files
    assert [file.source.name for file in found] == [f"{number:04}.mp4" for number in range(1000)]

"""Room: tests. One file of a batch: done whole, failed with a sentence, or as if it had not begun."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.assignment import LivePart, Others
from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.errors import ModelError, OutputError
from mirror_app.domain.frame import Frame
from mirror_app.imaging.files import write_image
from mirror_app.pipeline.batch import BatchStopped, render_item, worn_key
from mirror_app.pipeline.batch_inputs import FoundFile
from mirror_app.pipeline.batch_record import BatchItem, BatchRecord, ItemState
from mirror_app.pipeline.offline import never_stop
from mirror_app.pipeline.result import MirrorControls
from tests.fakes import EMPTY, SHIELD, FakeMirror, make_video, picture


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def _quiet(done: int, expected: int | None) -> None:
    """A progress that nobody watches."""


def _render(
    out: Path, source: Path, mirror: FakeMirror | None = None, stop: Callable[[], bool] = never_stop
) -> BatchItem:
    with BatchRecord(out) as record:
        (item,) = record.plan([FoundFile(source, "a/b")], "worn")
        return render_item(mirror or FakeMirror(), record, item, progress=_quiet, stop=stop)


def _kept(out: Path) -> BatchItem:
    with BatchRecord(out) as record:
        return record.items[-1]


def _visible(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file() and path.name[0] != ".")


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("in.mp4", "a/b/in.mp4"),
        ("in.mkv", "a/b/in.mp4"),
        ("in.png", "a/b/in.png"),
        ("in.JPG", "a/b/in.jpg"),
        ("in.bmp", "a/b/in.png"),
    ],
)
def test_the_output_has_the_inputs_name_and_place(tmp_path: Path, out: Path, name: str, output: str) -> None:
    source = tmp_path / name
    if source.suffix in (".mp4", ".mkv"):
        make_video(source, frames=3)
    else:
        write_image(tmp_path / "in.png", picture(64, 48))
        (tmp_path / "in.png").rename(source)  # what a file is counts, not what it is called
    item = _render(out, source)
    assert (item.state, item.output, item.sentence) == (ItemState.DONE, output, "")
    assert _visible(out) == [output]
    assert _kept(out) == item


def test_an_input_in_the_output_folder_is_not_replaced(tmp_path: Path) -> None:
    source = make_video(tmp_path / "in.mp4", frames=3)
    before = source.read_bytes()
    with BatchRecord(tmp_path) as record:
        (item,) = record.plan([FoundFile(source)], "worn")
        assert render_item(FakeMirror(), record, item, progress=_quiet, stop=never_stop).output == "in (2).mp4"
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"hello", "is not a video or picture that can be read"), (None, "There is no file")],
)
def test_a_bad_file_fails_with_its_sentence(tmp_path: Path, out: Path, content: bytes | None, sentence: str) -> None:
    source = tmp_path / "bad.mp4"
    if content is not None:
        source.write_bytes(content)
    item = _render(out, source)
    assert item.state is ItemState.FAILED
    assert sentence in item.sentence
    assert _kept(out) == item
    assert _visible(out) == []


def test_a_picture_that_may_not_leave_is_named_as_the_user_will_look_for_it(tmp_path: Path, out: Path) -> None:
    write_image(tmp_path / "in.png", picture(64, 48))
    item = _render(out, tmp_path / "in.png", FakeMirror([SHIELD]))
    assert item.state is ItemState.FAILED
    assert item.sentence.startswith(f"{out / 'a/b/in.png'} was not written.")


@pytest.mark.parametrize("trouble", [RuntimeError("odd"), MemoryError()])
def test_whatever_a_file_brings_about_is_its_own_failure(tmp_path: Path, out: Path, trouble: BaseException) -> None:
    def fail(_frame: Frame) -> None:
        raise trouble

    item = _render(out, make_video(tmp_path / "in.mp4"), FakeMirror(on_frame=fail))
    assert item.state is ItemState.FAILED
    assert item.sentence.endswith(".")


def test_a_network_that_failed_for_good_ends_the_batch(tmp_path: Path, out: Path) -> None:
    def fail(_frame: Frame) -> None:
        raise ModelError("The model is damaged.")

    with pytest.raises(ModelError):
        _render(out, make_video(tmp_path / "in.mp4"), FakeMirror(on_frame=fail))


@pytest.mark.parametrize(
    ("number", "ends"),
    [(errno.ENOSPC, True), (errno.EROFS, True), (errno.EACCES, True), (errno.ENAMETOOLONG, False)],
)
def test_a_full_disk_ends_the_batch_and_a_bad_name_only_the_file(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, number: int, ends: bool
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(number, "refused")

    source = make_video(tmp_path / "in.mp4", frames=3)
    monkeypatch.setattr(Path, "replace", refuse)
    if ends:
        with pytest.raises(OutputError, match=r"a/b/in\.mp4 was not written"):
            _render(out, source)
        assert _kept(out).state is ItemState.WORKING
    else:
        assert _render(out, source).state is ItemState.FAILED
    assert _visible(out) == []
    monkeypatch.undo()
    assert _render(out, source).output == "a/b/in.mp4"


@pytest.mark.parametrize("frames", [0, 5])
def test_a_stop_leaves_nothing_and_the_file_waits_again(tmp_path: Path, out: Path, frames: int) -> None:
    mirror = FakeMirror()
    source = make_video(tmp_path / "in.mp4")
    with pytest.raises(BatchStopped):
        _render(out, source, mirror, stop=lambda: len(mirror.frames) >= frames)
    assert len(mirror.frames) == frames
    assert _kept(out).state is ItemState.WAITING
    assert _visible(out) == []
    item = _render(out, source)
    with VideoFile(out / item.output) as video:
        assert len(list(video.pictures())) == 12


@pytest.mark.parametrize(
    ("fates", "words"),
    [([SHIELD, SHIELD], "2 of 12 frames were replaced by a card"), ([EMPTY] * 12, "Nobody was found in it")],
)
def test_what_is_worth_knowing_is_said(
    tmp_path: Path, out: Path, fates: list[tuple[object, object]], words: str
) -> None:
    item = _render(out, make_video(tmp_path / "in.mp4"), FakeMirror(fates))  # type: ignore[arg-type]
    assert item.state is ItemState.DONE
    assert words in item.sentence


@pytest.mark.parametrize(
    "other",
    [
        {"label_on": False},
        {"likeness": 0.5},
        {"kept": frozenset({LivePart.EYES})},
        {"cast": Cast(Wearers.ALL)},
        {"others": Others.BLUR},
    ],
)
def test_another_way_to_wear_a_face_is_another_key(other: dict[str, object]) -> None:
    one = worn_key("anna", "auto", MirrorControls())
    assert one == worn_key("anna", "auto", MirrorControls())
    assert one != worn_key("bert", "auto", MirrorControls())
    assert one != worn_key("anna", "auto", MirrorControls(**other))  # type: ignore[arg-type]

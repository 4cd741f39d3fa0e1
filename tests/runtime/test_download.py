"""Room: tests. A download ends with the right file, stopped and resumable, or with a sentence and nothing kept."""

from __future__ import annotations

import errno
import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mirror_app.domain.errors import InputError, ModelError, OutputError
from mirror_app.runtime import download, model_file
from mirror_app.runtime.download import Download, fetch
from mirror_app.runtime.model_get import get_model, published_file, to_get
from mirror_app.runtime.models import Imported, ModelStore
from tests.runtime.file_server import Manners, serving
from tests.runtime.model_files import LANDMARKS, model_of, published, real_catalogue, saved, with_file

CATALOGUE = real_catalogue()
CONTENT = bytes(range(256)) * 4000
TIMEOUT_S = 5.0


def never() -> bool:
    return False


def silent(done: int, expected: int | None) -> None:
    """Nobody looks."""


def order(url: str, part: Path, **others: object) -> Download:
    return replace(Download(url, part, 0, silent, never, TIMEOUT_S), **others)  # type: ignore[arg-type]  # fields by name


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("says_length", [True, False])
def test_a_file_arrives_whole_and_says_how_far_it_is(tmp_path: Path, says_length: bool) -> None:
    seen: list[tuple[int, int | None]] = []
    part = tmp_path / "a.part"
    with serving(Manners(CONTENT, says_length=says_length)) as url:
        assert fetch(order(url, part, progress=lambda done, expected: seen.append((done, expected))))
    assert part.read_bytes() == CONTENT
    assert left_in(tmp_path) == ["a.part"]
    assert seen[0][0] == 0
    assert seen[-1] == (len(CONTENT), len(CONTENT) if says_length else None)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_connection_that_breaks_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    manners = Manners(CONTENT, breaks_after=[300_000, 200_000])
    with serving(manners) as url:
        assert fetch(order(url, tmp_path / "a.part"))
    assert (tmp_path / "a.part").read_bytes() == CONTENT
    assert manners.asked == ["", "bytes=300000-", "bytes=500000-"]


def test_a_server_that_cannot_resume_is_begun_anew(tmp_path: Path) -> None:
    manners = Manners(CONTENT, breaks_after=[300_000], takes_ranges=False)
    with serving(manners) as url:
        assert fetch(order(url, tmp_path / "a.part"))
    assert (tmp_path / "a.part").read_bytes() == CONTENT


def test_another_version_of_the_file_is_not_glued_to_the_old_one(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    manners = Manners(CONTENT, breaks_after=[1000, 0, 0, 0])
    with serving(manners) as url, pytest.raises(ModelError, match="broke off"):
        fetch(order(url, part))
    assert part.stat().st_size == 1000
    manners = replace(manners, content=CONTENT[::-1], tag='"2"', asked=[], breaks_after=[])
    with serving(manners) as other:
        # The same address: the servers' numbers differ.
        tag = part.with_name("a.part.json")
        tag.write_text(tag.read_text().replace(url, other))
        assert fetch(order(other, part))
    assert manners.asked == ["bytes=1000-"]
    assert part.read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("tag", ['W/"weak"', ""])
def test_without_a_strong_tag_nothing_is_resumed(tmp_path: Path, tag: str) -> None:
    manners = Manners(CONTENT, breaks_after=[1000], tag=tag)
    with serving(manners) as url:
        assert fetch(order(url, tmp_path / "a.part"))
    assert manners.asked == ["", ""]


@pytest.mark.parametrize("kept", [b"", b"[]", b"{", b'{"url": 1}', b"[" * 9999])
def test_a_damaged_note_of_what_was_there_means_beginning_anew(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "a.part").write_bytes(b"old")
    (tmp_path / "a.part.json").write_bytes(kept)
    with serving(Manners(CONTENT)) as url:
        assert fetch(order(url, tmp_path / "a.part"))
    assert (tmp_path / "a.part").read_bytes() == CONTENT


def test_a_part_that_is_longer_than_the_file_is_begun_anew(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    manners = Manners(CONTENT)
    with serving(manners) as url:
        part.write_bytes(CONTENT + b"more")
        part.with_name("a.part.json").write_text(f'{{"url": "{url}", "tag": "\\"1\\""}}')
        assert fetch(order(url, part))
    assert part.read_bytes() == CONTENT
    assert len(manners.asked) == 2


def test_a_server_that_sends_another_part_than_asked_is_not_believed(tmp_path: Path) -> None:
    manners = Manners(CONTENT, breaks_after=[1000], lies_about_range=True)
    with serving(manners) as url:
        assert fetch(order(url, tmp_path / "a.part"))
    assert (tmp_path / "a.part").read_bytes() == CONTENT


def test_stopping_keeps_what_has_come_and_the_next_time_goes_on(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    manners = Manners(CONTENT)
    came: list[int] = []
    with serving(manners) as url:
        stopped = order(url, part, progress=lambda done, _: came.append(done), stop=lambda: bool(came and came[-1]))
        assert not fetch(stopped)
        size = part.stat().st_size
        assert 0 < size < len(CONTENT)
        assert fetch(order(url, part))
    assert manners.asked == ["", f"bytes={size}-"]
    assert part.read_bytes() == CONTENT


def test_a_slow_server_can_be_stopped(tmp_path: Path) -> None:
    came: list[int] = []
    with serving(Manners(CONTENT, pause=threading.Event())) as url:
        part = tmp_path / "a.part"
        assert not fetch(order(url, part, progress=lambda d, _: came.append(d), stop=lambda: len(came) > 1))
    assert 0 < part.stat().st_size < len(CONTENT)


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    manners = Manners(CONTENT, pause=threading.Event(), takes_ranges=False, tag="")
    with serving(manners) as url, pytest.raises(ModelError, match=r"does not answer|timed out"):
        fetch(order(url, tmp_path / "a.part", timeout_s=0.1))


def test_a_server_that_breaks_off_again_and_again_is_given_up(tmp_path: Path) -> None:
    manners = Manners(CONTENT, breaks_after=[0] * 99)
    with serving(manners) as url, pytest.raises(ModelError, match="broke off"):
        fetch(order(url, tmp_path / "a.part"))
    assert len(manners.asked) < 6


def test_a_server_that_brings_a_byte_a_time_is_given_up(tmp_path: Path) -> None:
    manners = Manners(CONTENT, breaks_after=[1] * 999)
    with serving(manners) as url, pytest.raises(ModelError, match="broke off"):
        fetch(order(url, tmp_path / "a.part"))
    assert len(manners.asked) <= 50


@pytest.mark.parametrize(
    ("manners", "size_bytes", "said"),
    [
        (Manners(b"<!DOCTYPE html><title>Sign in</title>" + CONTENT), 0, "web page"),
        (Manners(CONTENT), len(CONTENT) + 1, "bytes, expected"),
        (Manners(CONTENT, is_endless=True, says_length=False), len(CONTENT), "more than the file has"),
        (Manners(b""), 0, "empty"),
        (Manners(CONTENT, status=404), 0, "404"),
        (Manners(CONTENT, status=503), 0, "503"),
        (Manners(CONTENT, location="http://example.org/model.onnx"), 0, "only https"),
        (Manners(CONTENT, location="ftp://127.0.0.1/model.onnx"), 0, "only https"),
        (Manners(CONTENT, location="file:///etc/passwd"), 0, "302"),
    ],
)
def test_what_is_not_the_file_is_refused_and_not_kept(
    tmp_path: Path, manners: Manners, size_bytes: int, said: str
) -> None:
    with serving(manners) as url, pytest.raises(ModelError, match=said):
        fetch(order(url, tmp_path / "a.part", size_bytes=size_bytes))
    assert left_in(tmp_path) == []


def test_what_an_endless_server_sends_after_the_length_it_said_is_not_taken(tmp_path: Path) -> None:
    with serving(Manners(CONTENT, is_endless=True)) as url:
        assert fetch(order(url, tmp_path / "a.part"))
    assert (tmp_path / "a.part").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.onnx",
        "http://127.0.0.1.example.org/a.onnx",
        "http://localhost@example.org/a.onnx",
        "ftp://127.0.0.1/a.onnx",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_safe_addresses_are_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(ModelError, match="only https"):
        fetch(order(url, tmp_path / "a.part"))


@pytest.mark.parametrize("says_length", [True, False])
def test_a_link_planted_where_the_download_grows_is_not_followed(tmp_path: Path, says_length: bool) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / "a.part").symlink_to(victim)
    with serving(Manners(CONTENT, says_length=says_length)) as url, pytest.raises(OutputError):
        fetch(order(url, tmp_path / "a.part"))
    assert victim.read_bytes() == b"mine"


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, block: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = download._opened_part

    def full(part: Path, done: int) -> Full:
        opened(part, done).close()
        return Full()

    monkeypatch.setattr(download, "_opened_part", full)
    with serving(Manners(CONTENT)) as url, pytest.raises(OutputError, match="disk is full"):
        fetch(order(url, tmp_path / "a.part"))
    assert left_in(tmp_path) == []


def test_a_file_that_has_no_room_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "SPARE_BYTES", 2**62)
    with serving(Manners(CONTENT)) as url, pytest.raises(OutputError, match="disk space"):
        fetch(order(url, tmp_path / "a.part"))
    assert left_in(tmp_path) == []


# Getting a model: the download, and what it is judged by.


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return saved(model_of(CATALOGUE.find(LANDMARKS)), tmp_path / "2d106det.onnx")


def store_of(folder: Path, made: Path, *urls: str, with_digest: bool = True) -> ModelStore:
    folder.mkdir()
    file = published(made, urls=urls)
    file = file if with_digest else replace(file, sha256="", size_bytes=0)
    store = ModelStore(with_file(CATALOGUE, LANDMARKS, file), folder)
    store.accept(store.catalogue.find(LANDMARKS).licence)
    return store


def get(store: ModelStore) -> Imported | None:
    return get_model(store, store.catalogue.find(LANDMARKS), progress=silent, stop=never, timeout_s=TIMEOUT_S)


@pytest.mark.parametrize("with_digest", [True, False])
def test_a_model_is_fetched_and_installed(tmp_path: Path, made: Path, with_digest: bool) -> None:
    with serving(Manners(made.read_bytes())) as url:
        store = store_of(tmp_path / "models", made, url, with_digest=with_digest)
        imported = get(store)
    assert imported is not None
    assert imported.model == store.require(LANDMARKS)
    assert bool(imported.warning) == (not with_digest)
    assert left_in(store.folder) == ["index.json", f"{LANDMARKS}.fp32.onnx"]


def test_nothing_is_asked_of_a_server_before_the_licence_is_accepted(tmp_path: Path, made: Path) -> None:
    manners = Manners(made.read_bytes())
    with serving(manners) as url:
        store = store_of(tmp_path / "models", made, url)
        (store.folder / "index.json").unlink()
        with pytest.raises(InputError, match="not accepted"):
            get(store)
    assert manners.asked == []


def test_the_next_address_is_tried_where_one_has_the_wrong_file(tmp_path: Path, made: Path) -> None:
    right = made.read_bytes()
    wrong = Manners(right[:-1] + b"\x00")
    with serving(wrong) as first, serving(Manners(b"gone", status=404)) as second, serving(Manners(right)) as third:
        store = store_of(tmp_path / "models", made, first, second, third)
        imported = get(store)
    assert imported is not None
    assert imported.model.is_known
    assert wrong.asked == [""]


@pytest.mark.parametrize("with_digest", [True, False])
def test_a_file_that_is_not_the_published_one_is_thrown_away(tmp_path: Path, made: Path, with_digest: bool) -> None:
    other = saved(model_of(CATALOGUE.find("crossface_ghost")), tmp_path / "other.onnx").read_bytes()
    other += b"\x5a\x00" * (made.stat().st_size - len(other)) if with_digest else b""
    with serving(Manners(other)) as url:
        store = store_of(tmp_path / "models", made, url, with_digest=with_digest)
        with pytest.raises(ModelError):
            get(store)
    assert left_in(store.folder) == ["index.json"]


def test_a_stopped_download_of_a_model_is_resumed_by_the_next(tmp_path: Path, made: Path) -> None:
    size = made.stat().st_size
    manners = Manners(made.read_bytes(), pause=threading.Event())
    with serving(manners) as url:
        store = store_of(tmp_path / "models", made, url)
        came: list[int] = []
        spec = store.catalogue.find(LANDMARKS)
        stopped = get_model(
            store, spec, progress=lambda done, _: came.append(done), stop=lambda: bool(came and came[-1])
        )
        assert stopped is None
        assert store.find(LANDMARKS) is None
        manners.pause = None
        assert get(store) is not None
    assert manners.asked == ["", f"bytes={size // 2}-"]


def test_what_a_model_needs_comes_before_it_and_only_what_is_not_there(tmp_path: Path) -> None:
    store = ModelStore(CATALOGUE, tmp_path)
    assert [spec.name for spec in to_get(store, "ghost_1_256")] == [
        "arcface_w600k_r50", "crossface_ghost", "ghost_1_256",
    ]  # fmt: skip
    arcface = saved(model_of(CATALOGUE.find("arcface_w600k_r50")), tmp_path / "a.bin")
    store.import_file(arcface, "arcface_w600k_r50")
    assert [spec.name for spec in to_get(store, "ghost_1_256")] == ["crossface_ghost", "ghost_1_256"]
    assert to_get(store, "arcface_w600k_r50") == []


def test_a_model_without_an_address_says_where_it_comes_from() -> None:
    with pytest.raises(ModelError, match="buffalo_l"):
        published_file(CATALOGUE.find("scrfd_10g"))
    with pytest.raises(ModelError, match="fp16"):
        published_file(CATALOGUE.find("ghost_1_256"), "fp16")
    assert published_file(CATALOGUE.find("inswapper_128"), "fp16").precision == "fp16"

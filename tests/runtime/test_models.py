"""Room: tests. The model store takes in models and nothing else, leaves nothing half-written, and forgets nothing."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from mirror_app.domain.errors import MirrorError, ModelError, OutputError
from mirror_app.runtime import model_file, models
from mirror_app.runtime.catalogue import Catalogue
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.signature import fitting, read_signature
from tests.runtime.model_files import (
    CONVERTER,
    LANDMARKS,
    model,
    model_of,
    published,
    real_catalogue,
    saved,
    sha256,
    with_file,
)

CATALOGUE = real_catalogue()
NOBODY_READS_FIFOS = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "models"
    made.mkdir()
    return made


@pytest.fixture
def store(folder: Path) -> ModelStore:
    return ModelStore(CATALOGUE, folder)


def landmarks(path: Path, seed: int = 0) -> Path:
    return saved(model_of(CATALOGUE.find(LANDMARKS), seed=seed), path)


def converter(path: Path, seed: int = 0) -> Path:
    return saved(model_of(CATALOGUE.find(CONVERTER), seed=seed), path)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_known_by_its_digest_whatever_its_name(folder: Path, tmp_path: Path) -> None:
    made = converter(tmp_path / "download(1).bin")
    store = ModelStore(with_file(CATALOGUE, CONVERTER, published(made)), folder)
    imported = store.import_file(made)
    assert (imported.model.spec.name, imported.model.is_known, imported.warning) == (CONVERTER, True, "")
    assert imported.model.path.read_bytes() == made.read_bytes()
    assert store.find(CONVERTER) == imported.model


def test_a_file_is_known_by_its_tensors_with_a_warning(store: ModelStore, tmp_path: Path) -> None:
    imported = store.import_file(landmarks(tmp_path / "a.onnx"))
    assert (imported.model.spec.name, imported.model.is_known) == (LANDMARKS, False)
    assert "trust" in imported.warning


def test_tensors_that_fit_several_models_need_a_name(store: ModelStore, folder: Path, tmp_path: Path) -> None:
    made = converter(tmp_path / "a.onnx")
    with pytest.raises(ModelError, match="crossface_simswap, crossface_ghost or crossface_hififace"):
        store.import_file(made)
    assert left_in(folder) == []
    assert store.import_file(made, CONVERTER).model.spec.name == CONVERTER


@pytest.mark.parametrize("spec", list(CATALOGUE), ids=lambda spec: str(spec.name))
def test_every_model_of_the_catalogue_is_taken_by_its_own_tensors(store: ModelStore, tmp_path: Path, spec) -> None:  # type: ignore[no-untyped-def]  # one row of the table
    imported = store.import_file(saved(model_of(spec), tmp_path / "a.onnx"), spec.name)
    assert [one.spec.name for one in store.installed()] == [spec.name]
    assert imported.model.path.name == f"{spec.name}.fp32.onnx"


def value(name: str, *sizes: int | None, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, list(sizes))


SIDE = (1, 3, 128, 128)


@pytest.mark.parametrize(
    ("inputs", "outputs", "expected", "got"),
    [
        ([value("target", 1, 3, 256, 256), value("source", 1, 512)], [value("o", *SIDE)], "128×128", "256×256"),
        ([value("target", 1, 128, 128, 3), value("source", 1, 512)], [value("o", *SIDE)], "3×128×128", "128×128×3"),
        ([value("target", *SIDE), value("latent", 1, 512)], [value("o", *SIDE)], "source 1×512", "target, latent"),
        ([value("target", *SIDE)], [value("o", *SIDE)], "2", "1 inputs"),
        ([value("target", *SIDE), value("source", 1, 512)], [value("o", 1, 1, 128, 128)], "1×3×128×128", "o 1×1×"),
        (
            [value("target", *SIDE, kind=TensorProto.UINT8), value("source", 1, 512)],
            [value("o", *SIDE)], "target 1×3×128×128 float32", "target 1×3×128×128 uint8",
        ),
        (
            [value("a\x1b[31m", *SIDE), value("source", 1, 512)],
            [value("o", *SIDE)], "target", "a?[31m, source",
        ),
    ],
)  # fmt: skip
def test_a_model_that_does_not_fit_says_which_tensor(
    store: ModelStore,
    folder: Path,
    tmp_path: Path,
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    expected: str,
    got: str,
) -> None:
    made = saved(model(inputs, outputs), tmp_path / "a.onnx")
    with pytest.raises(ModelError) as refused:
        store.import_file(made, "inswapper_128")
    assert expected in str(refused.value)
    assert got in str(refused.value)
    assert left_in(folder) == []


def test_open_sizes_and_further_outputs_do_no_harm(store: ModelStore, tmp_path: Path) -> None:
    inputs = [value("source", None, 512), value("target", None, 3, 256, 256)]
    outputs = [value("image", None, 3, None, None), value("mask", 1, 1, 256, 256)]
    made = saved(model(inputs, outputs), tmp_path / "a.onnx")
    assert store.import_file(made, "hyperswap_1a_256").warning


def test_weights_that_an_old_file_lists_among_its_inputs_are_none(store: ModelStore, tmp_path: Path) -> None:
    made = model_of(CATALOGUE.find(LANDMARKS))
    made.graph.input.append(value("filling", 64))
    assert store.import_file(saved(made, tmp_path / "a.onnx")).model.spec.name == LANDMARKS


@pytest.mark.parametrize(
    ("dtype", "precision"), [(np.float32, "fp32"), (np.float16, "fp16"), (np.int8, "int8"), (np.uint8, "int8")]
)
def test_the_precision_is_that_of_most_weights(
    store: ModelStore, tmp_path: Path, dtype: type[np.generic], precision: str
) -> None:
    weights = [numpy_helper.from_array(np.zeros((40, 50), dtype), "weights")]
    made = saved(model_of(CATALOGUE.find(LANDMARKS), weights), tmp_path / "a.onnx")
    assert store.import_file(made).model.precision == precision


def test_the_most_exact_file_is_taken_unless_another_is_asked_for(store: ModelStore, tmp_path: Path) -> None:
    half = numpy_helper.from_array(np.zeros(5000, np.float16), "weights")
    store.import_file(saved(model_of(CATALOGUE.find(LANDMARKS), [half]), tmp_path / "half.onnx"))
    assert store.require(LANDMARKS).precision == "fp16"
    store.import_file(landmarks(tmp_path / "full.onnx"))
    assert store.require(LANDMARKS).precision == "fp32"
    wanted = store.find(LANDMARKS, "fp16")
    assert wanted is not None
    assert wanted.precision == "fp16"
    assert store.find(LANDMARKS, "int8") is None


def external(tensor: onnx.TensorProto, location: str) -> onnx.TensorProto:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return tensor


def with_external(location: str) -> onnx.ModelProto:
    weights = [external(numpy_helper.from_array(np.zeros(9, np.float32), "weights"), location)]
    return model_of(CATALOGUE.find(LANDMARKS), weights)


def with_external_in_a_branch() -> onnx.ModelProto:
    hidden = external(numpy_helper.from_array(np.zeros(9, np.float32), "hidden"), "/etc/passwd")
    branch = helper.make_graph([helper.make_node("Constant", [], ["y"], value=hidden)], "b", [], [value("y", 9)])
    made = model_of(CATALOGUE.find(LANDMARKS))
    made.graph.node.append(helper.make_node("If", ["c"], ["z"], then_branch=branch, else_branch=branch))
    return made


def bytes_of(made: onnx.ModelProto) -> bytes:
    return bytes(made.SerializeToString())


WHOLE = bytes_of(model_of(CATALOGUE.find(LANDMARKS)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b"\xef\xbb\xbf \n<html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "only points"),
        (b"PK\x03\x04" + bytes(99), "packed"),
        (b"hello, I am a model", "no ONNX model"),
        (bytes(4096), "no ONNX model"),
        (b"\x08\x07", "no ONNX model"),
        (b"\xff" * 4096, "no ONNX model"),
        (b"\x3a\x02\x01\x00" * 1000, "no ONNX model"),
        (WHOLE[: len(WHOLE) // 2], "only a part"),
        (WHOLE[:-1], "only a part"),
        (WHOLE + b"\x00\x01", "no ONNX model"),
        (bytes_of(with_external("weights.bin")), "in other files"),
        (bytes_of(with_external("/etc/passwd")), "in other files"),
        (bytes_of(with_external("../../secret")), "in other files"),
        (bytes_of(with_external_in_a_branch()), "in other files"),
        (bytes_of(model([value(f"i{n}", 1) for n in range(5000)], [value("o", 1)])), "no model that the app knows"),
        (bytes_of(model([value("i" * 100_000, 7)], [value("o", 1)])), "no model that the app knows"),
        (b"\x3a\xd0\x0f" + b"\x2a\x00" * 1000, "no ONNX model"),
    ],
)
def test_what_is_no_model_is_refused_and_leaves_nothing(
    store: ModelStore, folder: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    made = tmp_path / "a.onnx"
    made.write_bytes(content)
    with pytest.raises(ModelError, match=said) as refused:
        store.import_file(made)
    assert len(str(refused.value)) < 600
    assert left_in(folder) == []


def test_names_that_are_no_text_are_shown_as_far_as_they_are(store: ModelStore, tmp_path: Path) -> None:
    made = landmarks(tmp_path / "a.onnx")
    made.write_bytes(made.read_bytes().replace(b"data", b"d\x80ta"))
    with pytest.raises(ModelError, match="d�ta"):
        store.import_file(made, LANDMARKS)


def test_a_header_of_a_million_fields_is_refused_soon(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mirror_app.runtime.field_walk._MOST_FIELDS", 1000)
    made = tmp_path / "a.onnx"
    made.write_bytes(b"\x08\x07" * 5000)
    with pytest.raises(ModelError, match="too complex"):
        store.import_file(made)


def test_the_weights_of_a_large_file_are_not_read(tmp_path: Path, store: ModelStore) -> None:
    size = 2**31 - 2**20
    weights = TensorProto(name="weights", data_type=TensorProto.FLOAT, dims=[size // 4])
    before = bytes_of(model_of(CATALOGUE.find(LANDMARKS)))
    tensor = weights.SerializeToString()
    inner = tensor + b"\x4a" + varint(size)
    field = b"\x2a" + varint(len(inner) + size) + inner
    made = tmp_path / "large.onnx"
    with made.open("wb") as file:
        # A second graph field is merged into the first: protocol buffers allow it, so a hole on the disk will do.
        file.write(before + b"\x3a" + varint(len(field) + size) + field)
        file.truncate(file.tell() + size)
    with model_file.opened_model(made) as opened:
        header = read_signature(opened, made.name)
    assert header.precision == "fp32"
    assert made.stat().st_blocks < 2**12


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def test_an_absurd_size_is_refused_unread(store: ModelStore, tmp_path: Path) -> None:
    made = tmp_path / "a.onnx"
    with made.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(ModelError, match="too large"):
        store.import_file(made)


@pytest.mark.parametrize("kind", ["folder", "missing", "loop", "device", "dangling"])
def test_only_files_are_read(store: ModelStore, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.onnx"
    match kind:
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "dangling":
            path.symlink_to(tmp_path / "gone.onnx")
    with pytest.raises(ModelError):
        store.import_file(path)


@NOBODY_READS_FIFOS
def test_a_pipe_is_not_waited_for(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    os.mkfifo(path)
    with pytest.raises(ModelError, match="not a file"):
        store.import_file(path)


def test_a_link_to_a_model_is_followed_when_it_is_imported(store: ModelStore, tmp_path: Path) -> None:
    link = tmp_path / "link.onnx"
    link.symlink_to(landmarks(tmp_path / "real.onnx"))
    kept = store.import_file(link).model.path
    assert not kept.is_symlink()


def test_a_link_planted_in_the_store_is_neither_followed_nor_replaced(
    store: ModelStore, folder: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim.onnx"
    landmarks(victim, seed=1)
    before = victim.read_bytes()
    planted = folder / f"{LANDMARKS}.fp32.onnx"
    planted.symlink_to(victim)
    assert store.installed() == []
    with pytest.raises(OutputError, match="something else lies there"):
        store.import_file(landmarks(tmp_path / "new.onnx", seed=2))
    assert victim.read_bytes() == before
    assert left_in(folder) == [planted.name]


def test_the_wrong_name_for_a_known_file_is_refused(folder: Path, tmp_path: Path) -> None:
    made = converter(tmp_path / "a.onnx")
    store = ModelStore(with_file(CATALOGUE, CONVERTER, published(made)), folder)
    with pytest.raises(ModelError, match="is crossface_ghost, not crossface_simswap"):
        store.import_file(made, "crossface_simswap")
    with pytest.raises(ModelError, match="no model named"):
        store.import_file(made, "../../evil")
    assert left_in(folder) == []


def test_a_disk_that_fills_up_leaves_nothing(
    store: ModelStore, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = landmarks(tmp_path / "a.onnx")
    store.import_file(made)
    old = left_in(folder)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full"):
        store.import_file(landmarks(tmp_path / "b.onnx", seed=5))
    assert left_in(folder) == old
    assert store.require(LANDMARKS).sha256 == sha256(made)


def test_a_disk_without_room_is_seen_before_a_byte_is_written(
    store: ModelStore, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    with pytest.raises(OutputError, match="disk space"):
        store.import_file(landmarks(tmp_path / "a.onnx"))
    assert left_in(folder) == []


def test_a_file_that_changes_while_it_is_read_is_refused(
    store: ModelStore, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = landmarks(tmp_path / "a.onnx")

    def then_changed(file: BinaryIO) -> str:
        found = model_file.digest(file)
        landmarks(made, seed=9)
        return found

    monkeypatch.setattr(models, "digest", then_changed)
    with pytest.raises(ModelError, match="changed"):
        store.import_file(made)
    assert left_in(folder) == []


def test_nothing_is_read_again_until_a_file_changes(
    store: ModelStore, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(file: BinaryIO) -> str:
        read.append("once")
        return model_file.digest(file)

    kept = store.import_file(landmarks(tmp_path / "a.onnx")).model.path
    monkeypatch.setattr(models, "digest", counting)
    before = ModelStore(CATALOGUE, folder).require(LANDMARKS)
    assert read == []
    landmarks(kept, seed=3)
    os.utime(kept, ns=(1, 1))
    after = ModelStore(CATALOGUE, folder).require(LANDMARKS)
    assert read == ["once"]
    assert after.sha256 == sha256(kept) != before.sha256


@pytest.mark.parametrize(
    "index", [b"", b"[]", b"{", b'{"files": 7, "accepted": 3}', b'{"files": {"a": [1]}}', b"[" * 9999]
)
def test_a_damaged_index_costs_nothing_but_time(store: ModelStore, folder: Path, tmp_path: Path, index: bytes) -> None:
    store.import_file(landmarks(tmp_path / "a.onnx"))
    (folder / "index.json").write_bytes(index)
    again = ModelStore(CATALOGUE, folder)
    assert again.require(LANDMARKS).sha256 == sha256(tmp_path / "a.onnx")
    assert not again.is_accepted(CATALOGUE.find(LANDMARKS).licence)


@pytest.mark.parametrize(
    ("key", "value"), [("sha256", []), ("sha256", {}), ("fits", LANDMARKS), ("fits", [[]]), ("mtime_ns", "1")]
)
def test_an_entry_of_the_index_that_makes_no_sense_is_read_anew(
    store: ModelStore, folder: Path, tmp_path: Path, key: str, value: object
) -> None:
    store.import_file(landmarks(tmp_path / "a.onnx"))
    index = json.loads((folder / "index.json").read_text())
    for row in index["files"].values():
        row[key] = value
    (folder / "index.json").write_text(json.dumps(index))
    assert ModelStore(CATALOGUE, folder).require(LANDMARKS).sha256 == sha256(tmp_path / "a.onnx")


def test_what_another_version_of_the_app_found_out_of_files_is_not_believed(
    store: ModelStore, folder: Path, tmp_path: Path
) -> None:
    licence = CATALOGUE.find(LANDMARKS).licence
    store.import_file(landmarks(tmp_path / "a.onnx"))
    store.accept(licence)
    index = json.loads((folder / "index.json").read_text())
    rows = {path: {**row, "fits": []} for path, row in index["files"].items()}
    (folder / "index.json").write_text(json.dumps({**index, "version": "0.0.1", "files": rows}))
    later = ModelStore(CATALOGUE, folder)
    assert later.find(LANDMARKS) is not None
    assert later.is_accepted(licence)


@NOBODY_READS_FIFOS
def test_an_index_that_is_a_pipe_is_not_waited_for(store: ModelStore, folder: Path, tmp_path: Path) -> None:
    store.import_file(landmarks(tmp_path / "a.onnx"))
    (folder / "index.json").unlink()
    os.mkfifo(folder / "index.json")
    assert ModelStore(CATALOGUE, folder).find(LANDMARKS) is not None


def test_an_index_of_absurd_size_is_not_read(store: ModelStore, folder: Path, tmp_path: Path) -> None:
    licence = CATALOGUE.find(LANDMARKS).licence
    store.accept(licence)
    text = (folder / "index.json").read_text()
    (folder / "index.json").write_text(text + " " * 5_000_000)
    assert not ModelStore(CATALOGUE, folder).is_accepted(licence)


def test_what_a_killed_import_left_is_gone_after_the_next_and_one_at_work_is_left_alone(
    store: ModelStore, folder: Path, tmp_path: Path
) -> None:
    old, at_work = folder / ".mirror-0123456789ab.onnx", folder / ".mirror-ba9876543210.onnx"
    for path in (old, at_work):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    store.import_file(landmarks(tmp_path / "a.onnx"))
    assert not old.exists()
    assert at_work.exists()


def test_a_model_that_cannot_be_deleted_is_said_to_be_so(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.import_file(landmarks(tmp_path / "a.onnx"))

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(OutputError, match="cannot be deleted"):
        store.remove(LANDMARKS)


def test_a_file_that_was_damaged_in_the_store_is_not_used_and_said(store: ModelStore, tmp_path: Path) -> None:
    kept = store.import_file(landmarks(tmp_path / "a.onnx")).model.path
    kept.write_bytes(kept.read_bytes()[:-5])
    assert store.installed() == []
    assert store.damaged() == [kept]
    with pytest.raises(ModelError, match="models get landmarks_2d106"):
        store.require(LANDMARKS)


def pack_of(tmp_path: Path) -> Path:
    pack = tmp_path / "buffalo_l"
    pack.mkdir()
    return pack


def test_a_pack_is_used_and_never_written_to(folder: Path, tmp_path: Path) -> None:
    pack = pack_of(tmp_path)
    path = landmarks(pack / "2d106det.onnx")
    landmarks(pack / "another.onnx", seed=4)
    pack.chmod(0o500)
    store = ModelStore(CATALOGUE, folder, [pack, tmp_path / "missing"])
    assert [(one.spec.name, one.path) for one in store.installed()] == [(LANDMARKS, path)]
    with pytest.raises(ModelError, match="only read"):
        store.remove(LANDMARKS)
    assert path.is_file()
    pack.chmod(0o700)


def test_a_renamed_file_in_a_pack_is_known_by_its_digest(folder: Path, tmp_path: Path) -> None:
    pack = pack_of(tmp_path)
    path = landmarks(pack / "renamed.onnx")
    catalogue = with_file(CATALOGUE, LANDMARKS, replace(published(path), name="2d106det.onnx"))
    assert ModelStore(catalogue, folder, [pack]).require(LANDMARKS).is_known
    landmarks(path, seed=1)
    assert ModelStore(catalogue, folder, [pack]).find(LANDMARKS) is None


def test_a_file_of_the_right_name_and_the_wrong_tensors_in_a_pack_is_left_alone(folder: Path, tmp_path: Path) -> None:
    pack = pack_of(tmp_path)
    converter(pack / "2d106det.onnx")
    store = ModelStore(CATALOGUE, folder, [pack])
    assert store.installed() == []
    assert store.damaged() == []


def test_the_store_comes_before_packs(folder: Path, tmp_path: Path) -> None:
    pack = pack_of(tmp_path)
    landmarks(pack / "2d106det.onnx")
    store = ModelStore(CATALOGUE, folder, [pack])
    own = store.import_file(landmarks(tmp_path / "own.onnx", seed=2)).model
    assert store.require(LANDMARKS).path == own.path
    store.remove(LANDMARKS)
    assert store.require(LANDMARKS).path.parent == pack


def test_what_is_needed_and_not_there_is_named(store: ModelStore, tmp_path: Path) -> None:
    assert [spec.name for spec in store.missing_needs("ghost_1_256")] == ["arcface_w600k_r50", CONVERTER]
    store.import_file(converter(tmp_path / "a.onnx"), CONVERTER)
    assert [spec.name for spec in store.missing_needs("ghost_1_256")] == ["arcface_w600k_r50"]


def test_a_converted_file_is_moved_in_beside_its_original(store: ModelStore, folder: Path, tmp_path: Path) -> None:
    store.import_file(landmarks(tmp_path / "a.onnx"))
    made = landmarks(tmp_path / "made.onnx", seed=8)
    model_made = store.add_converted(LANDMARKS, "int8", made)
    assert (model_made.precision, made.exists()) == ("int8", False)
    assert [one.precision for one in store.installed()] == ["fp32", "int8"]
    with pytest.raises(ModelError, match="cannot be used"):
        store.add_converted(LANDMARKS, "fp16", converter(tmp_path / "wrong.onnx"))
    store.remove(LANDMARKS)
    assert left_in(folder) == ["index.json"]


def test_removing_what_is_not_there_is_said(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="not installed"):
        store.remove(LANDMARKS)


def test_an_accepted_licence_is_remembered_for_all_models_under_it_until_it_says_something_else(
    store: ModelStore, folder: Path, tmp_path: Path
) -> None:
    licence = CATALOGUE.find("inswapper_128").licence
    assert not store.is_accepted(licence)
    store.accept(licence)
    store.import_file(landmarks(tmp_path / "a.onnx"))
    again = ModelStore(CATALOGUE, folder)
    assert again.is_accepted(CATALOGUE.find("scrfd_10g").licence)
    assert not again.is_accepted(CATALOGUE.find("uniface_256").licence)
    assert CATALOGUE.find("uniface_256").licence.name == CATALOGUE.find("hififace_unofficial_256").licence.name
    again.accept(CATALOGUE.find("uniface_256").licence)
    assert not again.is_accepted(CATALOGUE.find("hififace_unofficial_256").licence)


Import = Callable[[ModelStore, Path], object]


@pytest.mark.parametrize("action", [lambda s, p: s.import_file(p), lambda s, p: s.add_converted(LANDMARKS, "fp32", p)])
def test_a_store_that_cannot_be_written_to_says_so(tmp_path: Path, action: Import) -> None:
    store = ModelStore(CATALOGUE, tmp_path / "missing")
    with pytest.raises(MirrorError, match="not written"):
        action(store, landmarks(tmp_path / "a.onnx"))


def test_the_users_store_finds_files_in_and_beside_packs_of_insightface(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "insightface_dir", lambda: tmp_path / "packs")
    monkeypatch.setattr(models, "models_dir", lambda: tmp_path)
    assert models.open_store().installed() == []
    (tmp_path / "packs" / "buffalo_l").mkdir(parents=True)
    landmarks(tmp_path / "packs" / "buffalo_l" / "2d106det.onnx")
    saved(model_of(CATALOGUE.find("inswapper_128")), tmp_path / "packs" / "inswapper_128.onnx")
    assert {one.spec.name for one in models.open_store().installed()} == {LANDMARKS, "inswapper_128"}


def test_a_catalogue_without_models_has_none(folder: Path) -> None:
    assert ModelStore(Catalogue({}), folder).installed() == []


@given(place=st.integers(0, len(WHOLE) - 1), piece=st.binary(max_size=12), is_cut=st.booleans())
def test_a_file_with_any_damage_is_read_or_refused_and_nothing_else(place: int, piece: bytes, is_cut: bool) -> None:
    damaged = WHOLE[:place] + piece + (b"" if is_cut else WHOLE[place + len(piece) :])
    with tempfile.TemporaryFile() as file:
        file.write(damaged)
        file.flush()
        with suppress(ModelError):
            fitting(CATALOGUE, read_signature(file, "a.onnx"))

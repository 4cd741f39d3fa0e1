"""Room: tests. The golden checks pass what is right and name what is wrong, on the networks' twins."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx
import pytest

from mirror_app.capture.demo import DemoCamera
from mirror_app.domain.templates import five_landmarks
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.factory import Device
from mirror_app.runtime.models import ModelStore
from mirror_app.tools.models.check import check_model
from mirror_app.tools.models.rows import CheckedStage
from tests.twins import FaceAt, analytic, architecture, facts, zero_cost

_TECHNICAL = ["file", "tensors", "loads", "runs"]


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    folder = tmp_path / "store"
    folder.mkdir()
    return ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), folder)


def _checked(store: ModelStore, name: str) -> dict[str, CheckedStage]:
    return {str(stage.name): stage for stage in check_model(store, name, Device.CPU)}


@pytest.mark.parametrize(
    ("name", "fails"),
    [
        ("inswapper_128", "keeps the pose"),
        ("scrfd_10g", "finds the face"),
        (facts.RECOGNISER, "tells people apart"),
        ("landmarks_2d106", "finds the face"),
        ("landmarks_1k3d68", "finds the face"),
        ("bisenet_resnet_18", "sees the face's region"),
        ("xseg_1", "sees the face's region"),
    ],
)
def test_random_weights_run_but_do_not_pass_for_the_real_ones(
    store: ModelStore, tmp_path: Path, name: str, fails: str
) -> None:
    needed = store.catalogue.find(name).needs
    for model in (name, *needed):
        store.import_file(architecture(model, tmp_path, 1 / 32), model)
    stages = _checked(store, name)
    assert [str(stage) for stage in stages if stages[stage].passed][:4] == _TECHNICAL
    assert not stages[fails].passed
    assert stages[fails].detail


def test_a_detector_that_sees_the_head_where_it_is_finds_the_face(store: ModelStore, tmp_path: Path) -> None:
    truth = five_landmarks(DemoCamera().frame_at(0).mesh_points)
    reach = FaceAt(box_xyxy=(0, 0, 1, 1)).landmarks
    size = float(np.ptp(truth[:2, 0]) / np.ptp(reach[:2, 0]))
    left, top = truth.mean(0) - size * reach.mean(0)
    face = FaceAt((1280, 720), (left, top, left + size, top + size))
    store.import_file(zero_cost("scrfd_10g", tmp_path, face), "scrfd_10g")
    stages = _checked(store, "scrfd_10g")
    assert stages["finds the face"].passed
    assert not stages["output"].passed  # it answers the same to every picture


def test_an_identity_swap_keeps_the_pose_and_the_identity(store: ModelStore, tmp_path: Path) -> None:
    store.import_file(zero_cost("inswapper_128", tmp_path), "inswapper_128")
    store.import_file(analytic(facts.RECOGNISER, tmp_path), facts.RECOGNISER)
    stages = _checked(store, "inswapper_128")
    assert stages["swaps"].passed
    assert stages["keeps the pose"].passed
    assert not stages["changes the identity"].passed


def test_a_file_that_changed_behind_the_stores_back_is_named(store: ModelStore, tmp_path: Path) -> None:
    name = "crossface_ghost"
    installed = store.import_file(analytic(name, tmp_path), name).model
    stats = installed.path.stat()
    content = bytearray(installed.path.read_bytes())
    content[len(content) // 2] ^= 1
    installed.path.write_bytes(content)
    os.utime(installed.path, ns=(stats.st_atime_ns, stats.st_mtime_ns))
    assert not _checked(store, name)["file"].passed


def test_numbers_that_are_not_finite_are_counted(store: ModelStore, tmp_path: Path) -> None:
    name = "crossface_ghost"
    path = analytic(name, tmp_path)
    file = onnx.load(path)
    wrong = np.full((512, 512), np.nan, np.float32)
    file.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(wrong, file.graph.initializer[0].name))
    onnx.save(file, path)
    store.import_file(path, name)
    stage = _checked(store, name)["output"]
    assert not stage.passed
    assert "not finite" in stage.detail


@pytest.mark.parametrize("is_same", [True, False])
def test_a_smaller_model_is_held_against_the_exact_one(store: ModelStore, tmp_path: Path, is_same: bool) -> None:
    store.import_file(analytic("xseg_1", tmp_path), "xseg_1")
    make = analytic if is_same else zero_cost
    store.add_converted("xseg_1", "fp16", make("xseg_1", tmp_path / "smaller"))
    assert _checked(store, "xseg_1")["fp16"].passed == is_same

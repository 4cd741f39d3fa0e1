"""Room: tests. Opening a mirror: which engines there are, and what a missing or damaged model says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from mirror_app import resources
from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.frame import Frame
from mirror_app.pipeline import assembly
from mirror_app.pipeline.assembly import open_enroller, open_mirror
from mirror_app.pipeline.result import MirrorControls, MirrorState, Unsafe
from tests.portrait import plain_target

MODELS = ("face_detection_short_range.onnx", "face_detection_full_range.onnx", "face_landmark.onnx")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped models that a test may spoil."""
    copied = tmp_path / "models"
    copied.mkdir()
    for name in MODELS:
        shutil.copy(resources.assets_dir() / "models" / name, copied)
    monkeypatch.setattr(assembly, "assets_dir", lambda: tmp_path)
    return copied


@pytest.mark.parametrize("engine", ["auto", "mesh"])
def test_every_engine_opens_on_this_computer(engine: str) -> None:
    mirror = open_mirror(engine)
    assert (mirror.engine, mirror.device) == ("mesh", "CPU")


def test_a_fresh_mirror_has_no_target_the_swap_on_and_the_label_on() -> None:
    controls = open_mirror().controls
    assert controls.target is None
    assert controls.swap_on
    assert controls.label_on


@pytest.mark.parametrize("engine", ["", "Mesh", "neural", "auto "])
def test_an_unknown_engine_is_refused_with_the_names_there_are(engine: str) -> None:
    with pytest.raises(InputError, match="Choose one of these: auto, mesh, inswapper_128, inswapper_128@256"):
        open_mirror(engine)


@pytest.mark.parametrize("thorough", [False, True])
def test_only_a_thorough_mirror_lets_frames_with_nobody_in_them_leave(thorough: bool) -> None:
    mirror = open_mirror(thorough=thorough)
    mirror.controls = MirrorControls(target=plain_target())
    wall = np.full((120, 160, 3), 120, np.uint8)
    result = mirror.process(Frame(wall, 0, 0))
    assert result.unsafe is Unsafe.NO_FACE
    assert result.state is (MirrorState.LIVE if thorough else MirrorState.SHIELD)
    assert bool((result.safe.image_bgr == wall).all()) == thorough


@pytest.mark.parametrize("name", MODELS)
def test_a_missing_model_is_named(models: Path, name: str) -> None:
    (models / name).unlink()
    with pytest.raises(ModelError, match=f"{name} cannot be loaded. Install mirror-app again"):
        open_mirror()
    with pytest.raises(ModelError, match=name):
        open_enroller()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_in_anothers_place_is_noticed(models: Path, name: str) -> None:
    wrong = "face_landmark.onnx" if "detection" in name else "face_detection_short_range.onnx"
    shutil.copy(resources.assets_dir() / "models" / wrong, models / name)
    with pytest.raises(ModelError, match=f"{name} is not a"):
        open_mirror()


def test_the_two_detectors_are_not_mistaken_for_each_other(models: Path) -> None:
    short, full = (models / name for name in MODELS[:2])
    content = short.read_bytes()
    short.write_bytes(full.read_bytes())
    full.write_bytes(content)
    with pytest.raises(ModelError, match="is not a"):
        open_mirror()

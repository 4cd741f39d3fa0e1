"""Room: tests. A smaller model is kept only where it was measured to be good enough."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError, OutputError
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.models import ModelStore
from mirror_app.tools.models import convert
from mirror_app.tools.models.convert import convert_model
from tests.twins import architecture

CATALOGUE = load_catalogue(assets_dir() / "models" / "catalogue.toml")


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to see that it works."""
    monkeypatch.setattr(convert, "_PICTURES_TO_LEARN", 2)
    monkeypatch.setattr(convert, "_PICTURES_TO_JUDGE", 2)


def store_with(folder: Path, name: str, precision: str = "fp32", width: float = 1 / 16) -> ModelStore:
    folder.mkdir(exist_ok=True)
    architecture(name, folder, width).rename(folder / f"{name}.{precision}.onnx")
    return ModelStore(CATALOGUE, folder)


@pytest.mark.parametrize(
    "name",
    ["scrfd_500m", "landmarks_1k3d68", "arcface_w600k_r50", "ghost_1_256", "crossface_ghost", "xseg_1"],
)
def test_a_model_of_every_role_is_halved(tmp_path: Path, name: str) -> None:
    store = store_with(tmp_path / "models", name)
    steps: list[str] = []
    done = convert_model(store, name, "fp16", steps.append, seconds=0)
    assert (done.trouble, done.path) == ("", tmp_path / "models" / f"{name}.fp16.onnx")
    assert 0.4 * done.exact.size_bytes < done.smaller.size_bytes < 0.75 * done.exact.size_bytes
    assert len(steps) == 3
    found = store.find(name, "fp16")
    assert found is not None
    assert found.path == done.path
    json.dumps(done.as_json(), allow_nan=False)


def test_a_swapper_runs_on_8_bit_numbers(tmp_path: Path) -> None:
    store = store_with(tmp_path / "models", "blendswap_256")
    done = convert_model(store, "blendswap_256", "int8", lambda _: None, seconds=0)
    assert done.trouble == ""
    assert done.loss.psnr_db >= 30


def test_what_is_not_good_enough_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "models"
    store = store_with(folder, "bisenet_resnet_18")
    before = {path.name for path in folder.iterdir()}
    done = convert_model(store, "bisenet_resnet_18", "int8", lambda _: None, seconds=0)
    assert done.path is None
    assert "of the pixels agree" in done.trouble
    assert store.find("bisenet_resnet_18", "int8") is None
    assert {path.name for path in folder.iterdir()} - {"index.json"} == before - {"index.json"}
    assert list(tmp_path.iterdir()) == [folder]


def test_only_the_exact_file_can_be_converted(tmp_path: Path) -> None:
    store = store_with(tmp_path / "models", "xseg_1", precision="fp16")
    with pytest.raises(ModelError, match="in FP16 only"):
        convert_model(store, "xseg_1", "int8", lambda _: None)
    with pytest.raises(ModelError, match="not installed"):
        convert_model(store, "xseg_2", "int8", lambda _: None)


def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(convert, "convert", full)
    store = store_with(tmp_path / "models", "landmarks_2d106")
    with pytest.raises(OutputError):
        convert_model(store, "landmarks_2d106", "fp16", lambda _: None, seconds=0)


def test_ctrl_c_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    store = store_with(tmp_path / "models", "landmarks_2d106")

    def stop(step: str) -> None:
        if "Comparing" in step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert_model(store, "landmarks_2d106", "fp16", stop, seconds=0)
    assert list(temporary.iterdir()) == []
    assert store.find("landmarks_2d106", "fp16") is None

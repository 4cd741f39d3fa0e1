"""Room: tests. A bench of a model has a row for each precision that is there, and says what really ran it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.factory import Device
from mirror_app.runtime.models import ModelStore
from mirror_app.tools.models import convert
from mirror_app.tools.models.bench import bench_model
from mirror_app.tools.models.convert import convert_model
from tests.twins import architecture

NAME = "landmarks_2d106"


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to see that it works."""
    monkeypatch.setattr(convert, "_PICTURES_TO_LEARN", 2)
    monkeypatch.setattr(convert, "_PICTURES_TO_JUDGE", 2)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    folder = tmp_path / "models"
    folder.mkdir()
    architecture(NAME, tmp_path, 1 / 8).rename(folder / f"{NAME}.fp32.onnx")
    return ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), folder)


def test_each_precision_that_is_there_has_a_row(store: ModelStore) -> None:
    convert_model(store, NAME, "int8", lambda _: None, seconds=0)
    convert_model(store, NAME, "fp16", lambda _: None, seconds=0)
    rows = bench_model(store, NAME, seconds=0)
    assert [row.precision for row in rows] == ["fp32", "fp16", "int8"]
    for row in rows:
        model = store.find(NAME, row.precision)
        assert model is not None
        assert row.size_bytes == model.path.stat().st_size
        assert 0 < row.run_ms.p50 <= row.run_ms.p95
        assert row.load_s > 0
        assert row.runs >= 5
        json.dumps(row.as_json())


def test_a_row_says_what_ran_it_and_why_not_the_card(store: ModelStore) -> None:
    (row,) = bench_model(store, NAME, seconds=0, device=Device.CPU)
    assert (row.device, row.provider, row.note) == ("CPU", "CPUExecutionProvider", "")
    (row,) = bench_model(store, NAME, seconds=0, device=Device.GPU)
    assert (row.provider == "CUDAExecutionProvider") == (row.note == "")


def test_a_model_that_is_not_there_is_an_error_that_says_how_to_get_it(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="mirror-app models get"):
        bench_model(store, "xseg_1", seconds=0)

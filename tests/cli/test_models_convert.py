"""Room: tests. `mirror-app models convert` and `models bench` say what was made and measured, in text and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirror_app.cli import main
from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.models import ModelStore
from mirror_app.tools.models import convert
from mirror_app.tools.models.precision_loss import PrecisionLoss
from tests.twins import architecture

NAME = "landmarks_2d106"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one small model, looked at briefly."""
    made = tmp_path / "models"
    made.mkdir()
    architecture(NAME, tmp_path, 1 / 8).rename(made / f"{NAME}.fp32.onnx")
    catalogue = load_catalogue(assets_dir() / "models" / "catalogue.toml")
    for module in ("models_convert", "models_bench"):
        monkeypatch.setattr(f"mirror_app.cli.{module}.open_store", lambda: ModelStore(catalogue, made))
    monkeypatch.setattr("mirror_app.tools.models.bench._MOST_RUNS", 6)
    monkeypatch.setattr(convert, "_PICTURES_TO_LEARN", 2)
    monkeypatch.setattr(convert, "_PICTURES_TO_JUDGE", 2)
    return made


def test_a_conversion_reports_size_speed_and_difference(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["models", "convert", NAME, "--precision", "fp16"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["FP32", "FP16"]
    assert "Difference from FP32 on 2 pictures" in lines[3]
    assert lines[4] == f"The FP16 file was kept: {folder / f'{NAME}.fp16.onnx'}"
    assert "Making the FP16 file" in said.err


def test_programs_read_the_report_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "convert", NAME, "--precision", "int8", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert (table["name"], table["precision"], table["kept"]) == (NAME, "int8", True)
    assert table["int8"]["size_bytes"] < table["fp32"]["size_bytes"]
    assert table["loss"]["psnr_db"] > 30


def test_what_is_not_kept_is_said_with_the_reason_and_an_exit_code(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = PrecisionLoss(largest=2, mean=1, psnr_db=3, cosine=0, agreement=0, is_finite=True)
    monkeypatch.setattr(convert, "compare", lambda *_: bad)
    assert main(["models", "convert", NAME, "--precision", "int8"]) == ModelError.exit_code
    assert "The INT8 file was not kept: it differs too much from FP32: 3.0 dB" in capsys.readouterr().out
    assert not (folder / f"{NAME}.int8.onnx").exists()


def test_a_bench_has_a_row_for_each_precision(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "convert", NAME, "--precision", "fp16"]) == 0
    capsys.readouterr()
    assert main(["models", "bench", NAME]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["FP32", "FP16"]
    assert main(["models", "bench", NAME, "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert [row["precision"] for row in table["rows"]] == ["fp32", "fp16"]
    assert all(row["provider"] and row["device"] for row in table["rows"])


@pytest.mark.parametrize("words", [["convert", "xseg_1", "--precision", "int8"], ["bench", "xseg_1"]])
def test_a_model_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["models", *words]) == ModelError.exit_code
    assert "not installed" in capsys.readouterr().err

"""Room: tests. Render, batch and bench say which way of swapping they took, why, and what went wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import pytest

from mirror_app.cli import main
from mirror_app.resources import models_dir
from mirror_app.runtime.models import open_store
from tests.fakes import first_face
from tests.twins import analytic, zero_cost

SWAPPER = "inswapper_128"
ENGINE_KEYS = {"engine", "device", "why", "trouble"}


@pytest.fixture(autouse=True)
def own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a swapper and its recogniser."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("mirror_app.pipeline.neural.usable_card", lambda: "")
    store = open_store()
    for name in ("arcface_w600k_r50", SWAPPER):
        store.import_file(zero_cost(name, tmp_path), name)
    return models_dir()


def break_swapper(folder: Path, tmp_path: Path) -> None:
    """Put a network there that gives nothing at all, whatever it promises."""
    proto = onnx.load(analytic(SWAPPER, tmp_path / "broken"))
    (output,) = proto.graph.output
    for node in proto.graph.node:
        node.output[:] = ["all" if name == output.name else name for name in node.output]
    for name, place in (("none", 0), ("first", 0)):
        proto.graph.initializer.append(onnx.helper.make_tensor(name, onnx.TensorProto.INT64, [1], [place]))
    proto.graph.node.append(onnx.helper.make_node("Slice", ["all", "none", "first", "none"], [output.name]))
    output.type.tensor_type.shape.dim[0].dim_param = "n"
    onnx.save(proto, folder / f"{SWAPPER}.fp32.onnx")


def photo(inputs: Path) -> list[str]:
    return ["--target", str(inputs / "face.png"), "--consent", "fictional"]


def render(inputs: Path, tmp_path: Path, *words: str) -> list[str]:
    return ["render", str(inputs / "face.png"), str(tmp_path / "out.png"), *words]


@pytest.mark.parametrize(
    ("engine", "why"),
    [("auto", "without an NVIDIA graphics card"), ("mesh", "You chose"), (SWAPPER, "You chose the model")],
)
def test_render_says_why_the_engine_was_taken(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], engine: str, why: str
) -> None:
    assert main(render(inputs, tmp_path, *photo(inputs), "--engine", engine)) == 0
    assert why in capfd.readouterr().err


def test_auto_says_which_model_an_installed_one_lacks(
    inputs: Path, tmp_path: Path, own_models: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (own_models / "arcface_w600k_r50.fp32.onnx").unlink()
    assert main(render(inputs, tmp_path, *photo(inputs))) == 0
    assert "INSwapper 128 is installed, but cannot run without arcface_w600k_r50." in capfd.readouterr().err


def test_a_chosen_engine_that_cannot_wear_the_target_is_said_not_to(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(render(inputs, tmp_path, "--target", first_face().name, "--engine", SWAPPER, "--json")) == 0
    table = json.loads(capfd.readouterr().out)
    assert table["engine"] == "mesh"
    assert "photo" in table["why"]
    assert table["trouble"] == ""


def test_an_engine_that_failed_is_in_the_notes_and_another_made_the_picture(
    inputs: Path, tmp_path: Path, own_models: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    break_swapper(own_models, tmp_path)
    assert main(render(inputs, tmp_path, *photo(inputs), "--engine", SWAPPER, "--json")) == 0
    out, err = capfd.readouterr()
    table = json.loads(out)
    assert (table["engine"], table["swapped"]) == ("mesh", 1)
    assert "out of use" in table["trouble"]
    assert table["notes"] == [table["trouble"]]
    assert "Traceback" not in err


def test_a_batch_says_it_once_for_all_files(
    inputs: Path, tmp_path: Path, own_models: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    break_swapper(own_models, tmp_path)
    words = ["batch", str(inputs / "face.png"), "--out", str(tmp_path / "out"), *photo(inputs), "--engine", SWAPPER]
    assert main([*words, "--json"]) == 0
    table = json.loads(capfd.readouterr().out)
    assert table["notes"] == [table["trouble"]] != [""]
    assert main([*words, "--json"]) == 0
    assert {key: json.loads(capfd.readouterr().out)[key] for key in ("engine",)} == {"engine": ""}, "nothing was to do"


def test_a_bench_says_it_too(inputs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "--input", str(inputs / "face.png"), "--seconds", "0.1", "--size", "320x180", *photo(inputs)]
    assert main([*words, "--engine", SWAPPER, "--json"]) == 0
    table = json.loads(capfd.readouterr().out)
    assert table.keys() >= ENGINE_KEYS
    assert table["engine"] == SWAPPER
    assert "You chose the model" in table["why"]

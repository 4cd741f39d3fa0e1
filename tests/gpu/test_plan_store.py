"""Room: tests. Plans from the order to the verdict: built, run, built wider where they are not exact enough."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir, recipes_dir
from mirror_app.runtime.build_process import BuildPlace, look_around
from mirror_app.runtime.build_samples import recipe_samples
from mirror_app.runtime.build_source import source_file
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.convert import convert
from mirror_app.runtime.convert_int8 import to_int8
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.plan_file import plan_path, read_plan, write_sidecar
from mirror_app.runtime.plan_store import PlanStore, Wanted
from mirror_app.runtime.recipe import load_recipe
from mirror_app.runtime.verdict import forget_verdict, is_proven, read_verdict
from mirror_app.runtime.widening import Width
from tests.fake_cuda.builder import ALWAYS, INEXACT
from tests.fake_cuda.plan import packed, unpacked
from tests.twins import architecture

pytestmark = pytest.mark.gpu
_SMALL = "crossface_ghost"
_VECTORS = "arcface_w600k_r50"


class Workbench:
    """A store with one model, a folder of plans, and the card that is here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), folder / "models")
        self.models.folder.mkdir()
        (folder / "engines").mkdir(mode=0o700)
        self.plans = PlanStore(folder / "engines")
        self.place: BuildPlace = look_around()

    def wanted(self, name: str, precision: str) -> Wanted:
        recipe = load_recipe(recipes_dir(), self.models.catalogue.find(name))
        exact = architecture(name, self.folder, 1 / 64)
        if precision == "int8":
            small = self.folder / "small.onnx"
            convert(exact, small, recipe_samples(recipe, tuple(one.name for one in OrtBackend(exact).inputs)), to_int8)
            self.models.add_converted(name, "int8", small)
        self.models.import_file(exact, name)
        return Wanted(source_file(self.models, name, precision), precision, recipe, self.place)

    def path(self, wanted: Wanted) -> Path:
        return plan_path(self.plans.folder, wanted.source.spec.name, wanted.precision)

    def proven(self, wanted: Wanted) -> bool:
        path = self.path(wanted)
        return is_proven(read_verdict(path), read_plan(path), wanted.place)

    def left_in_folder(self) -> set[str]:
        return {one.suffix for one in self.plans.folder.iterdir()}


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(tmp_path)


def unheard(share: float) -> None:
    """Listen to nothing."""


@pytest.mark.parametrize(
    ("name", "precision"), [(_SMALL, "fp32"), (_SMALL, "fp16"), (_VECTORS, "fp16"), (_VECTORS, "int8")]
)
def test_a_plan_is_built_compared_and_believed(bench: Workbench, name: str, precision: str) -> None:
    wanted, shares = bench.wanted(name, precision), list[float]()
    plan = bench.plans.build(wanted, shares.append)
    assert (plan.width, plan.remark) == (Width.USUAL, "")
    assert shares == sorted(shares)
    assert bench.proven(wanted)
    assert bench.plans.trouble(wanted) == bench.plans.disproof(wanted, unheard) == ""
    assert read_plan(bench.path(wanted)) == plan
    assert bench.left_in_folder() == {".plan", ".json", ".verdict", ".cache"}


@pytest.mark.parametrize(
    ("name", "operators", "width", "remark"),
    [
        (_SMALL, "Gemm", Width.SUMS, "built with more layers in FP32, because its output differs from ONNX Runtime's"),
        (_VECTORS, "Conv", Width.ALL, "built with all layers in FP32, because its vectors differ from ONNX Runtime's"),
    ],
)
@pytest.mark.usefixtures("fake")
def test_what_half_precision_gets_wrong_is_built_again_with_more_in_fp32(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, name: str, operators: str, width: Width, remark: str
) -> None:
    monkeypatch.setenv(INEXACT, operators)
    wanted = bench.wanted(name, "fp16")
    plan = bench.plans.build(wanted, unheard)
    assert plan.width == width
    assert plan.remark.startswith(remark)
    assert read_plan(bench.path(wanted)) == plan
    assert bench.plans.trouble(wanted) == ""
    assert bench.proven(wanted)


@pytest.mark.parametrize(
    ("source", "precision", "words"),
    [
        ("fp32", "fp16", "is not used, also with all layers in FP32 its output differs"),
        ("fp32", "fp32", "is not used, also with all layers in FP32 its output differs"),
        ("fp16", "fp16", "is not used, its output differs"),
    ],
)
@pytest.mark.usefixtures("fake")
def test_a_plan_that_stays_wrong_is_an_error_and_the_older_one_stays(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, source: str, precision: str, words: str
) -> None:
    wanted = bench.wanted(_SMALL, precision)
    bench.plans.build(wanted, unheard)
    before = {one.name: one.read_bytes() for one in bench.plans.folder.iterdir()}
    monkeypatch.setenv(INEXACT, ALWAYS)
    wanted = replace(wanted, source=replace(wanted.source, precision=source))
    with pytest.raises(ModelError, match=words):
        bench.plans.build(wanted, unheard)
    assert {one.name: one.read_bytes() for one in bench.plans.folder.iterdir()} == before


def test_without_pycuda_a_plan_is_built_and_left_to_the_app_to_compare(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = bench.wanted(_SMALL, "fp32")
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "pycuda.py").write_text("raise ImportError('not here')")
    monkeypatch.syspath_prepend(tmp_path / "blocked")
    plan = bench.plans.build(wanted, unheard)
    assert plan.remark.startswith("not compared with ONNX Runtime")
    assert "pycuda" in plan.remark
    assert read_plan(bench.path(wanted)).remark == ""
    assert not bench.proven(wanted)
    assert bench.plans.disproof(wanted, unheard) == ""


def test_a_plan_that_ends_its_process_is_not_kept(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = bench.wanted(_SMALL, "fp32")
    (tmp_path / "deadly").mkdir()
    (tmp_path / "deadly" / "pycuda.py").write_text("import os; os._exit(3)")
    monkeypatch.syspath_prepend(tmp_path / "deadly")
    with pytest.raises(ModelError, match="it ended with exit code 3"):
        bench.plans.build(wanted, unheard)
    assert not list(bench.plans.folder.iterdir())


def test_another_driver_means_another_comparison(bench: Workbench) -> None:
    wanted = bench.wanted(_SMALL, "fp32")
    bench.plans.build(wanted, unheard)
    newer = replace(wanted, place=replace(bench.place, card=replace(bench.place.card, cuda="99.0")))
    assert bench.plans.trouble(newer) == ""
    assert not bench.proven(newer)
    assert bench.plans.disproof(newer, unheard) == ""
    assert bench.proven(newer)


@pytest.mark.usefixtures("fake")
def test_a_plan_that_another_driver_runs_wrongly_is_found_out(bench: Workbench) -> None:
    wanted = bench.wanted(_SMALL, "fp32")
    bench.plans.build(wanted, unheard)
    _skew(bench, wanted)
    assert "differs from ONNX Runtime's" in bench.plans.disproof(wanted, unheard)
    assert not bench.proven(wanted)


def _skew(bench: Workbench, wanted: Wanted) -> None:
    """Put a plan in its place whose sidecar fits it and whose numbers do not."""
    path = bench.path(wanted)
    plan = read_plan(path)
    network, decisions = unpacked(path.read_bytes())
    content = packed(network, replace(decisions, skew=100.0))
    path.write_bytes(content)
    write_sidecar(path, replace(plan, sha256=sha256(content).hexdigest(), size_bytes=len(content)))
    forget_verdict(path)

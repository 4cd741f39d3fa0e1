"""Room: tests. Plans of the installed models: how they stand, and building them one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mirror_app.domain.errors import MissingLibraryError, ModelError
from mirror_app.resources import recipes_dir
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.child import Answer
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.plan_file import Plan, plan_path, write_sidecar
from mirror_app.runtime.plan_store import PlanStore, Wanted
from mirror_app.runtime.verdict import Verdict, write_verdict
from mirror_app.tools.models import prepare
from mirror_app.tools.models.plan_rows import BuildStep, Outcome, Standing, Survey
from mirror_app.tools.models.plan_shop import PlanShop
from mirror_app.tools.models.prepare import PlanWorkshop
from tests.runtime.real_builder import CARD, catalogue
from tests.twins import architecture

GHOST, ARC = "crossface_ghost", "arcface_w600k_r50"
CONTENT = b"plan"
HERE = BuildPlace(CARD, "11.4")
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class FakeBuilder(PlanStore):
    """Writes four bytes instead of a plan; everything around that is real."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.built: list[str] = []
        self.failing: set[str] = set()
        self.doubts: dict[str, str] = {}

    def disproof(self, wanted: Wanted, tell: Callable[[float], None]) -> str:
        return self.doubts.get(wanted.source.spec.name, "")

    def build(self, wanted: Wanted, tell: Callable[[float], None]) -> Plan:
        name = wanted.source.spec.name
        self.built.append(f"{name} {wanted.precision}")
        tell(0.5)
        if name in self.failing:
            raise ModelError("TensorRT could not build {name}: {why}", name=name, why="no")
        tell(1.0)
        path = plan_path(self.folder, name, wanted.precision)
        path.touch(mode=0o600)
        path.write_bytes(CONTENT)
        plan = Plan(wanted.facts(), SHA256, len(CONTENT), 1, 1.0, wanted.place.card.cuda)
        write_sidecar(path, plan)
        return plan


class Bench:
    """Two installed models, a folder of plans, a card."""

    def __init__(self, folder: Path) -> None:
        self.plans = FakeBuilder(folder / "engines")
        self.plans.folder.mkdir(mode=0o700)
        (folder / "models").mkdir()
        self.store = ModelStore(catalogue(), folder / "models")
        self.place: BuildPlace | MissingLibraryError = HERE
        self.looks = 0
        self.steps: list[BuildStep] = []
        self.workshop = PlanWorkshop(self.store, self.plans, recipes_dir(), self._look)

    def _look(self) -> BuildPlace:
        self.looks += 1
        if isinstance(self.place, MissingLibraryError):
            raise self.place
        return self.place

    def prepare(self, *names: str, precision: str = "", is_forced: bool = False) -> list[Outcome]:
        asked = self.workshop.names(names)
        return list(self.workshop.prepare(asked, self.steps.append, precision=precision, is_forced=is_forced))

    def standings(self) -> dict[str, Standing]:
        return {row.name: row.standing for row in self.workshop.survey().rows}


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("networks")
    return {name: architecture(name, folder, 1 / 64) for name in (GHOST, ARC)}


@pytest.fixture
def bench(tmp_path: Path, networks: dict[str, Path]) -> Bench:
    made = Bench(tmp_path)
    for name, path in networks.items():
        made.store.import_file(path, name)
    return made


def test_without_a_model_no_card_is_looked_for(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.workshop.survey() == Survey()
    assert bench.looks == 0
    with pytest.raises(ModelError, match="No model is installed"):
        bench.workshop.names()
    with pytest.raises(ModelError, match="is not installed"):
        bench.workshop.names([GHOST])


def test_what_is_missing_is_built_once_and_then_ready(bench: Bench) -> None:
    assert bench.standings() == {GHOST: Standing.MISSING, ARC: Standing.MISSING}
    outcomes = bench.prepare()
    assert {(one.name, one.precision) for one in outcomes} == {(GHOST, "fp32"), (ARC, "fp16")}
    assert all(one.plan is not None and one.error is None for one in outcomes)
    survey = bench.workshop.survey()
    assert (survey.card, survey.trouble, survey.waiting, survey.has_models) == (CARD.name, "", [], True)
    assert bench.standings() == {GHOST: Standing.READY, ARC: Standing.READY}
    bench.plans.built.clear()
    assert all(one.plan is None and one.error is None for one in bench.prepare())
    assert bench.plans.built == []
    bench.prepare(GHOST, GHOST, is_forced=True)
    assert bench.plans.built == [f"{GHOST} fp32"]


def other_card(bench: Bench) -> None:
    bench.place = replace(HERE, card=replace(CARD, name="NVIDIA GeForce RTX 4090"))


def other_driver(bench: Bench) -> None:
    bench.place = replace(HERE, card=replace(CARD, cuda="13.2"))


def other_library(bench: Bench) -> None:
    bench.place = replace(HERE, tensorrt="10.16")


def cut(bench: Bench) -> None:
    plan_path(bench.plans.folder, GHOST, "fp32").write_bytes(CONTENT[:-1])


def writable(bench: Bench) -> None:
    plan_path(bench.plans.folder, GHOST, "fp32").chmod(0o666)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (other_card, "it was built for NVIDIA GeForce RTX 3060"),
        (other_driver, "the driver is another one"),
        (other_library, "it was built for 11.4"),
        (cut, "is damaged"),
        (writable, "may be somebody else's"),
    ],
)
def test_a_plan_of_something_else_must_be_prepared_again(
    bench: Bench, change: Callable[[Bench], None], why: str
) -> None:
    bench.prepare(GHOST)
    write_verdict(plan_path(bench.plans.folder, GHOST, "fp32"), Verdict(SHA256, CARD.cuda, 0.0, 0.0, 90.0, 1.0))
    assert bench.standings()[GHOST] is Standing.READY
    change(bench)
    (row,) = bench.workshop.survey().stale
    assert row.name == GHOST
    assert why in row.why


def test_a_plan_that_was_never_compared_is_no_reason_to_build_it_at_each_start(bench: Bench) -> None:
    bench.prepare(GHOST)
    other_driver(bench)
    assert bench.workshop.survey().stale == []


def test_under_another_driver_a_plan_is_built_again_only_if_it_says_something_else(bench: Bench) -> None:
    bench.prepare()
    bench.plans.built.clear()
    bench.plans.doubts[ARC] = "its output is not finite"
    bench.prepare()
    assert bench.plans.built == [f"{ARC} fp16"]


def test_a_plan_of_a_precision_that_somebody_chose_is_the_one_that_is_kept_fresh(bench: Bench) -> None:
    bench.prepare(ARC, precision="fp32")
    assert bench.standings()[ARC] is Standing.READY
    other_card(bench)
    bench.plans.built.clear()
    bench.prepare(ARC)
    assert bench.plans.built == [f"{ARC} fp32"]


def test_one_that_fails_does_not_stop_the_rest(bench: Bench) -> None:
    bench.plans.failing = {name := bench.workshop.names()[0]}
    outcomes = bench.prepare()
    assert [(one.name == name, one.error is not None, one.plan is not None) for one in outcomes] == [
        (True, True, False), (False, False, True),
    ]  # fmt: skip


def test_a_model_without_the_file_for_its_plan_says_what_is_missing(bench: Bench) -> None:
    fp32 = bench.store.folder / f"{GHOST}.fp32.onnx"
    fp32.rename(fp32.with_name(f"{GHOST}.fp16.onnx"))
    row = next(row for row in bench.workshop.survey().rows if row.name == GHOST)
    assert (row.standing, "not here in FP32" in row.why) == (Standing.IMPOSSIBLE, True)
    (outcome,) = bench.prepare(GHOST)
    assert outcome.error is not None


def test_every_step_says_which_model_and_how_far(bench: Bench) -> None:
    bench.prepare()
    assert [(step.number, step.count, step.share) for step in bench.steps] == [
        (1, 2, 0.0), (1, 2, 0.5), (1, 2, 1.0), (2, 2, 0.0), (2, 2, 0.5), (2, 2, 1.0),
    ]  # fmt: skip
    assert {(step.name, step.title, step.precision) for step in bench.steps} == {
        (GHOST, catalogue().find(GHOST).title, "fp32"),
        (ARC, catalogue().find(ARC).title, "fp16"),
    }


def test_a_stop_keeps_what_is_built_and_begins_nothing_more(bench: Bench) -> None:
    def stop() -> bool:
        return len(bench.plans.built) == 2

    outcomes = list(bench.workshop.prepare(bench.workshop.names(), bench.steps.append, stop=stop))
    assert len(outcomes) == 1
    assert sorted(bench.standings().values(), key=str) == [Standing.MISSING, Standing.READY]
    assert list(bench.workshop.prepare(bench.workshop.names(), bench.steps.append, stop=lambda: True)) == []


def test_what_the_listener_raises_ends_all_and_is_not_taken_for_a_failure(bench: Bench) -> None:
    def told(step: BuildStep) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(bench.workshop.prepare(bench.workshop.names(), told))


@pytest.mark.parametrize(
    ("lines", "card"),
    [(("card", "RTX", "8.6", "1", "13.0"), "RTX"), (("no driver",), ""), (("no card",), ""), ((), "")],
)
def test_without_tensorrt_the_card_is_asked_for_by_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], card: str
) -> None:
    bench.place = MissingLibraryError("TensorRT is not installed.")
    monkeypatch.setattr(prepare, "ask_child", lambda _question: Answer(lines, ""))
    assert bench.workshop.survey() == Survey(card, "TensorRT is not installed.", has_models=True)
    with pytest.raises(MissingLibraryError):
        bench.prepare()


@pytest.mark.parametrize(
    ("models", "plans", "has_some"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_start_looks_closer_only_where_there_are_models_and_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, models: bool, plans: bool, has_some: bool
) -> None:
    monkeypatch.setattr("mirror_app.tools.models.plan_shop.has_models", lambda: models)
    if plans:
        (tmp_path / "x.fp16.plan").touch()

    def never() -> ModelStore:
        raise AssertionError

    assert PlanShop(never, lambda: tmp_path).has_plans() is has_some


def test_the_window_sees_what_another_process_changed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def open_store() -> ModelStore:
        opened.append(ModelStore(catalogue(), bench.store.folder))
        return opened[-1]

    shop = PlanShop(open_store, lambda: bench.plans.folder)
    monkeypatch.setattr("mirror_app.runtime.build_process.look_around", lambda: HERE)
    assert len(shop.survey().waiting) == 2
    bench.prepare(GHOST)
    assert [row.name for row in shop.survey().waiting] == [ARC]
    assert [one.plan for one in shop.prepare([GHOST], bench.steps.append, lambda: True)] == []
    assert len(opened) == 3

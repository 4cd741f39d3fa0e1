"""Room: tests. A plan is found by its model, and used only when it was made of this model for this place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir, recipes_dir
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.child import Answer
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.plan_file import Plan, plan_path, write_sidecar
from mirror_app.runtime.plan_store import Wanted
from mirror_app.runtime.prepared_plans import PreparedPlans
from mirror_app.runtime.recipe import load_recipe
from mirror_app.runtime.trt_door import TrtDoor
from mirror_app.runtime.verdict import read_verdict
from tests.twins import zero_cost

CARD = GraphicsCard("NVIDIA GeForce RTX 3060", "8.6", 8 << 30, "13.0")
LIBRARY = "11.4.0.106"
CONTENT = b"plan" * 100
FOUND = Parity(is_finite=True, largest=0.01, mean=0.001, psnr_db=50.0, cosine=1.0)


def answer(*, card: GraphicsCard = CARD, tensorrt: str = LIBRARY) -> Answer:
    return Answer((card.name, card.compute_capability, str(card.memory_bytes), card.cuda, tensorrt), "")


class Bench:
    """A store with one model, and a folder in which a plan of it may lie."""

    def __init__(self, folder: Path, name: str) -> None:
        self.store = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), folder / "store")
        (folder / "store").mkdir()
        self.store.import_file(zero_cost(name, folder), name)
        self.model = self.store.require(name)
        self.folder = folder / "engines"
        self.folder.mkdir(mode=0o700)

    def put_plan(self, change: Callable[[Plan], Plan] = lambda plan: plan) -> Path:
        recipe = load_recipe(recipes_dir(), self.model.spec)
        facts = Wanted(self.model, "fp16", recipe, BuildPlace(CARD, LIBRARY)).facts()
        path = plan_path(self.folder, self.model.spec.name, "fp16")
        path.write_bytes(CONTENT)
        path.chmod(0o600)
        write_sidecar(path, change(Plan(facts, sha256(CONTENT).hexdigest(), len(CONTENT), 4, 61.5, CARD.cuda)))
        return path

    def plans(self, said: Answer | None = None) -> PreparedPlans:
        door = TrtDoor(lambda _: answer() if said is None else said)
        return PreparedPlans(self.folder, recipes_dir(), self.store, door)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, "inswapper_128")


def test_where_no_plan_was_built_nothing_is_asked(bench: Bench) -> None:
    def never(_: object) -> Answer:
        raise AssertionError

    assert PreparedPlans(bench.folder, recipes_dir(), bench.store, TrtDoor(never)).find(bench.model) is None


def test_a_good_plan_comes_with_inputs_for_the_comparison(bench: Bench) -> None:
    bench.put_plan()
    prepare = bench.plans().find(bench.model)
    assert prepare is not None
    ready = prepare()
    assert (ready.plan, ready.source, ready.is_embedding) == (CONTENT, bench.model.path, False)
    assert ready.samples is not None
    samples = ready.samples(("target", "source"))
    assert [{name: value.shape for name, value in one.items()} for one in samples] == [
        {"target": (1, 3, 128, 128), "source": (1, 512)}
    ] * 3


def test_of_a_recogniser_only_the_direction_counts(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "arcface_w600k_r50")
    bench.put_plan()
    prepare = bench.plans().find(bench.model)
    assert prepare is not None
    assert prepare().is_embedding


@pytest.mark.parametrize(
    ("card", "is_compared_again"), [(CARD, False), (replace(CARD, cuda="13.1"), True)], ids=["same", "new driver"]
)
def test_what_was_compared_is_compared_again_only_for_another_driver(
    bench: Bench, card: GraphicsCard, is_compared_again: bool
) -> None:
    path = bench.put_plan()
    first = bench.plans().find(bench.model)
    assert first is not None
    first().remember(FOUND)
    assert read_verdict(path) is not None
    again = bench.plans(answer(card=card)).find(bench.model)
    assert again is not None
    assert (again().samples is not None) == is_compared_again


def test_what_cannot_be_remembered_is_no_reason_to_fail(bench: Bench) -> None:
    bench.put_plan()
    prepare = bench.plans().find(bench.model)
    assert prepare is not None
    ready = prepare()
    for path in bench.folder.iterdir():
        path.unlink()
    bench.folder.rmdir()
    ready.remember(FOUND)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(card=replace(CARD, name="NVIDIA GeForce RTX 4090")), "and here is NVIDIA GeForce RTX 4090"),
        (answer(tensorrt="10.16.1.11"), "and here is 10.16.1.11"),
        (Answer((), "it crashed (signal 11)"), "does not work on this computer. (it crashed (signal 11)"),
    ],
)
def test_a_plan_that_is_of_no_use_here_says_why(bench: Bench, said: Answer, why: str) -> None:
    bench.put_plan()
    prepare = bench.plans(said).find(bench.model)
    assert prepare is not None
    with pytest.raises(ModelError) as caught:
        prepare()
    assert why in str(caught.value.sentence)


def test_a_plan_that_was_cut_off_never_reaches_tensorrt(bench: Bench) -> None:
    path = bench.put_plan()
    path.write_bytes(CONTENT[:100])
    prepare = bench.plans().find(bench.model)
    assert prepare is not None
    with pytest.raises(ModelError, match="100 of 400 bytes"):
        prepare()

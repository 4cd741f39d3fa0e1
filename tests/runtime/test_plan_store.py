"""Room: tests. A plan that is wrong or stale is noticed before it is loaded, whatever is the matter with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mirror_app.resources import recipes_dir
from mirror_app.runtime.build_place import BuildPlace
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.runtime.models import InstalledModel
from mirror_app.runtime.plan_file import Plan, plan_path, write_sidecar
from mirror_app.runtime.plan_store import PlanStore, Wanted
from mirror_app.runtime.recipe import load_recipe
from mirror_app.runtime.widening import Width
from tests.runtime.real_builder import catalogue

CONTENT = b"plan" * 100
SPEC = catalogue().find("inswapper_128")
PLACE = BuildPlace(GraphicsCard("NVIDIA GeForce RTX 3060", "8.6", 12 * 2**30, "13.0"), "11.4.0.106")
WANTED = Wanted(
    InstalledModel(SPEC, Path("inswapper_128.fp32.onnx"), "fp32", "a" * 64, True),
    "fp16",
    load_recipe(recipes_dir(), SPEC),
    PLACE,
)


@pytest.fixture
def store(tmp_path: Path) -> PlanStore:
    """A folder with the plan that is wanted."""
    folder = tmp_path / "engines"
    folder.mkdir(mode=0o700)
    path = plan_path(folder, "inswapper_128", "fp16")
    path.write_bytes(CONTENT)
    path.chmod(0o600)
    write_sidecar(path, Plan(WANTED.facts(), sha256(CONTENT).hexdigest(), len(CONTENT), 4, 61.5, "13.0"))
    return PlanStore(folder)


def on(card: GraphicsCard) -> Wanted:
    """The same plan for another card."""
    return replace(WANTED, place=replace(PLACE, card=card))


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (WANTED, ""),
        # The driver is no reason to build: it is one to compare again.
        (on(replace(PLACE.card, cuda="13.2")), ""),
        (on(replace(PLACE.card, name="NVIDIA GeForce RTX 4090")), "and here is NVIDIA GeForce RTX 4090"),
        (on(replace(PLACE.card, compute_capability="8.9")), "built for 8.6, and here is 8.9"),
        (replace(WANTED, place=replace(PLACE, tensorrt="10.16.1.11")), "and here is 10.16.1.11"),
        (replace(WANTED, source=replace(WANTED.source, sha256="b" * 64)), "another file of the model"),
        (replace(WANTED, source=replace(WANTED.source, precision="fp16")), "converted in another way"),
        (replace(WANTED, recipe=replace(WANTED.recipe, most_faces=2)), "recipe has changed"),
        (replace(WANTED, recipe=replace(WANTED.recipe, keep_fp32=("Gemm",))), "recipe has changed"),
        (replace(WANTED, precision="fp32"), "fp32.plan is damaged"),
    ],
)
def test_a_plan_for_something_else_is_built_again(store: PlanStore, wanted: Wanted, why: str) -> None:
    trouble = store.trouble(wanted)
    assert why in trouble
    assert bool(trouble) is bool(why)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda path: path.write_bytes(CONTENT[:-1]), "399 of 400 bytes"),
        (lambda path: path.write_bytes(b""), "0 of 400 bytes"),
        (lambda path: path.write_bytes(CONTENT[:-1] + b"x"), "its SHA-256 is another one"),
        (lambda path: path.unlink(), "damaged"),
        (lambda path: path.with_suffix(".json").unlink(), "damaged"),
        (lambda path: path.with_suffix(".json").write_text("{}"), "damaged"),
        (lambda path: path.chmod(0o660), "somebody else's"),
        (lambda path: path.parent.chmod(0o770), "somebody else's"),
        (lambda path: path.parent.chmod(0o707), "somebody else's"),
    ],
)
def test_a_plan_that_is_damaged_or_open_to_others_is_built_again(
    store: PlanStore, harm: Callable[[Path], object], why: str
) -> None:
    harm(store.paths()[0])
    assert why in store.trouble(WANTED)


def test_a_plan_of_another_user_is_built_again(store: PlanStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: store.folder.stat().st_uid + 1)
    assert "somebody else's" in store.trouble(WANTED)


@pytest.mark.parametrize("width", Width)
def test_a_plan_that_had_to_be_wider_is_not_stale_for_that(store: PlanStore, width: Width) -> None:
    plan = Plan(WANTED.facts(), sha256(CONTENT).hexdigest(), len(CONTENT), 4, 61.5, "13.0", int(width), "because")
    write_sidecar(store.paths()[0], plan)
    assert store.trouble(WANTED) == ""

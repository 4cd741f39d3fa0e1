"""Room: tests. What doctor says of the plans that were built for TensorRT, and of the card's memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.child import Answer
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.plan_file import read_plan
from mirror_app.runtime.verdict import verdict_of, write_verdict
from mirror_app.tools.doctor_plans import memory_findings, needed_bytes, plan_findings
from mirror_app.tools.finding import Finding, Health
from tests.runtime.test_prepared_plans import CARD, FOUND, LIBRARY, Bench
from tests.twins import zero_cost

NAME = "inswapper_128"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, NAME)


def looked_at(bench: Bench, tensorrt: str = LIBRARY) -> list[Finding]:
    return list(plan_findings(lambda: bench.store, CARD, tensorrt, bench.folder))


def put_proven(bench: Bench) -> Path:
    path = bench.put_plan()
    write_verdict(path, verdict_of(FOUND, read_plan(path), CARD.cuda))
    return path


def test_a_plan_that_was_compared_is_ready(bench: Bench) -> None:
    put_proven(bench)
    assert looked_at(bench) == [Finding("Plans for TensorRT", Health.OK, f"ready: {NAME}")]


def test_where_no_model_is_installed_no_plan_is_missed(bench: Bench) -> None:
    bench.store.remove(NAME)
    assert looked_at(bench) == []


def test_models_without_plans_are_to_be_prepared(bench: Bench, tmp_path: Path) -> None:
    (only,) = looked_at(bench)
    assert (only.health, only.detail) == (Health.NOTE, f"none for {NAME}: TensorRT does not run them")
    assert "`mirror-app models prepare --all`" in only.cure
    put_proven(bench)
    bench.store.import_file(zero_cost("arcface_w600k_r50", tmp_path), "arcface_w600k_r50")
    ready, missing = looked_at(bench)
    assert ready.health is Health.OK
    assert "`mirror-app models prepare arcface_w600k_r50`" in missing.cure


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


def tamper(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])


def open_to_all(path: Path) -> None:
    path.chmod(0o666)


def lose_sidecar(path: Path) -> None:
    path.with_suffix(".json").unlink()


def scribble(path: Path) -> None:
    path.with_suffix(".json").write_bytes(b"\xff[[[")


def lose_verdict(path: Path) -> None:
    path.with_suffix(".verdict").unlink()


@pytest.mark.parametrize(
    ("harm", "detail"),
    [
        (cut, "10 of 400 bytes"),
        (tamper, "SHA-256"),
        (open_to_all, "a plan is code"),
        (lose_sidecar, "is damaged"),
        (scribble, "is damaged"),
        (lose_verdict, "not yet compared with ONNX Runtime"),
    ],
)
def test_a_plan_that_cannot_be_trusted_is_noted_with_what_to_do(
    bench: Bench, harm: Callable[[Path], None], detail: str
) -> None:
    harm(put_proven(bench))
    (only,) = looked_at(bench)
    assert only.health is Health.NOTE
    assert detail in only.detail
    assert f"`mirror-app models prepare {NAME}`" in only.cure


def test_a_plan_of_another_tensorrt_is_stale(bench: Bench) -> None:
    put_proven(bench)
    (only,) = looked_at(bench, "10.16.1.11")
    assert f"built for {LIBRARY}, and here is 10.16.1.11" in only.detail


def test_a_plan_of_another_card_is_stale(bench: Bench) -> None:
    bench.put_plan(lambda plan: replace(plan, facts=replace(plan.facts, gpu="NVIDIA GeForce GTX 1660")))
    (only,) = looked_at(bench)
    assert "built for NVIDIA GeForce GTX 1660, and here is NVIDIA GeForce RTX 3060" in only.detail


def missing_library() -> ModelStore:
    raise ImportError("onnx")


def damaged_catalogue() -> ModelStore:
    raise ModelError("The model catalogue is damaged.")


@pytest.mark.parametrize("open_models", [missing_library, damaged_catalogue])
def test_where_models_cannot_be_looked_at_nothing_is_said_of_plans(
    open_models: Callable[[], ModelStore], tmp_path: Path
) -> None:
    assert list(plan_findings(open_models, CARD, LIBRARY, tmp_path)) == []
    assert list(memory_findings(lambda *_: Answer((), ""), open_models, CARD.name, tmp_path)) == []


@pytest.mark.parametrize(
    ("answer", "health", "detail"),
    [
        (Answer((str(8 << 30),), ""), Health.OK, "8192 MB are free on NVIDIA GeForce RTX 3060"),
        (Answer((str(100 << 20),), ""), Health.NOTE, "100 MB are free"),
        (Answer((), "it crashed (signal 11)"), Health.NOTE, "signal 11"),
    ],
)
def test_free_memory_is_compared_with_what_the_models_need(
    bench: Bench, answer: Answer, health: Health, detail: str
) -> None:
    (only,) = memory_findings(lambda *_: answer, lambda: bench.store, CARD.name, bench.folder)
    assert only.health is health
    assert detail in only.detail
    assert bool(only.cure) == (health is Health.NOTE)


def test_one_model_of_each_role_needs_memory_and_a_plan_counts_instead_of_its_model(
    bench: Bench, tmp_path: Path
) -> None:
    alone = needed_bytes(bench.store.installed(), bench.folder)
    bench.store.import_file(zero_cost("hyperswap_1a_256", tmp_path), "hyperswap_1a_256")
    sizes = {model.spec.name: model.path.stat().st_size for model in bench.store.installed()}
    both = needed_bytes(bench.store.installed(), bench.folder)
    assert both - alone == max(sizes.values()) - sizes[NAME]
    plan = bench.put_plan()
    with_plan = needed_bytes([bench.store.require(NAME)], bench.folder)
    assert alone - with_plan == sizes[NAME] - plan.stat().st_size

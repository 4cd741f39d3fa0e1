"""Room: tests. A plan that is foreign, damaged or made for something else is noticed before it is loaded."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.plan_file import Plan, PlanFacts, plan_path, read_plan, staleness, write_sidecar

CONTENT = b"plan" * 100
FACTS = PlanFacts(
    "inswapper_128", "fp16", "a" * 64, "fp16 1, onnxruntime 1.31.1", "11.4.0.106", "NVIDIA GeForce RTX 3060", "8.6",
    "Linux x86_64", {"optimisation_level": 3, "most_faces": 4, "inputs": {"target": [3, 128, 128]}},
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A good plan."""
    folder = tmp_path / "engines"
    folder.mkdir(mode=0o700)
    path = plan_path(folder, FACTS.model, FACTS.precision)
    path.write_bytes(CONTENT)
    path.chmod(0o600)
    write_sidecar(path, Plan(FACTS, sha256(CONTENT).hexdigest(), len(CONTENT), 4, 61.5, "13.0"))
    return path


def test_a_good_plan_is_read_as_it_was_written_down(path: Path) -> None:
    plan = read_plan(path)
    assert (plan.facts, plan.batch, plan.seconds, plan.cuda) == (FACTS, 4, 61.5, "13.0")
    assert staleness(plan.facts, FACTS) == ""


def test_a_plan_is_the_users_own_also_where_groups_share_their_files(path: Path) -> None:
    plan = read_plan(path)
    before = os.umask(0o002)
    try:
        write_sidecar(path, plan)
    finally:
        os.umask(before)
    assert read_plan(path) == plan


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"gpu": "NVIDIA GeForce RTX 4090"}, "built for NVIDIA GeForce RTX 3060, and here is NVIDIA GeForce RTX 4090"),
        ({"compute_capability": "8.9"}, "built for 8.6, and here is 8.9"),
        ({"tensorrt": "10.16.1.11"}, "built for 11.4.0.106, and here is 10.16.1.11"),
        ({"system": "Windows AMD64"}, "built for Linux x86_64, and here is Windows AMD64"),
        ({"model_sha256": "b" * 64}, "another file of the model"),
        ({"converter": "fp16 2, onnxruntime 1.31.1"}, "converted in another way"),
        ({"flags": {**FACTS.flags, "most_faces": 2}}, "recipe has changed"),
        ({"model": "ghost_1_256"}, "another model"),
    ],
)
def test_a_plan_for_something_else_is_stale_and_says_why(change: dict[str, Any], why: str) -> None:
    assert why in staleness(FACTS, replace(FACTS, **change))


def _rewrite(path: Path, **values: object) -> None:
    sidecar = path.with_suffix(".json")
    sidecar.write_text(json.dumps({**json.loads(sidecar.read_text()), **values}))


def _link(path: Path) -> None:
    real = path.with_name("elsewhere")
    path.rename(real)
    path.symlink_to(real)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda path: path.write_bytes(CONTENT[:-1]), "399 of 400 bytes"),
        (lambda path: path.write_bytes(CONTENT[:-1] + b"x"), "its SHA-256 is another one"),
        (lambda path: path.unlink(), "damaged"),
        (lambda path: path.with_suffix(".json").unlink(), "damaged"),
        (lambda path: path.with_suffix(".json").write_text("{"), "damaged"),
        (lambda path: path.with_suffix(".json").write_text("[]"), "damaged"),
        (lambda path: path.with_suffix(".json").write_text("[" * 100_000), "damaged"),
        (lambda path: path.with_suffix(".json").write_bytes(b" " * 2**21), "too large"),
        (lambda path: _rewrite(path, format=2), "another format"),
        (lambda path: _rewrite(path, facts={}), "damaged"),
        (lambda path: _rewrite(path, sha256=1), "of another kind"),
        (lambda path: _rewrite(path, more=1), "damaged"),
        (lambda path: path.chmod(0o620), "somebody else's"),
        (lambda path: path.with_suffix(".json").chmod(0o602), "somebody else's"),
        (lambda path: path.parent.chmod(0o770), "somebody else's"),
        (_link, "somebody else's"),
    ],
)
def test_a_plan_that_is_damaged_or_open_to_others_is_refused(
    path: Path, harm: Callable[[Path], object], why: str
) -> None:
    harm(path)
    with pytest.raises(ModelError, match=why):
        read_plan(path)


def test_a_plan_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(ModelError, match="somebody else's"):
        read_plan(path)


def test_a_plan_under_another_models_name_is_refused(path: Path) -> None:
    other = plan_path(path.parent, "ghost_1_256", "fp16")
    path.rename(other)
    path.with_suffix(".json").rename(other.with_suffix(".json"))
    with pytest.raises(ModelError, match="it is the plan of inswapper_128"):
        read_plan(other)

"""Room: tests. Every model of the catalogue has twins, and they have its tensors."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror_app.runtime.signature import misfit, read_signature
from tests.model_contracts.pictures import (
    CATALOGUE,
)
from tests.twins import MODELS, analytic, architecture, zero_cost


def test_every_model_of_the_catalogue_has_a_twin() -> None:
    assert sorted(spec.name for spec in CATALOGUE) == sorted(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_all_twins_have_the_tensors_that_the_catalogue_states(tmp_path: Path, name: str) -> None:
    for path in (
        analytic(name, tmp_path / "a"), zero_cost(name, tmp_path / "z"), architecture(name, tmp_path / "r", 1 / 64)
    ):  # fmt: skip
        with path.open("rb") as file:
            assert misfit(CATALOGUE.find(name), read_signature(file, name)) == ""

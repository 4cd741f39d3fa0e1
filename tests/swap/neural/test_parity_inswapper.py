"""Room: tests. The INSwapper path equals insightface's own to rounding."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from mirror_app.runtime.initializer import read_initializer
from tests.swap.neural import parity
from tests.twins import analytic

COUNT = 204

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("insightface") is None, reason="the extra insightface is not installed"
)


@pytest.fixture(scope="module")
def worst(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    return parity.table(analytic("inswapper_128", tmp_path_factory.mktemp("parity")), COUNT)


@pytest.mark.parametrize("kind", parity.KINDS)
@pytest.mark.parametrize("stage", parity.LIMITS)
def test_every_stage_equals_insightface_to_rounding(worst: dict[str, dict[str, float]], kind: str, stage: str) -> None:
    limits = parity.TINY_LIMITS if kind == "tiny" else parity.LIMITS
    assert worst[kind][stage] <= limits[stage]


@pytest.mark.parametrize("kind", [kind for kind in parity.KINDS if kind != "tiny"])
def test_hardly_any_pasted_value_is_two_levels_away(worst: dict[str, dict[str, float]], kind: str) -> None:
    assert worst[kind]["off"] <= parity.MOST_OFF


def test_the_comparison_covers_faces_that_both_show(tmp_path: Path) -> None:
    model = analytic("inswapper_128", tmp_path)
    own, reference = parity.Own(model), parity.Reference(model)
    compared = 0
    for case in parity.cases(12):
        mine = own.run(case)
        compared += int((mine.shown & reference.run(case, mine.output_bgr).shown).sum())
    assert compared > 50_000


def test_where_the_matrix_is_not_the_last_constant_it_is_found_all_the_same(tmp_path: Path) -> None:
    last, inside = (analytic("inswapper_128", tmp_path / str(is_last), emap_last=is_last) for is_last in (True, False))
    first, second = (read_initializer(path, "buff2fs", (512, 512)) for path in (last, inside))
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first, second)

"""Room: tests. How far a smaller model is from the exact one is measured rightly, and too far is not good enough."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.runtime.catalogue import Role
from mirror_app.tools.models.precision_loss import compare, trouble

EXACT = [[np.random.default_rng(number).random((1, 3, 8, 8), np.float32)] for number in range(3)]


@given(st.floats(1e-4, 0.3))
def test_a_constant_difference_is_measured_as_it_is(difference: float) -> None:
    loss = compare(EXACT, [[one + np.float32(difference)] for (one,) in EXACT])
    assert loss.largest == pytest.approx(difference, rel=0.02, abs=1e-6)
    assert loss.mean == pytest.approx(difference, rel=0.02, abs=1e-6)
    peak = max(np.ptp([one for (one,) in EXACT]), 1e-6)
    assert loss.psnr_db == pytest.approx(20 * np.log10(peak / difference), abs=0.3)


def test_equal_outputs_have_no_loss_and_numbers_that_json_knows() -> None:
    loss = compare(EXACT, EXACT)
    assert (loss.largest, loss.psnr_db, loss.agreement) == (0, 120, 1)
    assert loss.cosine == pytest.approx(1)
    assert "Infinity" not in json.dumps(loss.as_json())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("precision", ["fp16", "int8"])
@pytest.mark.parametrize(("noise", "is_fine"), [(1e-4, True), (1.0, False), (np.nan, False), (np.inf, False)], ids=str)
def test_every_role_tells_good_from_bad(role: Role, precision: str, noise: float, is_fine: bool) -> None:
    rng = np.random.default_rng(7)
    smaller = [[one + np.float32(noise) * rng.normal(size=one.shape).astype(np.float32)] for (one,) in EXACT]
    assert (trouble(role, precision, compare(EXACT, smaller)) == "") == is_fine


def test_the_worst_output_counts() -> None:
    exact = [[one, one] for (one,) in EXACT]
    loss = compare(exact, [[one, 1 - one] for (one,) in EXACT])
    assert loss.psnr_db < 15
    assert loss.agreement < 0.5


def test_the_worst_face_counts_for_identities() -> None:
    turned = [[EXACT[0][0]], [EXACT[1][0]], [-EXACT[2][0]]]
    assert compare(EXACT, turned).cosine == pytest.approx(-1)
    assert "cosine" in trouble(Role.RECOGNISER, "int8", compare(EXACT, turned))


def test_an_output_of_another_shape_is_no_good() -> None:
    assert not compare(EXACT, [[one[..., :4]] for (one,) in EXACT]).is_finite

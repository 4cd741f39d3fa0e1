"""Room: tests. A texture in the live light: made anew when it would look different, and only then."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.swap.lit_texture import LitTexture


def _texture(level: int = 200) -> NDArray[np.uint8]:
    return np.full((64, 64, 4), level, np.uint8)


def _light(factor: float) -> NDArray[np.float32]:
    light = np.full((24, 24, 4), factor, np.float32)
    light[..., 3] = 1
    return light


def test_colours_are_multiplied_and_alpha_stays() -> None:
    lit = LitTexture().lit(_texture(), _light(0.5))
    assert set(lit[..., :3].ravel().tolist()) == {100}
    assert set(lit[..., 3].ravel().tolist()) == {200}


def test_light_that_changes_step_by_step_is_never_more_than_half_a_level_behind() -> None:
    texture, kept = _texture(255), LitTexture()
    for factor in np.linspace(0.5, 1.0, 900).tolist():
        shown = kept.lit(texture, _light(factor))[0, 0, 0]
        assert abs(float(shown) - 255 * factor) <= 0.5 + 0.5  # and half a level of rounding


@pytest.mark.parametrize(("factor", "is_same"), [(0.8005, True), (0.81, False)])
def test_it_is_made_anew_only_when_the_light_moved_visibly(factor: float, is_same: bool) -> None:
    texture, kept = _texture(), LitTexture()
    before = kept.lit(texture, _light(0.8))
    assert (kept.lit(texture, _light(factor)) is before) is is_same


def test_another_texture_is_lit_at_once() -> None:
    kept = LitTexture()
    kept.lit(_texture(200), _light(1.0))
    assert kept.lit(_texture(100), _light(1.0))[0, 0, 0] == 100


def test_what_was_given_out_is_not_changed_later() -> None:
    texture, kept = _texture(), LitTexture()
    before = kept.lit(texture, _light(1.0))
    copy = before.copy()
    kept.lit(texture, _light(0.5))
    assert np.array_equal(before, copy)

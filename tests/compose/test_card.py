"""Room: tests. The card: always of the asked size, the same for the same size, and readable where there is room."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.compose.card import shield_card


@given(st.integers(1, 400), st.integers(1, 400))
@settings(max_examples=40)
def test_a_card_has_the_asked_size_whatever_it_is(width: int, height: int) -> None:
    card = shield_card((width, height))
    assert card.shape == (height, width, 3)
    assert card.dtype == np.uint8


@pytest.mark.parametrize("size_wh", [(1280, 720), (1080, 1920), (480, 480), (3000, 40)])
def test_a_card_shows_its_text_inside_the_frame(size_wh: tuple[int, int]) -> None:
    card = shield_card(size_wh)
    ink = card.min(-1) > 150
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    assert len(rows) > 0
    assert columns[0] > 0
    assert columns[-1] < size_wh[0] - 1


def test_a_card_is_made_of_nothing_but_its_size() -> None:
    np.testing.assert_array_equal(shield_card((320, 180)), shield_card((320, 180)))
    card = shield_card((320, 180))
    card.fill(0)
    assert shield_card((320, 180)).any(), "a card that the caller draws on is the caller's own"

"""Room: tests. Text: tall enough, cut to its ink, with both scripts, and no system font needed."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.imaging.text import text_mask


@pytest.mark.parametrize("cap_height", [1, 4, 12, 24, 25, 36, 54, 120])
def test_a_capital_is_as_tall_as_asked_or_a_little_more(cap_height: int) -> None:
    height = text_mask("H", cap_height).shape[0]
    assert cap_height <= height <= cap_height * 1.15 + 2


@pytest.mark.parametrize("text", ["AI generated / AI生成", "H", "请稍候", "jgpq|"])
def test_the_mask_is_cut_to_its_ink(text: str) -> None:
    mask = text_mask(text, 30)
    assert mask.dtype == np.uint8
    for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]):
        assert edge.any()
    assert mask.max() == 255


def test_chinese_characters_have_glyphs_of_their_own() -> None:
    generated, alive = text_mask("生", 60), text_mask("成", 60)
    missing = text_mask("\U000f0000", 60)
    assert generated.shape != alive.shape or (generated != alive).any()
    for glyph in (generated, alive):
        assert glyph.shape != missing.shape or (glyph != missing).any()
        assert glyph.shape[0] > 55


def test_a_text_without_ink_is_a_single_empty_pixel() -> None:
    np.testing.assert_array_equal(text_mask("   ", 20), np.zeros((1, 1), np.uint8))


def test_a_text_is_drawn_once_and_cannot_be_changed_by_one_of_its_users() -> None:
    mask = text_mask("kept", 31)
    assert text_mask("kept", 31) is mask
    with pytest.raises(ValueError, match="read-only"):
        mask[0, 0] = 7

"""Room: tests. Every look of the mark can be read on every ground, keeps its size, and leaves faces free."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.compose.label import Label
from mirror_app.domain.label import LEAST_OPACITY, MOST_OPACITY, LabelCorner, LabelStyle, LabelText
from mirror_app.imaging.text import text_mask
from tests.compose.contrast import worst_contrast

READABLE = 4.5
SIZES = {"360p": (640, 360), "720p": (1280, 720), "1080p": (1920, 1080), "portrait": (720, 1280), "square": (480, 480)}
CORNERS = {
    LabelCorner.BOTTOM_RIGHT: (1, 1), LabelCorner.BOTTOM_LEFT: (0, 1), LabelCorner.TOP_RIGHT: (1, 0),
    LabelCorner.TOP_LEFT: (0, 0),
}  # fmt: skip
STYLES = st.builds(
    LabelStyle,
    st.sampled_from(LabelText),
    st.sampled_from(LabelCorner),
    st.floats(LEAST_OPACITY, MOST_OPACITY),
)


def ground(kind: str, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size_wh
    image = np.zeros((height, width, 3), np.uint8)
    flat = {"white": (255, 255, 255), "blue": (255, 0, 0), "yellow": (0, 255, 255), "cyan": (255, 255, 0)}
    if kind in flat:
        image[:] = flat[kind]
    elif kind == "noise":
        image = np.random.default_rng(3).integers(0, 256, image.shape, np.uint8)
    elif kind == "gradient":
        image[:] = np.linspace(0, 255, width).astype(np.uint8)[None, :, None]
    elif kind == "stripes":
        image[:, ::2] = 255
    return image


def contrast(image: NDArray[np.uint8], style: LabelStyle) -> float:
    label = Label(style)
    corner = label.place(image.shape[1], image.shape[0], [])
    label.draw(image)
    return worst_contrast(image, label, corner)


@pytest.mark.parametrize("opacity", [LEAST_OPACITY, 0.45, 0.6, MOST_OPACITY])
@pytest.mark.parametrize("kind", ["white", "black", "blue", "yellow", "cyan", "noise", "gradient", "stripes"])
def test_letters_stand_out_from_what_is_right_around_them(kind: str, opacity: float) -> None:
    for text in LabelText:
        image = ground(kind, SIZES["720p"])
        assert contrast(image, LabelStyle(text, LabelCorner.AUTO, opacity)) >= READABLE


@pytest.mark.parametrize("size", SIZES)
def test_they_do_at_every_size(size: str) -> None:
    for opacity in (LEAST_OPACITY, 0.6):
        assert contrast(ground("white", SIZES[size]), LabelStyle(opacity=opacity)) >= READABLE


@given(STYLES, st.sampled_from(sorted(SIZES)), st.tuples(*[st.integers(0, 255)] * 3))
@settings(max_examples=40)
def test_any_look_can_be_read_on_any_colour(style: LabelStyle, size: str, bgr: tuple[int, int, int]) -> None:
    image = ground("black", SIZES[size])
    image[:] = bgr
    assert contrast(image, style) >= READABLE


@pytest.mark.parametrize("corner", CORNERS)
def test_a_chosen_corner_is_where_the_mark_stands(corner: LabelCorner) -> None:
    label = Label(LabelStyle(corner=corner))
    x, y = label.place(1280, 720, [])
    high, wide = label.layers(1280, 720)[0].shape[:2]
    right, bottom = CORNERS[corner]
    assert (x + wide / 2 > 640, y + high / 2 > 360) == (bool(right), bool(bottom))


@given(STYLES, st.lists(st.tuples(*[st.integers(-100, 1300)] * 4), max_size=4))
@settings(max_examples=60)
def test_no_look_brings_the_mark_over_a_face_while_a_corner_is_free(
    style: LabelStyle, boxes: list[tuple[int, int, int, int]]
) -> None:
    faces = [np.array([min(a, c), min(b, d), max(a, c), max(b, d)], np.float32) for a, b, c, d in boxes]
    label = Label(style)
    high, wide = label.layers(1280, 720)[0].shape[:2]

    def shared(corner: tuple[int, int]) -> float:
        low, far = np.array(corner), np.add(corner, (wide, high))
        return sum(float(np.prod(np.maximum(np.minimum(far, f[2:]) - np.maximum(low, f[:2]), 0))) for f in faces)

    place = label.place(1280, 720, faces)
    assert shared(place) == min(shared(corner) for corner in label.corners(1280, 720))


def test_the_mark_comes_back_to_a_chosen_corner_after_a_while_and_never_hops() -> None:
    label = Label(LabelStyle(corner=LabelCorner.TOP_RIGHT))
    home = label.place(1280, 720, [])
    face = [np.array([900, 0, 1280, 300], np.float32)]
    refuge = label.place(1280, 720, face)
    assert refuge != home
    places = [label.place(1280, 720, face if turn % 20 == 0 else []) for turn in range(200)]
    assert set(places) == {refuge}, "a face that comes and goes does not make it hop"
    places = [label.place(1280, 720, []) for _ in range(100)]
    assert (places[0], places[-1]) == (refuge, home)
    assert sorted(places, key=lambda place: place == home) == places, "once"


@pytest.mark.parametrize("short", [360, 720, 1080, 1440, 2160])
def test_capital_letters_keep_their_share_at_every_size(short: int) -> None:
    size_wh = (short * 16 // 9, short)
    tall_h = text_mask("H", round(short * 0.05 + 0.5)).shape[0]
    for text in LabelText:
        ink = Label(LabelStyle(text)).layers(*size_wh)[0][:, :, 0]
        # The first letter is the A of "AI": the columns up to the first gap.
        columns = np.asarray((ink >= 128).any(0))
        start = int(np.argmax(columns))
        end = start + int(np.argmin(columns[start:]))
        rows = np.flatnonzero((ink[:, start:end] >= 128).any(1))
        assert rows[-1] - rows[0] + 1 >= 0.05 * short
        assert abs(int(rows[-1] - rows[0] + 1) - tall_h) <= max(2, short // 300)


@pytest.mark.parametrize("opacity", [0.0, LEAST_OPACITY - 0.01, 1.01, float("nan"), float("inf")])
def test_a_plate_that_is_too_thin_is_refused(opacity: float) -> None:
    with pytest.raises(ValueError, match="opacity"):
        LabelStyle(opacity=opacity)


@pytest.mark.parametrize("text", LabelText)
def test_every_text_says_ai_and_its_chinese_says_what_the_standard_asks_for(text: LabelText) -> None:
    from mirror_app.compose.label import WORDS

    words = WORDS[text]
    assert words.startswith("AI")
    chinese = any(ord(sign) > 0x3400 for sign in words)
    assert chinese == (text is not LabelText.EN)
    assert not chinese or "生成" in words or "合成" in words

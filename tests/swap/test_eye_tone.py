"""Room: tests. Live eyes take the target's tone within bounds; closed eyes say nothing and all else stays."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.eye_tone import EyeToner, eye_tone
from tests.faces.scripted import mesh_at
from tests.portrait import region_mask

EYES: Final = (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)
POINTS: Final = mesh_at((160, 120), 200).points
SECOND_NS: Final = 10**9


def picture(eyes: tuple[int, int, int] = (120, 120, 120), skin: tuple[int, int, int] = (120, 140, 180)) -> NDArray[np.uint8]:  # fmt: skip # noqa: E501
    """(240, 320, 3) uint8: skin everywhere, both eyes of one colour, lids included."""
    image = np.empty((240, 320, 3), np.uint8)
    image[:] = skin
    for ring in EYES:
        image[region_mask(POINTS[:, :2], ring, image.shape, 2)] = eyes
    return image


def with_lids(points: NDArray[np.float32], share: float, *eyes: tuple[int, ...]) -> NDArray[np.float32]:
    """The mesh with eyes opened to a share of what they are."""
    changed = points.copy()
    for ring in map(list, eyes):
        middle = changed[ring, 1].mean()
        changed[ring, 1] = middle + np.float32(share) * (changed[ring, 1] - middle)
    return changed


def inside_eyes(shrink_px: int = 2) -> NDArray[np.bool_]:
    masks = [region_mask(POINTS[:, :2], ring, (240, 320), -shrink_px) for ring in EYES]
    return np.asarray(masks[0] | masks[1], np.bool_)


def toned(
    image: NDArray[np.uint8], wanted: NDArray[np.float32], share: float = 1.0, points: NDArray[np.float32] = POINTS
) -> NDArray[np.uint8]:
    toner, result = EyeToner(), image.copy()
    toner.look(image, points, 0)
    toner.tone(result, points, wanted, share)
    return result


def known(tone: NDArray[np.float32] | None) -> NDArray[np.float32]:
    assert tone is not None
    return tone


def test_eyes_of_the_skins_colour_have_no_tone() -> None:
    tone = known(eye_tone(picture(eyes=(90, 110, 130), skin=(90, 110, 130)), POINTS))
    assert tone.dtype == np.float32
    np.testing.assert_allclose(tone, 0, atol=1e-3)


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_each_colours_tone_grows_with_the_eyes_and_falls_with_the_skin(channel: int) -> None:
    def tone_of(eyes: int, skin: int) -> NDArray[np.float32]:
        colours = [[100, 100, 100], [100, 100, 100]]
        colours[0][channel], colours[1][channel] = eyes, skin
        return known(eye_tone(picture(*(tuple(colour) for colour in colours)), POINTS))  # type: ignore[arg-type]

    dark, plain, bright, on_bright = (tone_of(*levels)[channel] for levels in ((40, 100), (100, 100), (200, 100), (200, 200)))  # fmt: skip # noqa: E501
    assert dark < -0.5 < plain < 0.5 < bright
    assert on_bright == pytest.approx(0, abs=1e-3)
    assert np.abs(np.delete(tone_of(40, 100), channel)).max() < 1e-3, "the other colours stay"


def test_the_light_of_the_room_does_not_change_the_tone() -> None:
    bright, dim = ((80, 100, 160), (110, 140, 200)), ((40, 50, 80), (55, 70, 100))
    tones = [known(eye_tone(picture(*colours), POINTS)) for colours in (bright, dim)]
    np.testing.assert_allclose(tones[0], tones[1], atol=0.12)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3])
def test_closed_eyes_say_nothing(share: float) -> None:
    assert eye_tone(picture(), with_lids(POINTS, share, *EYES)) is None


@pytest.mark.parametrize("closed", EYES)
def test_a_wink_leaves_the_other_eyes_word(closed: tuple[int, ...]) -> None:
    image = picture((40, 40, 40), (200, 200, 200))
    image[region_mask(POINTS[:, :2], closed, image.shape, 2)] = 255
    assert known(eye_tone(image, with_lids(POINTS, 0.05, closed))).max() < -1


@pytest.mark.parametrize("points", [POINTS * np.float32(0.05), POINTS + np.float32(2000), POINTS - np.float32(2000)])
def test_tiny_faces_and_faces_outside_the_picture_say_nothing(points: NDArray[np.float32]) -> None:
    assert eye_tone(picture(), points) is None


def test_the_eyes_get_the_wanted_tone_and_the_rest_stays_bit_for_bit() -> None:
    image = picture()
    live = known(eye_tone(image, POINTS))
    wanted = live + np.array([0.2, -0.3, 0.1], np.float32)
    result = toned(image, wanted)
    factors = result[inside_eyes()].mean(0) / image[inside_eyes()].mean(0)
    np.testing.assert_allclose(np.log(factors), wanted - live, atol=0.04)
    far = ~region_mask(POINTS[:, :2], EYES[0], image.shape, 5) & ~region_mask(POINTS[:, :2], EYES[1], image.shape, 5)
    np.testing.assert_array_equal(result[far], image[far])


def test_the_share_is_a_share_of_the_way() -> None:
    image = picture()
    wanted = known(eye_tone(image, POINTS)) - np.float32(0.4)
    whole, half = (np.log(toned(image, wanted, share)[inside_eyes()].mean() / 120) for share in (1.0, 0.5))
    assert half == pytest.approx(whole / 2, abs=0.03)


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_change_is_bounded_whatever_is_wanted(sign: int) -> None:
    image = picture((70, 70, 70))
    far, further = (toned(image, np.full(3, sign * much, np.float32)) for much in (4, 400))
    np.testing.assert_array_equal(far, further)
    assert 70 / 2.5 < far[inside_eyes()].mean() < 70 * 2.5
    assert far[inside_eyes()].mean() * sign > 70 * sign


@pytest.mark.parametrize("share", [0, 0.0])
def test_without_a_share_nothing_changes(share: float) -> None:
    np.testing.assert_array_equal(toned(picture(), np.ones(3, np.float32), share), picture())


@pytest.mark.parametrize("forget", [True, False])
def test_before_the_first_look_and_after_a_reset_nothing_changes(forget: bool) -> None:
    toner, result = EyeToner(), picture()
    if forget:
        toner.look(picture(), POINTS, 0)
        toner.reset()
    toner.tone(result, POINTS, np.ones(3, np.float32), 1.0)
    np.testing.assert_array_equal(result, picture())


def test_the_tone_follows_the_live_eyes_slowly_and_arrives() -> None:
    toner, wanted = EyeToner(), known(eye_tone(picture((120, 120, 120)), POINTS))
    toner.look(picture((120, 120, 120)), POINTS, 0)
    levels = []
    for index in range(1, 40):
        toner.look(picture((90, 90, 90)), POINTS, index * SECOND_NS // 5)
        result = picture((90, 90, 90))
        toner.tone(result, POINTS, wanted, 1.0)
        levels.append(result[inside_eyes()].mean())
    assert levels[0] < 105, "a look or two do not turn it over"
    assert levels[-1] == pytest.approx(120, abs=4)
    assert (np.diff(levels) > -0.5).all()


def test_a_blink_does_not_change_what_is_known() -> None:
    blinking, wanted, results = EyeToner(), np.zeros(3, np.float32), []
    blinking.look(picture((90, 90, 90)), POINTS, 0)
    for closing in (False, True):
        if closing:
            for index in range(1, 20):
                blinking.look(picture((250, 250, 250)), with_lids(POINTS, 0.05, *EYES), index * SECOND_NS)
        result = picture((90, 90, 90))
        blinking.tone(result, POINTS, wanted, 1.0)
        results.append(result)
    np.testing.assert_array_equal(results[0], results[1])


def test_a_clock_that_goes_back_does_no_harm() -> None:
    toner, result = EyeToner(), picture()
    for time_ns in (5 * SECOND_NS, 0, -SECOND_NS, 9 * SECOND_NS):
        toner.look(picture(), POINTS, time_ns)
    toner.tone(result, POINTS, known(eye_tone(picture(), POINTS)), 1.0)
    assert cv2.absdiff(result, picture()).max() <= 1


@given(
    st.tuples(st.floats(-300, 600), st.floats(-300, 500)),
    st.floats(2, 1500),
    st.floats(-3.2, 3.2),
    st.integers(0, 2**32 - 1),
    st.floats(0, 1),
)
@settings(max_examples=40)
def test_eyes_anywhere_in_any_picture_are_no_trouble(
    centre: tuple[float, float], height: float, roll: float, seed: int, share: float
) -> None:
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (60, 80, 3)).astype(np.uint8)
    turn = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    points = np.asarray(mesh_at((0, 0), height).points @ turn.T + [*centre, 0], np.float32)
    tone = eye_tone(image, points)
    assert tone is None or np.isfinite(tone).all()
    result = toned(image, random.normal(0, 2, 3).astype(np.float32), share, points)
    assert result.shape == image.shape
    if tone is None:
        np.testing.assert_array_equal(result, image)

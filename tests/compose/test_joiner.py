"""Room: tests. What every way of joining promises, and what tells the ways apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.compose import joiner as joiner_module
from mirror_app.compose.joiner import Joiner
from mirror_app.compose.membrane import Membrane
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.patch import Backdrop, FacePatch
from tests.compose.patches import flat, noise, oval_alpha, patch, worn

WAYS = list(Joining)
FRAME_NS = 33_333_333
SKIN = (110, 140, 190)
PAINT = (150, 120, 150)


def joined(
    live: NDArray[np.uint8], one: FacePatch, way: Joining, assignment: Assignment | None = None
) -> NDArray[np.uint8]:
    """The live picture after one join by a new joiner."""
    image = live.copy()
    Joiner().join(image, one, way, assignment or worn(), 0)
    return image


def deep_inside(alpha: NDArray[np.float32], px: int) -> NDArray[np.bool_]:
    """Where alpha is one, and farther than `px` from where it is not."""
    whole = (alpha >= 1).astype(np.uint8)
    return np.asarray(cv2.erode(whole, np.ones((2 * px + 1, 2 * px + 1), np.uint8)), np.uint8) > 0


@settings(deadline=None, max_examples=60)
@given(
    way=st.sampled_from(WAYS),
    seed=st.integers(0, 2**32 - 1),
    size_wh=st.tuples(st.integers(1, 90), st.integers(1, 70)),
    share=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    kind=st.sampled_from(["any", "hard", "oval", "cut", "none", "all", "faint"]),
    colour_follow=st.sampled_from([0.0, 0.3, 1.0]),
    has_backdrop=st.booleans(),
)
def test_nothing_changes_where_alpha_is_zero_whatever_the_patch(
    way: Joining,
    seed: int,
    size_wh: tuple[int, int],
    share: tuple[float, float],
    kind: str,
    colour_follow: float,
    has_backdrop: bool,
) -> None:
    random = np.random.default_rng(seed)
    width, height = size_wh
    alpha = some_alpha(kind, size_wh, random)
    frame = noise((100, 80), seed, 128, 127)
    x, y = int(share[0] * (100 - width)), int(share[1] * (80 - height))
    backdrop = Backdrop(noise((60, 50), seed + 1), (x // 3, y // 3)) if has_backdrop else None
    generated = patch(noise(size_wh, seed + 2, 128, 127), alpha, (x, y), backdrop)
    image = joined(frame, generated, way, worn(1, colour_follow))

    expected = frame.copy()
    if backdrop is not None:
        expected[y // 3 : y // 3 + 50, x // 3 : x // 3 + 60] = backdrop.image_bgr
    untouched = np.ones((80, 100), bool)
    untouched[y : y + height, x : x + width] = alpha == 0
    np.testing.assert_array_equal(image[untouched], expected[untouched])


def some_alpha(kind: str, size_wh: tuple[int, int], random: np.random.Generator) -> NDArray[np.float32]:
    width, height = size_wh
    match kind:
        case "any":
            return random.random((height, width)).astype(np.float32)
        case "hard":
            return (random.random((height, width)) > 0.5).astype(np.float32)
        case "oval":
            return oval_alpha(size_wh)
        case "cut":
            return oval_alpha((2 * width, 2 * height))[:height, width:].copy()
        case "none":
            return np.zeros((height, width), np.float32)
        case "all":
            return np.ones((height, width), np.float32)
        case _:
            return np.full((height, width), 1e-7, np.float32)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("soft", [0.06, 0.01])
def test_the_live_face_under_a_whole_patch_leaves_no_trace(way: Joining, soft: float) -> None:
    size_wh = (240, 300)
    alpha = oval_alpha(size_wh, soft=soft, openings=False)
    inside = deep_inside(alpha, 24)
    assert inside.mean() > 0.02
    one, other = noise(size_wh, 1, 140, 6), noise(size_wh, 2, 120, 6)
    other[~(alpha >= 1)] = one[~(alpha >= 1)]  # two live faces that differ only where they are covered
    generated = patch(flat(size_wh, PAINT), alpha)
    first, second = joined(one, generated, way), joined(other, generated, way)
    np.testing.assert_array_equal(first[inside], second[inside])


@pytest.mark.parametrize("way", WAYS)
def test_no_fine_detail_of_the_live_face_shows_where_alpha_is_one(way: Joining) -> None:
    size_wh = (200, 240)
    alpha = oval_alpha(size_wh)
    image = joined(noise(size_wh), patch(flat(size_wh, PAINT), alpha), way).astype(np.float32)
    detail = np.abs(image - cv2.blur(image, (5, 5)))[deep_inside(alpha, 3)]
    assert detail.max() <= 3, "the live face's noise is 40 levels strong"


@pytest.mark.parametrize("way", WAYS)
def test_the_patch_keeps_its_fine_detail_where_alpha_is_one(way: Joining) -> None:
    size_wh = (200, 240)
    alpha, generated = oval_alpha(size_wh), noise(size_wh, 5)
    image = joined(flat(size_wh, SKIN), patch(generated, alpha), way).astype(np.float32)
    inside = deep_inside(alpha, 12)
    kept = (image - cv2.blur(image, (5, 5)))[inside]
    own = (generated - cv2.blur(generated.astype(np.float32), (5, 5)))[inside]
    assert np.abs(kept - own).mean() < 1.5


def step_at_rim(image: NDArray[np.uint8], alpha: NDArray[np.float32]) -> float:
    """Levels between the colour just outside the oval's rim and that just inside, at mid height."""
    row = image[image.shape[0] // 2].astype(np.float32)
    line = alpha[alpha.shape[0] // 2]
    outside, inside = int(np.argmax(line > 0.02)), int(np.argmax(line > 0.98))
    return float(np.abs(row[inside] - row[outside]).mean())


def test_membrane_and_poisson_take_the_step_out_of_the_rim_where_the_target_follows_the_live_colour() -> None:
    size_wh = (240, 300)
    alpha = oval_alpha(size_wh)
    one = patch(flat(size_wh, PAINT), alpha)
    steps = {way: step_at_rim(joined(flat(size_wh, SKIN), one, way), alpha) for way in WAYS}
    assert steps[Joining.ALPHA] > 25
    assert steps[Joining.POISSON] < 2
    assert steps[Joining.MEMBRANE] < steps[Joining.ALPHA] / 2


@pytest.mark.parametrize("way", [Joining.MEMBRANE, Joining.POISSON])
def test_a_target_with_colours_of_its_own_keeps_them(way: Joining) -> None:
    size_wh = (240, 300)
    one = patch(flat(size_wh, PAINT), oval_alpha(size_wh))
    by_alpha = joined(flat(size_wh, SKIN), one, Joining.ALPHA)
    np.testing.assert_array_equal(joined(flat(size_wh, SKIN), one, way, worn(1, 0.0)), by_alpha)


def test_multi_band_changes_fine_detail_over_a_narrower_rim_than_alpha_does() -> None:
    size_wh = (240, 300)
    alpha, generated = oval_alpha(size_wh, openings=False), noise(size_wh, 5)
    rim = (alpha > 0.4) & (alpha < 0.6)
    live = flat(size_wh, (128, 128, 128))
    deviation = {way: joined(live, patch(generated, alpha), way)[rim].std() for way in WAYS}
    assert deviation[Joining.MULTI_BAND] > 1.3 * deviation[Joining.ALPHA]


@pytest.mark.parametrize("way", WAYS)
def test_a_way_that_fails_is_replaced_by_alpha(
    way: Joining, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*words: object) -> NDArray[np.uint8]:
        raise cv2.error("no memory")

    size_wh = (80, 90)
    one, live = patch(noise(size_wh), oval_alpha(size_wh), (5, 5)), noise((100, 100), 3)
    by_alpha = joined(live, one, Joining.ALPHA)
    monkeypatch.setattr(joiner_module, "multi_band_joined", fail)
    monkeypatch.setattr(joiner_module, "poisson_corrected", fail)
    monkeypatch.setattr(Membrane, "corrected", fail)
    image, joiner = live.copy(), Joiner()
    joiner.join(image, one, way, worn(), 0)
    np.testing.assert_array_equal(image, by_alpha)
    joiner.join(image, one, way, worn(), FRAME_NS)
    assert len(caplog.records) == (way is not Joining.ALPHA), "said once, not at every frame"


@pytest.mark.parametrize("way", WAYS)
def test_a_still_picture_gives_a_still_join(way: Joining) -> None:
    size_wh = (120, 140)
    one, live, joiner = patch(noise(size_wh), oval_alpha(size_wh)), noise(size_wh, 3), Joiner()
    images = [live.copy() for _ in range(4)]
    for index, image in enumerate(images):
        joiner.join(image, one, way, worn(), index * FRAME_NS)
    for image in images[1:]:
        np.testing.assert_array_equal(image, images[0])

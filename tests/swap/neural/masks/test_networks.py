"""Room: tests. The masks that networks draw: what the networks are fed and what becomes of their answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Glasses
from mirror_app.domain.errors import ModelError
from mirror_app.domain.frame import Frame
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.swap.neural.masks.network_spec import MaskNetSpec, mask_net_spec
from mirror_app.swap.neural.masks.occluder import OccluderMask
from mirror_app.swap.neural.masks.protocol import MaskMaker
from mirror_app.swap.neural.masks.regions import RegionsMask
from tests.swap.neural.masks.crops import ScriptedNetwork, at, crop_of, grey_frame, live_face, without_mesh, worn

PARSER = MaskNetSpec("parser", "ffhq_512", 512)
OCCLUDER = MaskNetSpec("occluder", "arcface_128", 256)
SKIN, GLASSES, NOSE, HAIR = 1, 6, 10, 17
LEFT_EYE, CHIN = topology.IMAGE_LEFT_EYE, (topology.CHIN, 175)


def classes(upper: int, lower: int) -> NDArray[np.float32]:
    """A parser's answer: one class above the nose's height of the crop, another below."""
    scores = np.zeros((1, 19, 512, 512), np.float32)
    scores[0, upper, :310] = 3
    scores[0, lower, 310:] = 3
    return scores


def blue_frame() -> Frame:
    image = np.zeros((400, 400, 3), np.uint8)
    image[:] = (255, 128, 0)
    return Frame(image, 0, 0)


@pytest.mark.parametrize(
    ("upper", "glasses", "eye_is_live"),
    [
        (HAIR, Glasses.KEEP, True),
        (GLASSES, Glasses.KEEP, True),
        (GLASSES, Glasses.REPLACE, False),
        (NOSE, Glasses.KEEP, False),
        (0, Glasses.REPLACE, True),
    ],
)
@pytest.mark.parametrize(("template", "side"), [("arcface_128", 128), ("mtcnn_512", 256)])
def test_only_regions_of_the_face_are_generated(
    upper: int, glasses: Glasses, eye_is_live: bool, template: str, side: int
) -> None:
    face = live_face(turned_rad=0.4)
    crop = crop_of(face, side, template)
    mask = RegionsMask(ScriptedNetwork(classes(upper, SKIN)), PARSER).mask(
        grey_frame(), crop, worn(face, glasses=glasses)
    )
    assert mask.shape == (side, side)
    assert at(mask, crop, LEFT_EYE) == (0 if eye_is_live else 255)
    assert at(mask, crop, CHIN) == 255


def test_regions_are_a_little_larger_than_the_network_says() -> None:
    face = live_face()
    crop = crop_of(face, 512, "ffhq_512")
    mask = RegionsMask(ScriptedNetwork(classes(HAIR, SKIN)), PARSER).mask(grey_frame(), crop, worn(face))
    edge = int(np.argmax(mask[:, 256] > 127))
    assert 3 <= 310 - edge <= 5
    assert mask[310 - 20, 256] == 0


def test_the_parser_is_fed_red_first_with_imagenets_mean_and_deviation() -> None:
    network, face = ScriptedNetwork(classes(SKIN, SKIN)), live_face()
    RegionsMask(network, PARSER).mask(blue_frame(), crop_of(face, frame=blue_frame()), worn(face))
    assert network.fed[0].shape == (1, 3, 512, 512)
    wanted = ((np.array([0, 128, 255]) / 255) - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(network.fed[0].mean((0, 2, 3)), wanted, atol=1e-4)


def test_the_occluder_is_fed_bytes_as_shares_blue_first_and_channels_last() -> None:
    network, face = ScriptedNetwork(np.ones((1, 256, 256, 1), np.float32)), live_face()
    OccluderMask(network, OCCLUDER).mask(blue_frame(), crop_of(face, frame=blue_frame()), worn(face))
    assert network.fed[0].shape == (1, 256, 256, 3)
    np.testing.assert_allclose(network.fed[0].mean((0, 1, 2)), [1, 128 / 255, 0], atol=1e-5)


@pytest.mark.parametrize(("share", "shown"), [(-3.0, 0), (0.0, 0), (0.5, 0), (0.75, 128), (1.0, 255), (4.0, 255)])
def test_an_occluders_doubt_counts_as_something_in_front(share: float, shown: int) -> None:
    face = live_face()
    mask = OccluderMask(ScriptedNetwork(np.full((1, 256, 256, 1), share, np.float32)), OCCLUDER).mask(
        grey_frame(), crop_of(face), worn(face)
    )
    assert np.abs(mask.astype(int) - shown).max() <= 2


def test_a_hand_before_the_eyes_stays_live_with_a_soft_edge() -> None:
    answer = np.ones((1, 256, 256, 1), np.float32)
    answer[:, :140] = 0
    face = live_face()
    crop = crop_of(face, 256)
    mask = OccluderMask(ScriptedNetwork(answer), OCCLUDER).mask(grey_frame(), crop, worn(face))
    assert at(mask, crop, LEFT_EYE) == 0
    assert at(mask, crop, CHIN) == 255
    assert np.abs(np.diff(mask[:, 128].astype(int))).max() < 60


MAKERS: dict[str, Callable[[NDArray[np.float32]], MaskMaker]] = {
    "parser": lambda output: RegionsMask(ScriptedNetwork(output), PARSER),
    "occluder": lambda output: OccluderMask(ScriptedNetwork(output), OCCLUDER),
}
GOOD = {"parser": classes(SKIN, SKIN), "occluder": np.ones((1, 256, 256, 1), np.float32)}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_an_error(name: str, number: float) -> None:
    output, face = GOOD[name].copy(), live_face()
    output.reshape(-1)[-7] = number
    maker = MAKERS[name](output)
    with pytest.raises(ModelError, match=f"{name} gave numbers that are not finite"):
        maker.mask(grey_frame(), crop_of(face), worn(face))


@pytest.mark.parametrize("name", MAKERS)
def test_an_output_of_another_shape_is_an_error_that_says_which(name: str) -> None:
    face = live_face()
    maker = MAKERS[name](np.zeros((1, 3, 8, 8), np.float32))
    with pytest.raises(ModelError, match=r"\(1, 3, 8, 8\)"):
        maker.mask(grey_frame(), crop_of(face), worn(face))


@pytest.mark.parametrize("name", MAKERS)
def test_a_face_without_a_mesh_is_looked_at_by_its_five_points(name: str) -> None:
    face = without_mesh(live_face())
    maker = MAKERS[name](GOOD[name])
    assert maker.mask(grey_frame(), crop_of(face), worn(face)).min() >= 254


@pytest.mark.parametrize("name", MAKERS)
def test_a_networks_mask_reuses_its_memory(name: str) -> None:
    face = live_face()
    maker = MAKERS[name](GOOD[name])
    first, second = (maker.mask(grey_frame(), crop_of(face), worn(face)) for _ in range(2))
    assert np.shares_memory(first, second)


def test_the_catalogues_mask_networks_have_their_facts() -> None:
    catalogue = load_catalogue(assets_dir() / "models" / "catalogue.toml")
    assert mask_net_spec(catalogue.find("bisenet_resnet_18")) == MaskNetSpec("bisenet_resnet_18", "ffhq_512", 512)
    assert mask_net_spec(catalogue.find("xseg_1")) == MaskNetSpec("xseg_1", "arcface_128", 256)

"""Room: tests. From a frame to patches through a scripted network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import ModelError
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.templates import crop_from_landmarks
from mirror_app.runtime.backend import TensorSpec
from mirror_app.swap.neural.aligned_crop import Border
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.spec import IdentityKind, SwapperSpec
from mirror_app.swap.neural.swapper import NeuralSwapper, find_ports
from tests.swap.neural import networks

RAWS = {key: networks.raw_embedding(key) for key in (1, 2, 3)}
SOMEBODY, OTHER = networks.target(networks.view(1)), networks.target(networks.view(2))
PLAIN = networks.PLAIN
FRAME = networks.frame_of(networks.picture())
HERE, THERE = networks.landmarks_at((90, 120), 90), networks.landmarks_at((230, 110), 70, 20)


def identity_of(model: SwapperSpec) -> IdentityMaker:
    return IdentityMaker(model, networks.ScriptedRecogniser(RAWS))


def swapper_on(
    network: networks.ScriptedNetwork, model: SwapperSpec = PLAIN, tiles: int = 1, mask: int = 255
) -> NeuralSwapper:
    return NeuralSwapper(model, network, identity_of(model), networks.WholeMask(mask), tiles=tiles)


def inside(patch: FacePatch, image_bgr: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What the patch and a frame show where the patch covers fully."""
    x, y = patch.origin_xy
    height, width = patch.alpha.shape
    shown = patch.alpha == 1
    return patch.image_bgr[shown], image_bgr[y : y + height, x : x + width][shown]


@pytest.mark.parametrize("batch", [-1, 1])
@pytest.mark.parametrize("tiles", [1, 2])
def test_a_network_that_only_brightens_gives_the_live_face_back_brighter(batch: int, tiles: int) -> None:
    network = networks.ScriptedNetwork(PLAIN, batch=batch)
    faces = [networks.wear(HERE, SOMEBODY, 1), networks.wear(THERE, OTHER, 2)]
    patches = swapper_on(network, tiles=tiles).generate(FRAME, faces)
    for patch in patches:
        assert patch.valid
        generated, live = inside(patch, FRAME.image_bgr)
        assert len(generated) > 500
        # The crop has fewer pixels than the face: on smooth pictures little is lost.
        assert np.abs(generated.astype(np.int16) - networks.BRIGHTER - live).mean() < 6 / tiles


@pytest.mark.parametrize(("batch", "runs"), [(-1, 1), (1, 2)])
def test_all_faces_of_a_frame_are_one_batch_where_it_is_free(batch: int, runs: int) -> None:
    network = networks.ScriptedNetwork(PLAIN, batch=batch)
    swapper_on(network).generate(FRAME, [networks.wear(HERE, SOMEBODY, 1), networks.wear(THERE, OTHER, 2)])
    assert [len(feed["target"]) for feed in network.feeds] == [2 // runs] * runs
    sources = np.concatenate([feed["source"] for feed in network.feeds])
    np.testing.assert_allclose(sources, np.stack([RAWS[1], RAWS[2]]) / 20, atol=1e-6)


@pytest.mark.parametrize(("batch", "sizes"), [(-1, [4]), (1, [1, 1, 1, 1])])
def test_tiles_are_one_batch_of_four_where_it_is_free(batch: int, sizes: list[int]) -> None:
    network = networks.ScriptedNetwork(PLAIN, batch=batch)
    swapper_on(network, tiles=2).generate(FRAME, [networks.wear(HERE, SOMEBODY)])
    assert [len(feed["target"]) for feed in network.feeds] == sizes


def paint(rgb: tuple[float, float, float]) -> Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]:
    """A network whose output is a colour with a little of the crop on top."""
    colour = np.array(rgb, np.float32).reshape(1, 3, 1, 1)
    return lambda crops, identities: colour + np.float32(0.1) * (crops - crops.mean((2, 3), keepdims=True))


@pytest.mark.parametrize(
    ("model", "rgb", "bgr"),
    [
        (PLAIN, (0.8, 0.4, 0.2), (51, 102, 204)),
        (
            replace(PLAIN, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5), denormalise=True),
            (0.6, -0.2, -0.6),
            (51, 102, 204),
        ),
        (replace(PLAIN, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)), (0.8, 0.4, 0.2), (51, 102, 204)),
        (replace(PLAIN, mean=(0.1, 0.2, 0.3), std=(0.5, 0.4, 0.2), denormalise=True), (1.4, 0.5, -0.5), (51, 102, 204)),
    ],
    ids=["0..1", "denormalised", "not denormalised", "each channel its own"],
)
def test_outputs_are_red_green_blue_in_the_range_of_the_contract(
    model: SwapperSpec, rgb: tuple[float, float, float], bgr: tuple[int, int, int]
) -> None:
    (patch,) = swapper_on(networks.ScriptedNetwork(model, paint(rgb)), model).generate(
        FRAME, [networks.wear(HERE, SOMEBODY)]
    )
    assert patch.valid
    np.testing.assert_allclose(inside(patch, FRAME.image_bgr)[0].mean(0), bgr, atol=6)


@pytest.mark.parametrize("template", ["arcface_112_v1", "arcface_112_v2", "arcface_128", "ffhq_512", "mtcnn_512"])
@pytest.mark.parametrize(
    ("border", "mode"), [(Border.BLACK, cv2.BORDER_CONSTANT), (Border.REPLICATE, cv2.BORDER_REPLICATE)]
)
def test_the_crop_has_the_template_and_border_of_the_contract(template: str, border: Border, mode: int) -> None:
    model, masks = replace(PLAIN, template=template, border=border, side=64), networks.WholeMask()
    landmarks = HERE + np.float32(-60)
    swapper = NeuralSwapper(model, networks.ScriptedNetwork(model), identity_of(model), masks)
    swapper.generate(FRAME, [networks.wear(landmarks, SOMEBODY)])
    expected = cv2.warpAffine(FRAME.image_bgr, crop_from_landmarks(landmarks, template, 64), (64, 64), borderMode=mode)
    np.testing.assert_allclose(masks.crops[0].astype(int), expected, atol=1)


def test_the_network_sees_red_green_blue_of_the_crop_normalised() -> None:
    model = replace(PLAIN, mean=(0.1, 0.2, 0.3), std=(0.5, 0.4, 0.2))
    network, masks = networks.ScriptedNetwork(model), networks.WholeMask()
    NeuralSwapper(model, network, identity_of(model), masks).generate(FRAME, [networks.wear(HERE, SOMEBODY)])
    expected = (masks.crops[0][..., ::-1] / 255 - model.mean) / model.std
    np.testing.assert_allclose(network.feeds[0]["target"][0], expected.transpose(2, 0, 1), atol=1e-5)


def with_nan(crops: NDArray[np.float32], _: NDArray[np.float32]) -> NDArray[np.float32]:
    made = networks.brighter(crops, _)
    made[0, 1, 5, 7] = np.nan
    return made


NONSENSE = {
    "nan": with_nan,
    "infinite": lambda crops, _: crops * np.float32(np.inf),
    "black": lambda crops, _: crops * 0,
    "constant": lambda crops, _: crops * 0 + np.float32(0.4),
    "saturated": lambda crops, _: (crops - crops.mean()) * np.float32(1e5),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("tiles", [1, 2])
@pytest.mark.parametrize("compute", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_never_becomes_a_valid_patch_and_after_ten_frames_is_an_error(
    compute: networks.Compute, tiles: int
) -> None:
    swapper = swapper_on(networks.ScriptedNetwork(PLAIN, compute), tiles=tiles)
    for _ in range(9):
        (patch,) = swapper.generate(FRAME, [networks.wear(HERE, SOMEBODY)])
        assert not patch.valid
    with pytest.raises(ModelError, match="plain gives no usable picture"):
        swapper.generate(FRAME, [networks.wear(HERE, SOMEBODY)])


def test_one_bad_face_leaves_the_others_alone() -> None:
    swapper = swapper_on(networks.ScriptedNetwork(PLAIN, with_nan))
    for _ in range(12):
        patches = swapper.generate(FRAME, [networks.wear(HERE, SOMEBODY, 1), networks.wear(THERE, OTHER, 2)])
        assert [patch.valid for patch in patches] == [False, True]


def test_a_good_frame_between_forgives() -> None:
    network = networks.ScriptedNetwork(PLAIN)
    swapper = swapper_on(network)
    for index in range(30):
        network.compute = networks.brighter if index % 9 == 8 else NONSENSE["black"]
        swapper.generate(FRAME, [networks.wear(HERE, SOMEBODY)])


@pytest.mark.parametrize(
    "assignment",
    [
        networks.wear(None, SOMEBODY),
        networks.wear(np.full((5, 2), np.nan, np.float32), SOMEBODY),
        networks.wear(HERE * np.array([-1, 1], np.float32) + np.array([300, 0], np.float32), SOMEBODY),
        networks.wear(HERE + np.float32(2000), SOMEBODY),
        networks.wear(HERE, networks.target()),
    ],
    ids=["no landmarks", "nan", "mirrored", "outside", "painted target"],
)
def test_what_cannot_be_done_gets_an_invalid_patch_and_the_rest_goes_on(assignment: Assignment) -> None:
    network = networks.ScriptedNetwork(PLAIN)
    patches = swapper_on(network).generate(FRAME, [assignment, networks.wear(THERE, OTHER, 2)])
    assert [patch.valid for patch in patches] == [False, True]
    assert len(network.feeds[0]["target"]) == 1
    assert [patch.valid for patch in swapper_on(network).generate(FRAME, [assignment])] == [False]


@pytest.mark.parametrize(("mask", "valid"), [(0, False), (15, False), (255, True)])
def test_a_patch_that_shows_next_to_nothing_is_invalid(mask: int, valid: bool) -> None:
    (patch,) = swapper_on(networks.ScriptedNetwork(PLAIN), mask=mask).generate(FRAME, [networks.wear(HERE, SOMEBODY)])
    assert patch.valid is valid


def test_nobody_to_cover_needs_no_network() -> None:
    network = networks.ScriptedNetwork(PLAIN)
    assert swapper_on(network).generate(FRAME, []) == []
    assert network.feeds == []


PORTRAIT = replace(PLAIN, identity=IdentityKind.PORTRAIT, portrait_template="ffhq_512", portrait_side=48)


@pytest.mark.parametrize(
    ("model", "names"),
    [(PLAIN, ("target", "source")), (PLAIN, ("input", "onnx::Gemm_1")), (PORTRAIT, ("input_1", "input_2"))],
)
@pytest.mark.parametrize("batch", [-1, 1])
def test_inputs_are_found_by_name_and_else_by_shape(model: SwapperSpec, names: tuple[str, str], batch: int) -> None:
    ports = find_ports(model, networks.ScriptedNetwork(model, batch=batch, names=names))
    assert (ports.crop, ports.identity, ports.takes_many) == (*names, batch == -1)


SAME_SIZE = replace(PORTRAIT, portrait_side=PORTRAIT.side)


@pytest.mark.parametrize(
    ("model", "network", "said"),
    [
        (PLAIN, networks.ScriptedNetwork(replace(PLAIN, side=64)), "target should have the shape"),
        (PLAIN, networks.ScriptedNetwork(PORTRAIT), "source should have the shape"),
        (SAME_SIZE, networks.ScriptedNetwork(SAME_SIZE, names=("a", "b")), "target should have the shape"),
    ],
    ids=["another side", "another identity", "two that look alike"],
)
def test_a_network_that_does_not_fit_is_refused_with_what_was_expected_and_got(
    model: SwapperSpec, network: networks.ScriptedNetwork, said: str
) -> None:
    with pytest.raises(ModelError, match=said):
        find_ports(model, network)


def test_an_output_that_does_not_fit_is_refused() -> None:
    network = networks.ScriptedNetwork(PLAIN)
    network.outputs = (TensorSpec("mask", (-1, 1, 32, 32)),)
    with pytest.raises(ModelError, match="mask should have the shape"):
        find_ports(PLAIN, network)


def test_an_output_of_another_shape_than_promised_is_an_error() -> None:
    network = networks.ScriptedNetwork(PLAIN, lambda crops, _: crops[:, :, :16])
    with pytest.raises(ModelError, match="gave an output of shape"):
        swapper_on(network).generate(FRAME, [networks.wear(HERE, SOMEBODY)])


def test_it_says_who_runs_where() -> None:
    swapper = swapper_on(networks.ScriptedNetwork(PLAIN))
    assert (swapper.engine, swapper.device) == ("plain", "Test card")


def test_arrays_are_used_again_from_frame_to_frame() -> None:
    fed = []

    def remember(crops: NDArray[np.float32], identities: NDArray[np.float32]) -> NDArray[np.float32]:
        fed.append((crops.__array_interface__["data"], identities.__array_interface__["data"]))
        return crops

    swapper = swapper_on(networks.ScriptedNetwork(PLAIN, remember))
    for index in range(4):
        swapper.generate(networks.frame_of(networks.picture(seed=index), index), [networks.wear(HERE, SOMEBODY)])
    assert len(set(fed)) == 1

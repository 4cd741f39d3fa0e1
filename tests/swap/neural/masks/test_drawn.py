"""Room: tests. The masks that need no network: what they show, what they hide, how they are combined."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment, LivePart
from mirror_app.domain.frame import Frame
from mirror_app.swap.neural.aligned_crop import AlignedCrop
from mirror_app.swap.neural.masks.box import BoxMask
from mirror_app.swap.neural.masks.combined import CombinedMask, usual_mask
from mirror_app.swap.neural.masks.live_parts import LivePartsMask
from mirror_app.swap.neural.masks.outline import OutlineMask
from tests.swap.neural.masks.crops import at, crop_of, grey_frame, live_face, without_mesh, worn

SIDES = (128, 256, 512)
CHEEK = (50, 280)


@pytest.mark.parametrize("side", SIDES)
def test_the_box_ends_softly_before_the_border_and_shows_the_middle(side: int) -> None:
    face = live_face()
    mask = BoxMask().mask(grey_frame(), crop_of(face, side), worn(face))
    assert mask.shape == (side, side)
    assert mask.dtype == np.uint8
    assert max(mask[0].max(), mask[-1].max(), mask[:, 0].max(), mask[:, -1].max()) == 0
    assert mask[side // 12 : -side // 12, side // 12 : -side // 12].min() == 255
    assert np.abs(np.diff(mask[side // 2].astype(int))).max() <= 255 * 32 / side


def test_the_box_is_drawn_once_per_size() -> None:
    face, box = live_face(), BoxMask()
    masks = [box.mask(grey_frame(), crop_of(face, side), worn(face)) for side in (128, 128, 256)]
    assert masks[0] is masks[1]
    assert masks[2].shape == (256, 256)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("turned_rad", [0.0, 0.7, -2.5])
def test_the_outline_shows_the_whole_face_and_nothing_beside_it(side: int, turned_rad: float) -> None:
    face = live_face(turned_rad=turned_rad)
    crop = crop_of(face, side, "ffhq_512")
    mask = OutlineMask().mask(grey_frame(), crop, worn(face))
    assert mask.shape == (side, side)
    for vertices in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_BROW, topology.LIPS_OUTER, CHEEK):
        assert at(mask, crop, vertices) == 255
    assert face.mesh is not None
    middle = face.mesh.points[topology.NOSE_TIP, :2]
    for far in (topology.IMAGE_LEFT_SIDE, topology.IMAGE_RIGHT_SIDE, topology.FOREHEAD_TOP):
        outside = middle + 1.35 * (face.mesh.points[far, :2] - middle)
        x, y = (crop.crop_from_frame @ np.array([*outside, 1])).astype(int)
        assert mask[y, x] == 0


@pytest.mark.parametrize("maker", [OutlineMask(), LivePartsMask()])
def test_without_a_mesh_nothing_is_hidden(maker: OutlineMask | LivePartsMask) -> None:
    face = without_mesh(live_face())
    mask = maker.mask(grey_frame(), crop_of(face), worn(face, *LivePart))
    assert mask.min() == 255


@pytest.mark.parametrize(
    ("kept", "hidden", "shown"),
    [
        ((), (), (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER)),
        ((LivePart.EYES,), (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE), (topology.LIPS_INNER, CHEEK)),
        ((LivePart.MOUTH,), (topology.LIPS_INNER,), (topology.IMAGE_LEFT_EYE, CHEEK)),
    ],
)
def test_what_is_to_stay_shows_the_live_face(
    kept: tuple[LivePart, ...], hidden: tuple[tuple[int, ...], ...], shown: tuple[tuple[int, ...], ...]
) -> None:
    face = live_face()
    assert face.mesh is not None
    # An open mouth: the lower lip and what hangs on it go down.
    face.mesh.points[[14, 87, 317, 178, 402, 88, 318, 95, 324], 1] += 16
    crop = crop_of(face, 256)
    mask = LivePartsMask().mask(grey_frame(), crop, worn(face, *kept))
    assert all(at(mask, crop, ring) < 100 for ring in hidden)
    assert all(at(mask, crop, ring) == 255 for ring in shown)


class Half:
    """Hides the upper or the lower half."""

    def __init__(self, upper: bool) -> None:
        self._upper = upper

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        mask = np.full((crop.side, crop.side), 200, np.uint8)
        mask[: crop.side // 2 if self._upper else 0] = 7
        return mask


def test_what_any_mask_hides_is_hidden_and_the_makers_own_arrays_stay() -> None:
    face, box = live_face(), BoxMask()
    crop = crop_of(face)
    before = box.mask(grey_frame(), crop, worn(face)).copy()
    mask = CombinedMask([box, Half(True)]).mask(grey_frame(), crop, worn(face))
    assert mask[:64].max() == 7
    assert mask[96, 64] == 200
    assert mask[127].max() == 0
    assert (box.mask(grey_frame(), crop, worn(face)) == before).all()


def test_a_combined_mask_reuses_its_memory() -> None:
    face, combined = live_face(), usual_mask([Half(False)])
    crop = crop_of(face)
    first, second = (combined.mask(grey_frame(), crop, worn(face)) for _ in range(2))
    assert np.shares_memory(first, second)
    assert first[64, 64] == 200


def test_no_masks_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CombinedMask([])

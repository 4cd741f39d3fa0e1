"""Room: tests. Parsers and occluders show what their contracts say."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment, Glasses
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.runtime.catalogue import ModelSpec
from mirror_app.runtime.models import ModelStore
from mirror_app.swap.neural.aligned_crop import AlignedCrop, Border, Cropper
from mirror_app.swap.neural.masks.network_spec import mask_net_spec
from mirror_app.swap.neural.masks.occluder import OccluderMask
from mirror_app.swap.neural.masks.regions import RegionsMask
from tests.model_contracts import reference
from tests.model_contracts.pictures import (
    CATALOGUE,
    FRAME_HW,
    opened,
    spec_with,
    turned,
)
from tests.portrait import plain_target
from tests.twins import facts, formulas

# Masks: the frame is a grid of one-coloured cells, as the network's crop sees it.
_MASKED_FACE: Final = turned("ffhq_512", 260.0, -11.0, (330.0, 240.0))
_FACE_CLASSES: Final = (1, 2, 3, 4, 5, 10, 11, 12, 13)
_GLASSES_CLASS: Final = 6
_CELLS: Final = 5
_CROP_SIDE: Final = 256


def _places(template: str, frame_from_here: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """(2, h, w): where pixels lie in a template's crop of the face, x and y as shares of its side."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    place_from_here = reference.similarity(_MASKED_FACE, template, 1) @ np.vstack([frame_from_here, [0, 0, 1]])
    return np.asarray(np.einsum("ij,jyx->iyx", place_from_here, np.stack([x, y, np.ones_like(x)])))


def _cells(places: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The number of each place's cell, and whether it lies well inside it and its field."""
    column, row = np.clip(np.floor(places * _CELLS).astype(int), 0, _CELLS - 1)
    from_middle = np.abs(places * _CELLS - np.stack([column, row]) - 0.5)
    from_field_edge = np.abs(places * formulas.SEEN_FIELDS - np.round(places * formulas.SEEN_FIELDS))
    return row * _CELLS + column, ((from_middle < 0.3) & (from_field_edge > 0.3)).all(0)


def _masked(
    template: str, colours_bgr: NDArray[np.floating], glasses: Glasses = Glasses.KEEP
) -> tuple[Frame, AlignedCrop, Assignment]:
    """A frame with a colour in each cell of a template's crop, and the face's crop for a swapper."""
    which, _ = _cells(_places(template, np.eye(2, 3), FRAME_HW))
    frame_bgr = np.round(255 * colours_bgr)[which % len(colours_bgr)].astype(np.uint8)
    live_face = TrackedFace(1, None, np.array([200, 110, 460, 370], np.float32), _MASKED_FACE)
    crop = Cropper("arcface_128", _CROP_SIDE, Border.REPLICATE).crop(frame_bgr, live_face)
    assert crop is not None
    return Frame(frame_bgr, 0, 0), crop, Assignment(live_face, plain_target(), 0.0, glasses=glasses)


def _right_share(mask: NDArray[np.uint8], crop: AlignedCrop, kept: tuple[int, ...]) -> float:
    """Share of the pixels well inside cells that show just when a parser should have taken them for one of these."""
    places = _places("ffhq_512", reference.inverse(crop.crop_from_frame), (_CROP_SIDE, _CROP_SIDE))
    which, well_inside = _cells(places)
    expected = np.isin(which % facts.CLASSES, kept) & formulas.is_seen(places)
    assert 0.1 < expected[well_inside].mean() < 0.9
    return float((np.abs(mask.astype(int) - 255 * expected)[well_inside] < 30).mean())


@pytest.mark.parametrize("name", facts.PARSERS)
@pytest.mark.parametrize("glasses", Glasses)
def test_a_parser_shows_the_regions_of_a_face(store: ModelStore, name: str, glasses: Glasses) -> None:
    frame, crop, assignment = _masked("ffhq_512", formulas.palette_rgb()[:, ::-1], glasses)
    mask = RegionsMask(opened(store, name), mask_net_spec(CATALOGUE.find(name))).mask(frame, crop, assignment)
    kept = (*_FACE_CLASSES, _GLASSES_CLASS) if glasses is Glasses.REPLACE else _FACE_CLASSES
    assert _right_share(mask, crop, kept) > 0.99


@pytest.mark.parametrize("name", facts.PARSERS)
@pytest.mark.parametrize("wrong", ["template", "colours"])
def test_a_parser_with_one_fact_wrong_shows_others(store: ModelStore, name: str, wrong: str) -> None:
    palette_rgb, spec = formulas.palette_rgb(), CATALOGUE.find(name)
    frame, crop, assignment = _masked("ffhq_512", palette_rgb if wrong == "colours" else palette_rgb[:, ::-1])
    if wrong == "template":
        spec = spec_with(spec, "template", "arcface_112_v2")
    mask = RegionsMask(opened(store, name), mask_net_spec(spec)).mask(frame, crop, assignment)
    assert _right_share(mask, crop, _FACE_CLASSES) < 0.95


_CELL_COLOURS_BGR: Final = np.random.default_rng(6).uniform(0.05, 0.95, (_CELLS**2, 3))


def _occluder_error(store: ModelStore, name: str, spec: ModelSpec, colours_bgr: NDArray[np.float64]) -> float:
    """Mean grey levels that the app's mask is away from the contract's, well inside the cells."""
    frame, crop, assignment = _masked("arcface_128", colours_bgr)
    mask = OccluderMask(opened(store, name), mask_net_spec(spec)).mask(frame, crop, assignment)
    places = _places("arcface_128", reference.inverse(crop.crop_from_frame), (_CROP_SIDE, _CROP_SIDE))
    which, well_inside = _cells(places)
    shares = formulas.shown(_CELL_COLOURS_BGR.astype(np.float32))[which] * formulas.is_seen(places)
    return float(np.abs(mask - 255 * np.clip(2 * shares - 1, 0, 1))[well_inside].mean())


@pytest.mark.parametrize("name", facts.OCCLUDERS)
def test_an_occluder_shows_what_it_takes_for_face(store: ModelStore, name: str) -> None:
    spec = CATALOGUE.find(name)
    assert _occluder_error(store, name, spec, _CELL_COLOURS_BGR) < 5
    assert _occluder_error(store, name, spec, _CELL_COLOURS_BGR[:, ::-1]) > 20
    assert _occluder_error(store, name, spec_with(spec, "template", "ffhq_512"), _CELL_COLOURS_BGR) > 10

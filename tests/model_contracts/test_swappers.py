"""Room: tests. Swappers paint what their contracts say, from the live face and from the photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetView
from mirror_app.pipeline.neural import NeuralParts
from mirror_app.pipeline.wishes import Wishes
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.factory import Device
from mirror_app.runtime.models import InstalledModel, ModelStore
from tests.model_contracts import reference
from tests.model_contracts.pictures import (
    FACE,
    FRAME_BGR,
    FRAME_HW,
    PHOTO_BGR,
    PHOTO_FACE,
    spec_with,
)
from tests.portrait import plain_target
from tests.twins import analytic, facts

CPU: Final = Wishes(devices={role.value: Device.CPU.value for role in Role})
_LEAST_PIXELS: Final = 5000
CLOSE: Final = 1.0
"""Mean grey levels that interpolation in steps of 1/32 px, as OpenCV does it, may be off."""
CLEARLY: Final = 3.0
"""Mean grey levels that a wrong contract must be off at least."""


def _swapped(store: ModelStore, model: InstalledModel) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The frame's pixels as the app's patch has them, and where the patch is opaque: nowhere if it was refused."""
    swapper = NeuralParts(store, CPU).swapper(model, 1)
    view = TargetView(PHOTO_BGR, PHOTO_FACE)
    target = replace(plain_target(), views=(view,))
    live_face = TrackedFace(1, None, np.array([0, 0, 170, 170], np.float32), FACE)
    (patch,) = swapper.generate(Frame(FRAME_BGR, 0, 0), [Assignment(live_face, target, 0.0)])
    shown, opaque = np.zeros((*FRAME_HW, 3)), np.zeros(FRAME_HW, np.bool_)
    x, y = patch.origin_xy
    height, width = patch.alpha.shape
    shown[y : y + height, x : x + width] = patch.image_bgr
    opaque[y : y + height, x : x + width] = (patch.alpha > 0.995) & patch.valid
    return shown, opaque


@cache
def _expected(name: str, *, red_for_blue: bool = False) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What the contract says, with the colours of frame and photo as they are or turned round."""
    colours = slice(None, None, -1) if red_for_blue else slice(None)
    frame, photo = FRAME_BGR[..., colours], PHOTO_BGR[..., colours]
    told = reference.identity(name, photo, PHOTO_FACE)
    made, crop_from_frame = reference.generated(name, frame, FACE, told)
    shown, inside = reference.pasted(FRAME_BGR, made, crop_from_frame)
    return shown[..., colours], inside


def _difference(store: ModelStore, model: InstalledModel, name: str) -> float:
    """Mean grey levels between the app's picture and the contract's where the app's is opaque; infinite if refused."""
    shown, opaque = _swapped(store, model)
    expected, inside = _expected(name)
    both = opaque & inside
    return float(np.abs(shown - expected)[both].mean()) if both.sum() > _LEAST_PIXELS else np.inf


@pytest.mark.parametrize("name", facts.SWAPPERS)
def test_a_swapper_paints_what_its_contract_says(without_masks: ModelStore, name: str) -> None:
    shown, opaque = _swapped(without_masks, without_masks.require(name))
    expected, inside = _expected(name)
    both = opaque & inside
    assert both.sum() > _LEAST_PIXELS
    assert np.abs(shown - expected)[both].mean() < CLOSE
    assert np.abs(shown - _expected(name, red_for_blue=True)[0])[both].mean() > CLEARLY


_WRONG_COLOURS: Final = {"mean": [0.3, 0.5, 0.7], "std": [0.6, 0.9, 0.4]}
WRONG_FACTS: Final[Mapping[str, Mapping[str, object]]] = {
    "inswapper_128": {
        "template": "arcface_112_v2", **_WRONG_COLOURS, "border": "replicate", "identity": "unit",
    },
    "hyperswap_1a_256": {
        "template": "ffhq_512", **_WRONG_COLOURS, "border": "black", "denormalise": False, "identity": "converted",
    },
    "simswap_256": {
        "template": "arcface_128", **_WRONG_COLOURS, "border": "black", "denormalise": True, "identity": "unit",
    },
    "ghost_1_256": {
        "template": "mtcnn_512", **_WRONG_COLOURS, "border": "black", "denormalise": False,
        "identity": "converted-unit",
    },
    "hififace_unofficial_256": {
        "template": "arcface_112_v1", **_WRONG_COLOURS, "border": "black", "denormalise": False,
        "identity": "converted",
    },
    "uniface_256": {
        "template": "mtcnn_512", **_WRONG_COLOURS, "border": "black", "denormalise": False,
        "portrait_template": "arcface_112_v2",
    },
    "blendswap_256": {
        "template": "arcface_128", **_WRONG_COLOURS, "border": "black", "portrait_template": "ffhq_512",
    },
}  # fmt: skip
"""For one model of each swapper family: its facts, each made wrong."""


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, wrong in WRONG_FACTS.items() for key in wrong])
def test_a_swapper_with_one_fact_wrong_paints_something_else(without_masks: ModelStore, name: str, key: str) -> None:
    model = _with_fact(without_masks.require(name), key, WRONG_FACTS[name][key])
    try:
        difference = _difference(without_masks, model, name)
    except ModelError:
        return
    assert difference > CLEARLY


def _with_fact(model: InstalledModel, key: str, value: object) -> InstalledModel:
    return replace(model, spec=spec_with(model.spec, key, value))


@pytest.mark.parametrize("emap_last", [True, False])
def test_inswappers_emap_is_found_wherever_it_stands(
    without_masks: ModelStore, tmp_path: Path, emap_last: bool
) -> None:
    path = analytic("inswapper_128", tmp_path, emap_last=emap_last)
    model = replace(without_masks.require("inswapper_128"), path=path)
    assert _difference(without_masks, model, "inswapper_128") < CLOSE


def test_inswappers_emap_must_not_be_transposed(without_masks: ModelStore, tmp_path: Path) -> None:
    path = analytic("inswapper_128", tmp_path)
    file = onnx.load(path)
    emap = onnx.numpy_helper.to_array(file.graph.initializer[-1])
    file.graph.initializer[-1].CopyFrom(onnx.numpy_helper.from_array(np.ascontiguousarray(emap.T), "buff2fs"))
    onnx.save(file, path)
    model = replace(without_masks.require("inswapper_128"), path=path)
    assert _difference(without_masks, model, "inswapper_128") > CLEARLY

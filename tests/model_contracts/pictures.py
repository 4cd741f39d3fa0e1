"""Room: tests. What the contract tests look at: a frame, a face in it, a photo of somebody else. No assertions."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import ModelSpec, load_catalogue
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.models import ModelStore
from tests.model_contracts import reference

CATALOGUE: Final = load_catalogue(assets_dir() / "models" / "catalogue.toml")
FRAME_HW: Final = (480, 640)


def turned(template: str, size_px: float, roll_deg: float, at_xy: tuple[float, float]) -> NDArray[np.float32]:
    """Five points like a template's but not quite: a real face never fits."""
    cos, sin = np.cos(np.deg2rad(roll_deg)), np.sin(np.deg2rad(roll_deg))
    away = np.array([[0.01, 0], [-0.005, 0.012], [0.02, -0.01], [0, 0.015], [-0.012, -0.008]])
    points = (reference.TEMPLATES[template] - 0.5 + away) @ np.array([[cos, sin], [-sin, cos]])
    return np.asarray(points * size_px + np.array(at_xy), np.float32)


def colours(height: int, width: int, seed: int) -> NDArray[np.uint8]:
    """A smooth picture in which every place has a colour of its own, warmer than grey."""
    random = np.random.default_rng(seed)
    coarse = random.integers(20, 236, (height // 60 + 1, width // 60 + 1, 3)).astype(np.uint8)
    coarse[..., 2] = np.clip(coarse[..., 2].astype(int) + 40, 0, 240)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


# The crop reaches past the frame's left and upper edge, so that the border counts.
FACE: Final = turned("arcface_128", 170.0, 14.0, (70.0, 85.0))
FRAME_BGR: Final = colours(*FRAME_HW, seed=1)
PHOTO_BGR: Final = colours(300, 280, seed=2)
PHOTO_FACE: Final = turned("arcface_112_v2", 150.0, -9.0, (130.0, 150.0))


def opened(store: ModelStore, name: str) -> InferenceBackend:
    """An installed model on the CPU."""
    return open_backend(store.require(name).path, Device.CPU).backend


def spec_with(spec: ModelSpec, key: str, value: object) -> ModelSpec:
    """A model of which one fact is wrong."""
    if spec.contract[key] == value:
        raise ValueError(f"expected another {key} than {value}")
    return replace(spec, contract={**spec.contract, key: value})

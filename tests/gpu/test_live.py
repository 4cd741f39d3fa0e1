"""Room: tests. The whole mirror with its network on the card: the CPU's picture, and a face covered when it fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.frame import Frame
from mirror_app.pipeline import neural
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorState
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.factory import Device, Opened, open_backend
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.trt_door import Prepared, TrtDoor
from mirror_app.runtime.trt_library import TrtLibrary
from tests.benchmarks.overhead_parts import SCENES, as_frames, photographed_target, pictures_of
from tests.fake_cuda.control import FakeDriver
from tests.gpu.plans import built
from tests.gpu.test_chain import fine
from tests.gpu.test_trt import numbers
from tests.twins import analytic

pytestmark = pytest.mark.gpu
_MOST_LEVELS = 2
_PICTURES = pictures_of(SCENES["720p, face 280 px"])
_MODELS = ("inswapper_128", "arcface_w600k_r50")


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    made = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), tmp_path / "store")
    (tmp_path / "store").mkdir()
    for name in _MODELS:
        made.import_file(analytic(name, tmp_path / name), name)
    return made


@pytest.fixture
def on_card(library: TrtLibrary, card: Card) -> Callable[[ModelStore], MirrorPipeline]:
    """Opens a mirror whose user-installed networks all run through TensorRT."""

    def with_plan(path: Path, device: Device, **wishes: Any) -> Opened:
        plan, reference = built(path, library, card), OrtBackend(path)
        samples = tuple(numbers(reference, seed) for seed in range(3))
        return open_backend(path, device, prepared=lambda: Prepared(plan, path, lambda _: samples), door=TrtDoor(fine))

    return partial(open_with, with_plan)


def open_with(open_network: Callable[..., Opened], store: ModelStore) -> MirrorPipeline:
    """A mirror whose user-installed networks are opened in a way of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neural, "open_backend", open_network)
        return open_mirror("inswapper_128", store=store)


def _on_cpu(path: Path, _device: Device, **_wishes: Any) -> Opened:
    return open_backend(path, Device.CPU)


def shown(mirror: MirrorPipeline, frames: list[Frame]) -> list[NDArray[np.uint8]]:
    mirror.controls = MirrorControls(target=photographed_target())
    results = [mirror.process(frame) for frame in frames]
    assert [result.state for result in results] == [MirrorState.LIVE] * len(frames)
    return [np.array(result.safe.image_bgr) for result in results]


def test_the_picture_is_that_of_the_cpu(
    on_card: Callable[[ModelStore], MirrorPipeline], store: ModelStore, card: Card
) -> None:
    frames = as_frames(_PICTURES, 0, 4)
    fast, slow = on_card(store), open_with(_on_cpu, store)
    for got, expected in zip(shown(fast, frames), shown(slow, frames), strict=True):
        assert np.abs(got.astype(int) - expected).max() <= _MOST_LEVELS
    assert (fast.engine, fast.device, fast.trouble) == ("inswapper_128", card.name, "")


def test_a_lost_card_is_covered_in_the_same_frame_and_the_cpu_goes_on(
    on_card: Callable[[ModelStore], MirrorPipeline], store: ModelStore, card: Card, fake: FakeDriver
) -> None:
    mirror = on_card(store)
    before = shown(mirror, as_frames(_PICTURES, 0, 3))
    fake.lose_card()
    after = shown(mirror, as_frames(_PICTURES, 3, 3))
    assert (mirror.engine, mirror.device, mirror.trouble) == ("inswapper_128", "CPU", "")
    assert np.abs(after[0].astype(int) - before[0]).mean() < 8


def test_when_the_network_cannot_run_anywhere_the_built_in_engine_covers_the_face(
    on_card: Callable[[ModelStore], MirrorPipeline], store: ModelStore, card: Card, fake: FakeDriver
) -> None:
    mirror = on_card(store)
    shown(mirror, as_frames(_PICTURES, 0, 2))
    store.require("inswapper_128").path.unlink()
    fake.lose_card()
    shown(mirror, as_frames(_PICTURES, 2, 3))
    assert mirror.engine == "mesh"
    assert "failed and is out of use; the built-in engine goes on" in mirror.trouble

"""Room: tests. Every family of swappers on the card, with graphs and without: the picture that the CPU makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from mirror_app.pipeline import neural
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.resources import assets_dir
from mirror_app.runtime import trt_door
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.cuda import Card
from mirror_app.runtime.factory import Device, Opened, open_backend
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_door import Prepared, TrtDoor
from mirror_app.runtime.trt_library import TrtLibrary
from tests.benchmarks.overhead_parts import SCENES, as_frames, pictures_of
from tests.gpu.plans import built
from tests.gpu.test_chain import fine
from tests.gpu.test_live import shown
from tests.gpu.test_trt import numbers
from tests.twins import analytic

pytestmark = pytest.mark.gpu
_MOST_LEVELS: Final = 2
_FRAMES: Final = as_frames(pictures_of(SCENES["720p, face 280 px"]), 0, 3)
FAMILIES: Final = (
    "inswapper_128", "hyperswap_1a_256", "simswap_256", "simswap_unofficial_512", "ghost_1_256",
    "hififace_unofficial_256", "uniface_256", "blendswap_256",
)  # fmt: skip


def store_with(folder: Path, swapper: str) -> ModelStore:
    """A store with the analytic twins of a swapper and of what it needs."""
    store = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), folder / "store")
    (folder / "store").mkdir()
    needed = {swapper, "arcface_w600k_r50", *store.catalogue.find(swapper).needs}
    for name in needed:
        store.import_file(analytic(name, folder / name), name)
    return store


def opened(open_network: Any, swapper: str, store: ModelStore) -> MirrorPipeline:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neural, "open_backend", open_network)
        return open_mirror(swapper, store=store)


@pytest.mark.parametrize("family", FAMILIES)
def test_with_graphs_and_without_the_picture_is_that_of_the_cpu(
    family: str, library: TrtLibrary, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_with(tmp_path, family)
    wishes = {"graphs": True}

    def backend(*given: Any) -> TrtBackend:
        return TrtBackend(*given, graphs=wishes["graphs"])

    def on_card(path: Path, device: Device, **_wishes: Any) -> Opened:
        plan, reference = built(path, library, card), OrtBackend(path)
        ready = Prepared(plan, path, lambda _: [numbers(reference, seed) for seed in range(3)])
        made = open_backend(path, device, prepared=lambda: ready, door=TrtDoor(fine))
        assert (made.providers, made.note) == (("TensorRT",), "")
        return made

    def on_cpu(path: Path, _device: Device, **_wishes: Any) -> Opened:
        return open_backend(path, Device.CPU)

    monkeypatch.setattr(trt_door, "TrtBackend", backend)
    expected = shown(opened(on_cpu, family, store), _FRAMES)
    for is_wanted in (True, False):
        wishes["graphs"] = is_wanted
        mirror = opened(on_card, family, store)
        for got, right in zip(shown(mirror, _FRAMES), expected, strict=True):
            assert np.abs(got.astype(int) - right).max() <= _MOST_LEVELS
        assert (mirror.engine, mirror.device, mirror.trouble) == (family, card.name, "")

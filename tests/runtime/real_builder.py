"""Room: tests. NVIDIA's `tensorrt-rtx`: the same builder as TensorRT's for our calls, and it needs no card to build."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from mirror_app.resources import assets_dir, recipes_dir
from mirror_app.runtime.build import BuildOrder
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.catalogue import Catalogue, load_catalogue
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.runtime.recipe import load_recipe
from mirror_app.runtime.trt_library import TrtLibrary, open_library

LIBRARY: Final = "tensorrt_rtx"
CARD: Final = GraphicsCard("NVIDIA GeForce RTX 3060", "8.6", 12 * 2**30, "13.0")
needs_builder: Final = pytest.mark.skipif(
    importlib.util.find_spec(LIBRARY) is None, reason="tensorrt-rtx is not installed"
)


@cache
def library() -> TrtLibrary:
    """The library, once: it takes one logger in a process."""
    return open_library(LIBRARY)


@cache
def catalogue() -> Catalogue:
    """The app's own catalogue."""
    return load_catalogue(assets_dir() / "models" / "catalogue.toml")


def place() -> BuildPlace:
    """A computer with a card on which this library would run."""
    return BuildPlace(CARD, library().version, LIBRARY)


def order(name: str, model: Path, work: Path, precision: str = "", source: str = "fp32") -> BuildOrder:
    """What `PlanStore` would order for a model."""
    recipe = load_recipe(recipes_dir(), catalogue().find(name))
    work.mkdir(exist_ok=True)
    return BuildOrder(
        name=name,
        model=model,
        source=source,
        precision=precision or recipe.precision,
        recipe=recipe,
        workspace_bytes=recipe.workspace_mb * 2**20,
        timing_cache=work / "none.cache",
        work=work,
        library=LIBRARY,
    )

"""Room: runtime. Random inputs in the ranges that a recipe states. Holds no faces and judges no picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.runtime.recipe import Recipe, RecipeInput

_SAMPLES: Final = 3
# Pictures are flat patches with a little noise on them: flat ones make larger numbers in a network than noise does.
_PATCH_PX: Final = 16
_NOISE: Final = 0.05


def recipe_samples(recipe: Recipe, names: tuple[str, ...]) -> list[dict[str, NDArray[np.float32]]]:
    """A few inputs of one face or picture, the same ones every time.

    Args:
        recipe: Whose ranges to keep to.
        names: The network's own names of its inputs.
    """
    rng = np.random.default_rng(0)
    by_name = {one.name: one for one in recipe.inputs}
    kinds = {name: by_name.get(name, recipe.inputs[0]) for name in names}
    return [{name: _random(kind, rng)[None] for name, kind in kinds.items()} for _ in range(_SAMPLES)]


def _random(kind: RecipeInput, rng: np.random.Generator) -> NDArray[np.float32]:
    if kind.values is None:
        vector = rng.normal(size=kind.shape)
        return np.asarray(vector * (kind.length / np.linalg.norm(vector)), np.float32)
    least, largest = kind.values
    colours_last = kind.shape[-1] == 3
    height, width = kind.shape[:2] if colours_last else kind.shape[1:]
    patches = rng.random((3, -(-height // _PATCH_PX), -(-width // _PATCH_PX)))
    flat = patches.repeat(_PATCH_PX, axis=1).repeat(_PATCH_PX, axis=2)[:, :height, :width]
    shares = np.clip(flat + rng.normal(scale=_NOISE, size=flat.shape), 0, 1)
    picture = least + (largest - least) * (shares.transpose(1, 2, 0) if colours_last else shares)
    return np.ascontiguousarray(picture, np.float32)

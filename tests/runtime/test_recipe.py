"""Room: tests. Every model has a recipe that fits it, and a wrong recipe is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir, recipes_dir
from mirror_app.runtime.catalogue import Catalogue, load_catalogue
from mirror_app.runtime.recipe import load_recipe

CATALOGUE: Catalogue = load_catalogue(assets_dir() / "models" / "catalogue.toml")
GOOD = (recipes_dir() / "inswapper.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CATALOGUE.models)
def test_every_model_of_the_catalogue_has_a_recipe_for_all_of_its_inputs(name: str) -> None:
    recipe = load_recipe(recipes_dir(), CATALOGUE.find(name))
    assert len(recipe.inputs) == len(CATALOGUE.find(name).inputs)
    assert recipe.flags()["most_faces"] == recipe.most_faces


def test_every_recipe_belongs_to_a_model_or_a_family() -> None:
    names = {spec.name for spec in CATALOGUE} | {spec.family for spec in CATALOGUE}
    assert {path.stem for path in recipes_dir().iterdir()} <= names


def test_a_models_own_recipe_goes_before_that_of_its_family() -> None:
    small, large = (load_recipe(recipes_dir(), CATALOGUE.find(f"simswap_{one}")) for one in ("256", "unofficial_512"))
    assert (small.inputs[0].shape[1], large.inputs[0].shape[1]) == (256, 512)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace('"fp16"', '"bf16"'), "precision: expected fp32 | fp16 | int8, got 'bf16'"),
        (lambda text: text.replace("most_faces = 4", "most_faces = 0"), "most_faces: expected 1..16, got 0"),
        (lambda text: text.replace("most_faces = 4", "most_faces = true"), "most_faces: expected 1..16, got True"),
        (lambda text: text.replace("workspace_mb", "workspace"), "workspace: expected one of"),
        (lambda text: text.replace("keep_fp32 = []", 'keep_fp32 = ["a b"]'), "keep_fp32: expected names of operators"),
        (lambda text: text.replace("[3, 128, 128]", "[3, 128, 0]"), r"input\[0\].shape: expected sizes"),
        (lambda text: text.replace("[3, 128, 128]", "[3, 256, 256]"), "input: expected the inputs of inswapper_128"),
        (lambda text: text.replace('"source"', '"sauce"'), "input: expected the inputs of inswapper_128"),
        (lambda text: text.split("[[input]]", 1)[0], "input: expected a list of tables"),
        (lambda text: text.replace("[0.0, 1.0]", "[1.0, 0.0]"), "values: expected the least and the largest"),
        (lambda text: text.replace("length = 1.0", "length = 0.0"), "length: expected a number above 0"),
        (lambda text: text.replace("length = 1.0", "length = 1.0\nvalues = [0.0, 1.0]"), "`values` for a picture or"),
        (lambda text: text + "=", "cannot be read"),
    ],
)
def test_a_wrong_recipe_is_refused_with_its_place(tmp_path: Path, change: Callable[[str], str], why: str) -> None:
    (tmp_path / "inswapper.toml").write_text(change(GOOD), encoding="utf-8")
    with pytest.raises(ModelError, match=why.replace("|", r"\|")) as caught:
        load_recipe(tmp_path, CATALOGUE.find("inswapper_128"))
    assert "inswapper.toml" in str(caught.value)


def test_a_model_without_a_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no recipe for inswapper_128"):
        load_recipe(tmp_path, CATALOGUE.find("inswapper_128"))

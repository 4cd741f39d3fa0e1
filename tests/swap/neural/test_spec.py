"""Room: tests. The catalogue's swappers are read as they are published; what is wrong is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import Role, load_catalogue
from mirror_app.swap.neural.aligned_crop import Border
from mirror_app.swap.neural.spec import IdentityKind, swapper_spec
from tests.twins.facts import SWAPPERS

CATALOGUE = load_catalogue(assets_dir() / "models" / "catalogue.toml")
INSWAPPER = CATALOGUE.find("inswapper_128")


@pytest.mark.parametrize("name", SWAPPERS)
def test_the_catalogue_says_what_is_published(name: str) -> None:
    spec, fact = swapper_spec(CATALOGUE.find(name)), SWAPPERS[name]
    assert (spec.side, spec.template, spec.mean, spec.std) == (fact.side, fact.template, fact.mean, fact.std)
    assert (spec.denormalise, spec.identity) == (fact.denormalised, IdentityKind(fact.identity))
    assert (spec.portrait_template, spec.portrait_side) == (fact.portrait_template, fact.portrait_side)
    assert spec.border is (Border.BLACK if name == "inswapper_128" else Border.REPLICATE)
    assert spec.tile == (2 if name == "inswapper_128" else 1)


def test_every_swapper_of_the_catalogue_is_in_the_table() -> None:
    assert {spec.name for spec in CATALOGUE.of_role(Role.SWAPPER)} == set(SWAPPERS)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("template", "arcface_999", "expected arcface_112_v1 | "),
        ("template", None, "got None"),
        ("side", 0, "expected a whole number"),
        ("side", 128.0, "expected a whole number"),
        ("side", True, "expected a whole number"),
        ("mean", [0.0, 0.0], "expected three numbers"),
        ("mean", "0", "expected three numbers"),
        ("std", [0.5, 0.5, 0], "expected three numbers"),
        ("denormalise", "no", "expected true | false"),
        ("border", "mirror", "expected black | replicate"),
        ("identity", "name", "expected emap | unit"),
        ("tile", 0, "expected a whole number"),
    ],
)
def test_a_wrong_contract_is_refused_with_the_key_and_what_was_expected(key: str, value: object, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        swapper_spec(replace(INSWAPPER, contract={**INSWAPPER.contract, key: value}))
    assert f"inswapper_128.contract.{key}" in str(caught.value)
    assert said in str(caught.value)


def test_a_portrait_needs_its_own_template() -> None:
    contract = {**INSWAPPER.contract, "identity": "portrait"}
    with pytest.raises(ModelError, match="portrait_template"):
        swapper_spec(replace(INSWAPPER, contract=contract))


def test_a_model_that_is_no_swapper_is_refused() -> None:
    with pytest.raises(ModelError, match="cannot swap faces: it is a recogniser"):
        swapper_spec(CATALOGUE.find("arcface_w600k_r50"))

"""Room: tests. The shipped catalogue is in good order, and a damaged one is refused with the place of the damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import TEMPLATES
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import Role, load_catalogue
from tests.runtime.model_files import real_catalogue

SHIPPED = assets_dir() / "models" / "catalogue.toml"
SWAPPER_KEYS = {"template", "side", "mean", "std", "denormalise", "border", "identity"}
IDENTITIES = {"emap", "unit", "converted-unit", "converted", "portrait"}


def test_every_role_has_a_model() -> None:
    catalogue = real_catalogue()
    assert [role for role in Role if not catalogue.of_role(role)] == []
    assert len(list(catalogue)) == 27


@pytest.mark.parametrize("spec", real_catalogue().of_role(Role.SWAPPER), ids=lambda spec: str(spec.name))
def test_a_swapper_says_all_that_its_code_reads(spec) -> None:  # type: ignore[no-untyped-def]  # one row of the table
    contract = spec.contract
    assert contract.keys() >= SWAPPER_KEYS
    assert contract["template"] in TEMPLATES
    assert contract["border"] in ("black", "replicate")
    assert contract["identity"] in IDENTITIES
    assert len(contract["mean"]) == len(contract["std"]) == 3
    shapes = {tensor.name: tensor.shape for tensor in spec.inputs}
    side = contract["side"]
    assert shapes["target"] == spec.outputs[0].shape == (1, 3, side, side)
    if contract["identity"] == "portrait":
        assert contract["portrait_template"] in TEMPLATES
        assert shapes["source"] == (1, 3, contract["portrait_side"], contract["portrait_side"])
    else:
        assert shapes["source"] == (1, 512)
        assert "arcface_w600k_r50" in spec.needs
    has_converter = any(name.startswith("crossface_") for name in spec.needs)
    assert has_converter == str(contract["identity"]).startswith("converted")


def test_no_digest_is_given_to_two_models_and_none_is_shortened() -> None:
    digests = [file.sha256 for spec in real_catalogue() for file in spec.files if file.sha256]
    assert len(set(digests)) == len(digests) > 10
    assert {len(digest) for digest in digests} == {64}


def test_every_licence_says_in_both_languages_what_it_allows() -> None:
    for spec in real_catalogue():
        assert spec.licence.allows_en.endswith(".")
        assert spec.licence.allows_zh.endswith("。")


def test_an_unknown_name_is_refused_with_a_hint_and_without_all_of_a_long_one() -> None:
    with pytest.raises(ModelError, match="models list") as refused:
        real_catalogue().find("x" * 5000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ('role = "detector"', 'role = "wizard"', "role"),
        ('sha256 = "5838f7fe', 'sha256 = "5838', "sha256"),
        ("size_bytes = 16_923_827", "size_bytes = -1", "size_bytes"),
        ("size_bytes = 16_923_827", "size_bytes = true", "size_bytes"),
        ("shape = [1, 3, -1, -1]", "shape = [1, 3, 0, -1]", "shape"),
        ("shape = [1, 3, -1, -1]", 'shape = "any"', "shape"),
        ('name = "det_10g.onnx"', 'name = "../det_10g.onnx"', "name"),
        ('precision = "fp32"', 'precision = "fp8"', "precision"),
        ('licence = "insightface"', 'licence = "none"', "licence"),
        ("needs = []", 'needs = ["nothing"]', "needs"),
        ("needs = []", 'needs = ["scrfd_10g"]', "needs"),
        ('"https://huggingface.co/facefusion/{release}', '"http://huggingface.co/facefusion/{release}', "urls"),
        ("[model.scrfd_10g]", '[model."../scrfd"]', "../scrfd"),
        ("[model.scrfd_10g]", "[model.scrfd_10g", "cannot be read"),
    ],
)
def test_a_damaged_catalogue_says_where(tmp_path: Path, was: str, becomes: str, place: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "catalogue.toml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ModelError, match=place):
        load_catalogue(path)


def test_a_missing_catalogue_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_catalogue(tmp_path / "catalogue.toml")

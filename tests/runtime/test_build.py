"""Room: tests. Every family's layers through NVIDIA's own parser, type check and optimiser, without a card."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.build import PLAN_NAME, TIMING_NAME, build_plan
from mirror_app.runtime.build_source import write_source
from mirror_app.runtime.convert import convert
from mirror_app.runtime.convert_fp16 import to_fp16
from mirror_app.runtime.convert_int8 import to_int8
from mirror_app.runtime.widening import SUMS, Width
from tests.runtime.real_builder import catalogue, library, needs_builder, order
from tests.twins import architecture

pytestmark = [
    needs_builder,
    # This edition measures no kernels: it takes the calls for timings and does nothing.
    pytest.mark.filterwarnings("ignore:.*Timing cache operations are no-ops:DeprecationWarning"),
]
FAMILIES = {spec.family: spec.name for spec in reversed(list(catalogue()))}
"""A model of each."""
ONE_AT_ONCE = {"scrfd", "retinaface", "crossface"}
WIDTH = 1 / 64


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_plan_of_every_family_is_built(
    family: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    name = FAMILIES[family]
    wanted = order(name, architecture(name, tmp_path, WIDTH), tmp_path / "work")
    shares: list[float] = []
    start_s = time.monotonic()
    batch = build_plan(wanted, library(), shares.append)
    plan = wanted.work / PLAN_NAME
    record_property("build_s", round(time.monotonic() - start_s, 2))
    record_property("plan_mb", round(plan.stat().st_size / 1e6, 2))
    assert batch == (1 if family in ONE_AT_ONCE else wanted.recipe.most_faces)
    assert plan.stat().st_size > 100_000
    assert shares == sorted(shares)
    assert shares[-2] > 0.5
    assert shares[-1] == 1.0
    assert {path.name for path in wanted.work.iterdir()} <= {PLAN_NAME, TIMING_NAME}


@pytest.fixture
def converter(tmp_path: Path) -> Path:
    """The smallest network."""
    return architecture("crossface_ghost", tmp_path, WIDTH)


@pytest.fixture(scope="module")
def swapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return architecture("inswapper_128", tmp_path_factory.mktemp("twins"), WIDTH)


def test_a_network_that_mixes_types_is_refused_with_the_parsers_words(swapper: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.onnx"
    sample = {"target": np.zeros((1, 3, 128, 128), np.float32), "source": np.full((1, 512), 512**-0.5, np.float32)}
    convert(swapper, half, [sample], to_fp16)
    proto = onnx.load(half)
    convolution = next(node for node in proto.graph.node if node.op_type == "Conv")
    weight = next(one for one in proto.graph.initializer if one.name == convolution.input[1])
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float32), weight.name))
    onnx.save(proto, half)
    wanted = order("inswapper_128", half, tmp_path / "work", "fp16", "fp16")
    wanted = replace(wanted, recipe=replace(wanted.recipe, most_faces=1))
    with pytest.raises(ModelError, match=f"does not take inswapper_128: {convolution.name}: .*must be of same type"):
        build_plan(wanted, library(), lambda _: None)


def test_an_int8_file_as_the_app_makes_it_is_built(swapper: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.onnx"
    rng = np.random.default_rng(0)
    sample = {"target": rng.random((1, 3, 128, 128), np.float32), "source": np.full((1, 512), 512**-0.5, np.float32)}
    convert(swapper, small, [sample], to_int8)
    wanted = order("inswapper_128", small, tmp_path / "work", "int8", "int8")
    assert build_plan(wanted, library(), lambda _: None) == wanted.recipe.most_faces


@pytest.mark.parametrize("enough", [0.05, 0.2, 0.5])
def test_whoever_listens_can_end_a_build_at_any_time(converter: Path, tmp_path: Path, enough: float) -> None:
    wanted = order("crossface_ghost", converter, tmp_path / "work", "fp16")

    def tell(share: float) -> None:
        if share > enough:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        build_plan(wanted, library(), tell)
    assert not list(wanted.work.iterdir())


@pytest.mark.parametrize(("width", "halved"), [(Width.USUAL, True), (Width.SUMS, True), (Width.ALL, False)])
def test_a_wider_plan_keeps_more_in_fp32(swapper: Path, tmp_path: Path, width: Width, halved: bool) -> None:
    recipe = order("inswapper_128", swapper, tmp_path / "work").recipe
    made, _ = write_source(swapper, "fp32", "fp16", recipe, tmp_path / "work", width)
    graph = onnx.shape_inference.infer_shapes(onnx.load(made)).graph
    kinds = {one.name: one.type.tensor_type.elem_type for one in graph.value_info}
    in_half = {node.op_type for node in graph.node if kinds.get(node.output[0]) == onnx.TensorProto.FLOAT16}
    assert ("Conv" in in_half) is halved
    assert ("Add" in in_half) is (width is Width.USUAL)
    assert width is Width.USUAL or not in_half & set(SUMS)


@pytest.mark.parametrize("width", [Width.SUMS, Width.ALL])
def test_a_wider_plan_is_built(swapper: Path, tmp_path: Path, width: Width) -> None:
    wanted = replace(order("inswapper_128", swapper, tmp_path / "work"), width=width)
    assert build_plan(wanted, library(), lambda _: None) == wanted.recipe.most_faces


def test_the_bar_moves_while_the_network_is_prepared(swapper: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    recipe = order("inswapper_128", swapper, tmp_path / "work").recipe
    write_source(swapper, "fp32", "fp16", recipe, tmp_path / "work", tell=shares.append)
    assert shares == sorted(shares)
    assert max(after - before for before, after in pairwise([0.0, *shares])) < 0.3
    assert shares[-1] == 1.0


def test_what_is_no_network_is_refused_by_name(tmp_path: Path) -> None:
    wrong = architecture("crossface_ghost", tmp_path, WIDTH)
    with pytest.raises(ModelError, match=r"crossface_ghost.onnx does not fit its recipe: input"):
        build_plan(order("arcface_w600k_r50", wrong, tmp_path / "work"), library(), lambda _: None)


def test_timings_are_kept_and_taken_over_and_damaged_ones_do_no_harm(converter: Path, tmp_path: Path) -> None:
    first = order("crossface_ghost", converter, tmp_path / "first")
    build_plan(first, library(), lambda _: None)
    damaged = tmp_path / "damaged.cache"
    damaged.write_bytes(b"no timings")
    for number, timings in enumerate((first.work / TIMING_NAME, damaged)):
        wanted = replace(order("crossface_ghost", converter, tmp_path / str(number)), timing_cache=timings)
        build_plan(wanted, library(), lambda _: None)
        assert (wanted.work / PLAN_NAME).is_file()

"""Room: tests. The architecture twins are the networks they stand in for, counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.twins import MODELS, architecture
from tests.twins.architecture import layers_of
from tests.twins.layers import Layers


def test_inswapper_at_full_width_has_the_published_parameters_and_multiplications() -> None:
    plan = layers_of("inswapper_128", Layers(is_plan=True))
    assert plan.parameters == 138_292_739
    assert plan.macs / 1e9 == pytest.approx(174.58, abs=0.01)


@pytest.mark.parametrize(("name", "file_bytes"), [("arcface_w600k_r50", 174_383_860), ("crossface_ghost", 22_083_800)])
def test_full_width_weighs_what_the_published_file_weighs(name: str, file_bytes: int) -> None:
    assert layers_of(name, Layers(is_plan=True)).parameters * 4 == pytest.approx(file_bytes, rel=0.06)


@pytest.mark.parametrize("emap_last", [True, False])
def test_inswapper_has_the_operators_of_the_original_and_its_emap(tmp_path: Path, emap_last: bool) -> None:
    model = onnx.load(architecture("inswapper_128", tmp_path, 1 / 64, emap_last=emap_last))
    kinds = [node.op_type for node in model.graph.node]
    wanted = {"Conv": 20, "Gemm": 12, "Pad": 14, "Resize": 2, "LeakyRelu": 7, "Relu": 6, "Sqrt": 12, "Tanh": 1}
    assert {kind: kinds.count(kind) for kind in wanted} == wanted
    assert "BatchNormalization" not in kinds
    used = {tensor for node in model.graph.node for tensor in node.input}
    last = model.graph.initializer[-1 if emap_last else -2]
    assert (last.name, list(last.dims)) == ("buff2fs", [512, 512])
    assert "buff2fs" not in used
    emap = onnx.numpy_helper.to_array(last)
    assert np.allclose(emap @ emap.T, np.eye(512), atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_a_twin_is_the_same_file_every_time(tmp_path: Path, name: str) -> None:
    first, second = (architecture(name, tmp_path / part, 1 / 64).read_bytes() for part in "ab")
    assert first == second

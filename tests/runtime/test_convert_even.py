"""Room: tests. An INT8 network rewritten for TensorRT: no zero points, no whole biases, and the same picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from mirror_app.runtime.convert import convert
from mirror_app.runtime.convert_even import evened
from mirror_app.runtime.convert_int8 import to_int8
from mirror_app.runtime.ort import OrtBackend
from tests.twins import architecture


def test_the_rewritten_network_is_even_and_as_exact_as_before(tmp_path: Path) -> None:
    exact, small, even = architecture("xseg_1", tmp_path, 1 / 32), tmp_path / "small.onnx", tmp_path / "even.onnx"
    rng = np.random.default_rng(1)
    samples = [{"input": rng.random((1, 256, 256, 3), np.float32)} for _ in range(3)]
    convert(exact, small, samples, to_int8)
    proto = evened(onnx.load(small))
    onnx.checker.check_model(proto)
    onnx.save(proto, even)

    weights = {weight.name: weight for weight in proto.graph.initializer}
    steps = [node for node in proto.graph.node if node.op_type in ("QuantizeLinear", "DequantizeLinear")]
    assert steps
    for node in steps:
        assert weights[node.input[2]].data_type == TensorProto.INT8
        assert not numpy_helper.to_array(weights[node.input[2]]).any()
    assert all(weight.data_type != TensorProto.INT32 for weight in proto.graph.initializer)

    outputs = [OrtBackend(path).run(samples[0])[0].copy() for path in (exact, small, even)]
    lost_before, lost_now = (np.abs(outputs[0] - one).mean() for one in outputs[1:])
    # A range around zero takes twice the step where all numbers are positive.
    assert lost_now < 3 * lost_before + 1e-4
    assert 0 < lost_before < 0.1 * np.abs(outputs[0]).max()

"""Room: tests. A fixed batch is freed only where several pictures come out as they would alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.free_batch import freed
from tests.runtime.nets import baked_reshape, convolution, doubling, mixing


def test_several_pictures_at_once_come_out_as_alone(tmp_path: Path) -> None:
    path = convolution(tmp_path / "net.onnx")
    before = path.read_bytes()
    fixed = open_backend(path, Device.CPU).backend
    free = open_backend(path, Device.CPU, free_batch=True).backend
    assert [spec.shape[0] for spec in (*free.inputs, *free.outputs)] == [-1, -1, -1]
    rng = np.random.default_rng(5)
    pictures, styles = rng.random((4, 3, 8, 8), np.float32), rng.random((4, 16), np.float32)
    together = free.run({"x": pictures, "s": styles})[0].copy()
    for index in range(4):
        one = slice(index, index + 1)
        alone = fixed.run({"x": pictures[one], "s": styles[one]})[0]
        np.testing.assert_allclose(together[one], alone, atol=1e-5)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", [baked_reshape, mixing])
def test_what_cannot_take_several_keeps_its_batch_of_one(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = make(tmp_path / "net.onnx")
    backend = open_backend(path, Device.CPU, free_batch=True).backend
    assert backend.inputs[0].shape == (1, 3, 4)
    assert backend.run({"x": np.ones((1, 3, 4), np.float32)})[0].shape[0] == 1


@pytest.mark.parametrize("shape", [("n", 4), (2, 4), ()], ids=["free", "two", "scalar"])
def test_only_a_batch_of_one_is_freed(tmp_path: Path, shape: tuple[int | str, ...]) -> None:
    assert freed(doubling(tmp_path / "net.onnx", shape)) is None


def test_other_sizes_that_are_free_leave_the_batch_alone(tmp_path: Path) -> None:
    path = doubling(tmp_path / "net.onnx", (1, 3, "h", "w"))
    assert open_backend(path, Device.CPU, free_batch=True).backend.inputs[0].shape == (1, 3, -1, -1)


def test_weights_in_another_file_leave_the_batch_alone(tmp_path: Path) -> None:
    path = convolution(tmp_path / "net.onnx")
    model = onnx.load(path)
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.ones((3, 3, 3, 3), np.float32), "w"))
    onnx.save(model, path, save_as_external_data=True, location="weights.bin", size_threshold=300)
    assert freed(path) is None
    assert open_backend(path, Device.CPU, free_batch=True).backend.inputs[0].shape == (1, 3, 8, 8)


def test_a_half_precision_network_is_freed_too(tmp_path: Path) -> None:
    path = doubling(tmp_path / "net.onnx", (1, 4), kind=TensorProto.FLOAT16)
    backend = open_backend(path, Device.CPU, free_batch=True).backend
    assert backend.inputs[0].shape == (-1, 4)
    np.testing.assert_array_equal(backend.run({"x": np.full((3, 4), 1.5, np.float32)})[0], np.full((3, 4), 3.0))

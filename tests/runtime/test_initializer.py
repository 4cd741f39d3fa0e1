"""Room: tests. One constant is found in an ONNX file without reading the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.initializer import read_initializer

SHAPE = (32, 32)


def model_with(path: Path, constants: dict[str, NDArray[np.generic]], *, raw: bool = True) -> Path:
    identity = onnx.helper.make_node("Identity", ["x"], ["y"])
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in "xy")
    tensors = [
        onnx.numpy_helper.from_array(values, name)
        if raw
        else onnx.helper.make_tensor(name, onnx.TensorProto.FLOAT, values.shape, values.ravel().tolist())
        for name, values in constants.items()
    ]
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([identity], "g", [x], [y], tensors)), path)
    return path


def numbers(seed: int, shape: tuple[int, ...] = SHAPE) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random(shape, np.float32)


@pytest.mark.parametrize(
    ("constants", "expected"),
    [
        ({"wanted": numbers(0)}, 0),
        ({"other": numbers(1), "wanted": numbers(0), "third": numbers(2)}, 0),
        ({"small": numbers(1, (4, 4)), "wanted": numbers(0), "large": numbers(2, (64, 64))}, 0),
        ({"first": numbers(1), "last": numbers(0), "small": numbers(2, (3,))}, 0),
        ({"wanted": numbers(1, (16, 64)), "unnamed": numbers(0)}, 0),
    ],
    ids=[
        "alone",
        "by name among its like",
        "among others",
        "by shape, the last one",
        "by shape, the name is another's",
    ],
)
def test_a_constant_is_found_by_name_and_else_by_shape(
    tmp_path: Path, constants: dict[str, NDArray[np.generic]], expected: int
) -> None:
    found = read_initializer(model_with(tmp_path / "m.onnx", constants), "wanted", SHAPE)
    np.testing.assert_array_equal(found, numbers(expected))


def test_half_precision_is_read_as_float32(tmp_path: Path) -> None:
    half = numbers(0).astype(np.float16)
    found = read_initializer(model_with(tmp_path / "m.onnx", {"wanted": half}), "wanted", SHAPE)
    assert found is not None
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, half.astype(np.float32))


def test_numbers_that_are_listed_one_by_one_are_read(tmp_path: Path) -> None:
    path = model_with(tmp_path / "m.onnx", {"wanted": numbers(0)}, raw=False)
    np.testing.assert_array_equal(read_initializer(path, "wanted", SHAPE), numbers(0))


def test_a_file_without_it_gives_none(tmp_path: Path) -> None:
    assert read_initializer(model_with(tmp_path / "m.onnx", {"other": numbers(0, (8, 8))}), "wanted", SHAPE) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"<html>not found</html>", "is a web page"),
        (b"\x3a\xff\xff\xff\x7f", "is no ONNX model"),
        (b"\x3a" + b"\xff" * 20, "is no ONNX model"),
    ],
)
def test_what_is_no_model_is_refused_with_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"m\.onnx {words}"):
        read_initializer(path, "wanted", SHAPE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no file .*m\.onnx"):
        read_initializer(tmp_path / "m.onnx", "wanted", SHAPE)

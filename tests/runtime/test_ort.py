"""Room: tests. Networks on the CPU: what is wrong with a file or an input becomes a sentence, never a foreign error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.ort import OrtBackend, OrtCpuBackend
from tests.runtime.nets import convolution, doubling, save_net

DETECTOR = assets_dir() / "models" / "face_detection_short_range.onnx"


@pytest.fixture(scope="module")
def backend() -> OrtCpuBackend:
    return OrtCpuBackend(DETECTOR)


def test_a_network_says_what_it_takes_and_gives(backend: OrtCpuBackend) -> None:
    assert backend.device == "CPU"
    assert backend.inputs == (TensorSpec("input", (1, 128, 128, 3)),)
    outputs = backend.run({"input": np.zeros((1, 128, 128, 3), np.float32)})
    assert [values.shape for values in outputs] == [spec.shape for spec in backend.outputs]
    assert {values.dtype for values in outputs} == {np.dtype(np.float32)}


def test_the_same_input_gives_the_same_output(backend: OrtCpuBackend) -> None:
    feeds = {"input": np.random.default_rng(1).normal(size=(1, 128, 128, 3)).astype(np.float32)}
    first_time = [values.copy() for values in backend.run(feeds)]
    for first, second in zip(first_time, backend.run(feeds), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"no network at all", DETECTOR.read_bytes()[:5000]],
    ids=["missing", "empty", "foreign", "truncated"],
)
def test_a_file_that_is_no_network_is_named_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    model = tmp_path / "人脸 model.onnx"
    if content is not None:
        model.write_bytes(content)
    with pytest.raises(ModelError, match=r"人脸 model\.onnx cannot be loaded. Install mirror-app again"):
        OrtCpuBackend(model)


def test_a_path_with_chinese_characters_and_spaces_is_fine(tmp_path: Path) -> None:
    model = tmp_path / "我的 模型.onnx"
    model.write_bytes(DETECTOR.read_bytes())
    assert OrtCpuBackend(model).inputs[0].shape == (1, 128, 128, 3)


@pytest.mark.parametrize(
    "feeds",
    [
        {"input": np.zeros((1, 64, 64, 3), np.float32)},
        {"other": np.zeros((1, 128, 128, 3), np.float32)},
        {},
    ],
    ids=["shape", "name", "nothing"],
)
def test_a_wrong_input_is_a_model_error(backend: OrtCpuBackend, feeds: dict[str, np.ndarray]) -> None:
    with pytest.raises(ModelError, match=r"face_detection_short_range\.onnx failed"):
        backend.run(feeds)


def test_a_wrong_input_does_no_lasting_harm(backend: OrtCpuBackend) -> None:
    picture = np.random.default_rng(2).random((1, 128, 128, 3), np.float32)
    before = [values.copy() for values in backend.run({"input": picture})]
    with pytest.raises(ModelError):
        backend.run({"input": np.zeros((1, 64, 64, 3), np.float32)})
    for first, second in zip(before, backend.run({"input": picture}), strict=True):
        np.testing.assert_array_equal(first, second)


def _pictures(shape: tuple[int, ...]) -> dict[str, NDArray[np.float32]]:
    picture = np.random.default_rng(3).random(shape, np.float32)
    wide = np.random.default_rng(4).random((*shape[:-1], 2 * shape[-1]), np.float32)
    return {"new": picture, "the same array, other numbers": picture, "every second column": wide[..., ::2]}


def test_every_run_reads_what_its_own_input_holds(tmp_path: Path) -> None:
    backend = OrtBackend(doubling(tmp_path / "net.onnx", (1, 3, 4)))
    for picture in _pictures((1, 3, 4)).values():
        picture += 1
        np.testing.assert_array_equal(backend.run({"x": picture})[0], 2 * picture)


@pytest.mark.parametrize("declared", [("n", 3, "h", "w"), (1, 3, 8, 8)], ids=["free", "wrongly fixed"])
def test_a_free_size_may_change_at_every_run(tmp_path: Path, declared: tuple[int | str, ...]) -> None:
    backend = OrtBackend(doubling(tmp_path / "net.onnx", ("n", 3, "h", "w"), declared))
    assert backend.inputs == (TensorSpec("x", (-1, 3, -1, -1)),)
    for shape in [(1, 3, 8, 8), (4, 3, 8, 8), (4, 3, 8, 8), (2, 3, 5, 7), (1, 3, 8, 8)]:
        np.testing.assert_array_equal(backend.run({"x": np.ones(shape, np.float32)})[0], np.full(shape, 2))


def test_an_output_whose_size_depends_on_the_numbers_is_fine(tmp_path: Path) -> None:
    nodes = [helper.make_node("NonZero", ["x"], ["i"]), helper.make_node("Cast", ["i"], ["y"], to=TensorProto.FLOAT)]
    backend = OrtBackend(save_net(tmp_path / "net.onnx", nodes, {"x": (4,)}, {"y": (1, "n")}))
    for some in ([1, 0, 0, 1], [0, 0, 1, 0], [1, 1, 1, 1]):
        found = backend.run({"x": np.array(some, np.float32)})[0]
        np.testing.assert_array_equal(found[0], np.flatnonzero(some))


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [(TensorProto.FLOAT, "float32"), (TensorProto.FLOAT16, "float16")],
)
def test_numbers_of_the_networks_own_kind_are_converted(tmp_path: Path, kind: int, dtype: str) -> None:
    backend = OrtBackend(doubling(tmp_path / "net.onnx", (1, 4), kind=kind))
    assert backend.inputs[0].dtype == backend.outputs[0].dtype == dtype
    for value in (0.5, 1.5):
        output = backend.run({"x": np.full((1, 4), value, np.float32)})[0]
        assert output.dtype == np.float32
        np.testing.assert_array_equal(output, np.full((1, 4), 2 * value))


def test_a_tensor_of_a_kind_we_cannot_feed_is_named(tmp_path: Path) -> None:
    node = helper.make_node("Identity", ["x"], ["y"])
    model = save_net(tmp_path / "net.onnx", [node], {"x": (1,)}, {"y": (1,)}, kind=TensorProto.STRING)
    with pytest.raises(ModelError, match=r"net\.onnx has a tensor of a kind .* x, tensor\(string\)"):
        OrtBackend(model)


def test_an_output_of_a_known_size_keeps_its_memory(tmp_path: Path) -> None:
    backend = OrtBackend(convolution(tmp_path / "net.onnx"))
    feeds = {"x": np.ones((1, 3, 8, 8), np.float32), "s": np.ones((1, 16), np.float32)}
    assert backend.run(feeds)[0].ctypes.data == backend.run(feeds)[0].ctypes.data


def test_a_network_is_loaded_from_bytes_too(tmp_path: Path) -> None:
    content = doubling(tmp_path / "net.onnx", (1, 4)).read_bytes()
    assert OrtBackend(content, name="net").run({"x": np.ones((1, 4), np.float32)})[0].tolist() == [[2, 2, 2, 2]]
    with pytest.raises(ModelError, match="my net cannot be loaded"):
        OrtBackend(content[:40], name="my net")


def test_a_card_that_is_not_there_is_noticed_and_nothing_is_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = doubling(tmp_path / "net.onnx", (1, 4))
    backend = OrtBackend(model, card="a card")
    assert (backend.device == "a card") == ("CUDAExecutionProvider" in backend.providers)
    assert capfd.readouterr() == ("", "")


def test_the_runtime_sends_nothing_and_leaves_nothing_in_the_users_folders(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom mirror_app.runtime.ort import OrtCpuBackend\n"
        "OrtCpuBackend(Path(sys.argv[1]))\n"
    )
    folders = ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    environ = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    environ |= dict.fromkeys(folders, str(tmp_path))
    subprocess.run([sys.executable, "-c", program, str(DETECTOR)], env=environ, timeout=60, check=True)
    assert list(tmp_path.rglob("*")) == []

"""Room: tests. Networks on the CPU: what is wrong with a file or an input becomes a sentence, never a foreign error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.ort import OrtCpuBackend

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
    for first, second in zip(backend.run(feeds), backend.run(feeds), strict=True):
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

"""Room: tests. The shipped networks answer as the originals did, and their origin is written down truly."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend

MODELS = assets_dir() / "models"
# How many outputs each network has.
OUTPUTS = {
    "face_detection_short_range": 2, "face_detection_full_range": 2, "face_landmark": 2,
    "palm_detection_lite": 2, "hand_landmark_lite": 4,
}  # fmt: skip
NAMES = tuple(OUTPUTS)
# The side of the picture that a network was made for, where the file leaves it open, px.
OPEN_SIDE = 192
# Numbers of up to 160 computed in another order in float32: ten times the difference seen when they were converted.
RELATIVE_TOLERANCE = 1e-5
# Of smaller numbers only so much counts: a tenth of a score, a hand's 10 cm.
LEAST_SCALE = 0.1


def fixed_input(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The formula of `fixed_input` in assets/models/convert.py, which needs TensorFlow to be imported."""
    _, height, width, _ = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(height)
    planes = [0.5 + 0.5 * np.sin(2 * np.pi * (a * x + b * y)) for a, b in ((3, 1), (1, 4), (5, -2))]
    return np.stack(planes, -1)[None].astype(np.float32)


def readme_digests() -> dict[str, str]:
    text = (MODELS / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", text))


@pytest.mark.parametrize("name", NAMES)
def test_a_network_answers_as_its_original_did(name: str) -> None:
    backend = OrtCpuBackend(MODELS / f"{name}.onnx")
    (spec,) = backend.inputs
    shape = tuple(OPEN_SIDE if size == -1 else size for size in spec.shape)
    outputs = sorted(
        (values.ravel() for values in backend.run({spec.name: fixed_input(shape)})),
        key=lambda values: -values.size,
    )
    with np.load(MODELS / "reference_outputs.npz") as reference:
        expected = [reference[f"{name}_{index}"] for index in range(OUTPUTS[name])]
        assert f"{name}_{OUTPUTS[name]}" not in reference
    for found, wanted in zip(outputs, expected, strict=True):
        scale = max(float(np.abs(wanted).max()), LEAST_SCALE)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=RELATIVE_TOLERANCE * scale)


def test_the_readme_names_the_digest_of_every_shipped_file() -> None:
    digests = readme_digests()
    shipped = {path.name for path in MODELS.iterdir() if path.suffix in {".onnx", ".npz"}}
    assert {f"{name}.onnx" for name in NAMES} < shipped
    assert shipped == {name for name in digests if not name.endswith(".tflite")}
    for name in shipped:
        assert hashlib.sha256((MODELS / name).read_bytes()).hexdigest() == digests[name], name
    assert {f"{name}.tflite" for name in NAMES} == set(digests) - shipped


def test_the_readme_names_the_digest_of_the_topology() -> None:
    topology = Path(mesh_topology.__file__).with_name("face_mesh_468.npz")
    digest = hashlib.sha256(topology.read_bytes()).hexdigest()
    assert digest in (MODELS / "README.md").read_text(encoding="utf-8")


def test_the_licence_text_lies_beside_the_networks() -> None:
    licence = (MODELS / "LICENSE-Apache-2.0.txt").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert "9. Accepting Warranty or Additional Liability." in licence


@pytest.mark.parametrize("name", NAMES)
def test_no_prelu_is_left_in_a_network(name: str) -> None:
    assert b"PRelu" not in (MODELS / f"{name}.onnx").read_bytes()

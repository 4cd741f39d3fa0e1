"""Room: tests. insightface's own FaceAnalysis: reads installed packs, downloads nothing, says what is wrong."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mirror_app.domain.errors import MissingLibraryError, ModelError
from mirror_app.faces.insightface_pack import open_pack
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import SCRFD_RGB
from mirror_app.runtime.ort import OrtCpuBackend
from tests.faces.random_faces import patches
from tests.twins import analytic

needs_insightface = pytest.mark.skipif(find_spec("insightface") is None, reason="the extra insightface is missing")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refused)
    monkeypatch.setattr("socket.create_connection", refused)


@needs_insightface
def test_a_pack_finds_the_faces_our_detector_finds_and_prints_nothing(
    tmp_path: Path, offline: None, capfd: pytest.CaptureFixture[str]
) -> None:
    detector_file = analytic("scrfd_10g", tmp_path / "buffalo_x")
    analytic("arcface_w600k_r50", tmp_path / "buffalo_x")
    pack = open_pack(tmp_path / "buffalo_x")
    ours = ScrfdDetector(OrtCpuBackend(detector_file), SCRFD_RGB)
    random, faces = np.random.default_rng(9), 0
    for _ in range(8):
        picture = patches(random, (640, 480))
        found, wanted = pack.detect(picture), ours.detect(picture)
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one.box_xyxy, other.box_xyxy, atol=1e-3)
            np.testing.assert_allclose(one.keypoints, other.keypoints, atol=1e-3)
            faces += 1
    assert faces >= 8
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("name", ["buffalo_l", "missing"])
def test_a_pack_that_is_not_there_is_never_fetched(name: str, tmp_path: Path, offline: None) -> None:
    with pytest.raises(ModelError, match="holds no insightface pack"):
        open_pack(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@needs_insightface
@pytest.mark.parametrize("content", ["no detector", "no network"])
def test_a_pack_that_cannot_be_used_says_so(content: str, tmp_path: Path, offline: None) -> None:
    if content == "no detector":
        analytic("arcface_w600k_r50", tmp_path)
    else:
        (tmp_path / "det_10g.onnx").write_bytes(b"<html>")
    with pytest.raises(ModelError, match="insightface cannot use the pack"):
        open_pack(tmp_path)


def test_without_the_package_the_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analytic("scrfd_10g", tmp_path)

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingLibraryError, match="pip install"):
        open_pack(tmp_path)


@needs_insightface
def test_a_failure_inside_insightface_becomes_a_sentence(tmp_path: Path) -> None:
    analytic("scrfd_10g", tmp_path)
    with pytest.raises(ModelError, match="insightface failed"):
        open_pack(tmp_path).detect(np.zeros((0, 0, 3), np.uint8))

"""Room: tests. Every package that the app needs is named with its licence."""

from __future__ import annotations

from mirror_app.resources import assets_dir
from mirror_app.tools.licences import licences


def test_the_app_its_files_and_its_packages_are_named_with_a_licence() -> None:
    found = {one.name.split()[0].lower(): one for one in licences(assets_dir())}
    for name in ("mirror", "numpy", "opencv-python", "onnx", "av", "platformdirs", "polib"):
        assert found[name].licence or found[name].text, name
    assert any(name.startswith("models/") for name in found)
    assert any(name.startswith("targets/") for name in found)
    assert "pytest" not in found, "what only developers need is not carried"


def test_texts_are_there_to_read() -> None:
    texts = [one.text for one in licences(assets_dir())]
    assert sum(bool(text) for text in texts) > len(texts) / 2

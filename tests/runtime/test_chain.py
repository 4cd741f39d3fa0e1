"""Room: tests. A network that goes on by the next means when one fails, and says so."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import Feeds, TensorSpec
from mirror_app.runtime.chain import ChainBackend
from mirror_app.runtime.trt_door import try_tensorrt

_FEEDS = {"x": np.arange(6, dtype=np.float32).reshape(3, 2)}


class Means:
    """Doubles, on some device, until it is broken."""

    def __init__(self, device: str, batch: int = -1) -> None:
        self.device, self.broken = device, False
        self.inputs = (TensorSpec("x", (batch, 2)),)
        self.outputs = (TensorSpec("y", (batch, 2)),)

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        if self.broken:
            raise ModelError("{device} broke", device=self.device)
        assert self.inputs[0].shape[0] in (-1, len(feeds["x"]))
        return [2 * feeds["x"]]


def refuses() -> Means:
    raise ModelError("it cannot be opened")


def test_each_means_takes_over_from_the_one_before() -> None:
    first, second, third = Means("A"), Means("B"), Means("C", batch=1)
    chain = ChainBackend(first, [lambda: second, refuses, lambda: third], "net.onnx")
    for broken, device, note in (
        (None, "A", ""),
        (first, "B", "net.onnx goes on with B instead of A: A broke"),
        (second, "C", "net.onnx goes on with C instead of B: B broke"),
    ):
        if broken is not None:
            broken.broken = True
        np.testing.assert_array_equal(chain.run(_FEEDS)[0], 2 * _FEEDS["x"])
        assert (chain.device, chain.note) == (device, note)
        assert chain.inputs == first.inputs
    third.broken = True
    with pytest.raises(ModelError, match="C broke"):
        chain.run(_FEEDS)


def test_when_nothing_else_can_be_opened_that_is_the_error() -> None:
    first = Means("A")
    first.broken = True
    with pytest.raises(ModelError, match="it cannot be opened"):
        ChainBackend(first, [refuses, refuses], "net.onnx").run(_FEEDS)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("libcuda.so.1: cannot open shared object file", "NVIDIA's driver is missing"),
        ("No module named 'pycuda'", "uv sync --extra nvidia"),
    ],
)
def test_a_child_that_lacks_something_says_what(monkeypatch: pytest.MonkeyPatch, said: str, words: str) -> None:
    def missing(_: str) -> None:
        raise ImportError(said)

    monkeypatch.setattr("mirror_app.runtime.cuda.importlib.import_module", missing)
    with pytest.raises(SystemExit, match=words):
        try_tensorrt()

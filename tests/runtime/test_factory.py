"""Room: tests. The card is used where it really works, the CPU where it does not, and the user is told why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.cores import physical_cores
from mirror_app.runtime.cuda_card import cuda_card
from mirror_app.runtime.factory import Device, LoadedBackend, open_backend
from mirror_app.runtime.providers import CPU, CUDA
from tests.runtime.nets import convolution, doubling

CARD = "NVIDIA GeForce RTX 3060"


class FakeBackend:
    """A network that says what it was told to say."""

    inputs = (TensorSpec("x", (1, 4)),)
    outputs = (TensorSpec("y", (1, 4)),)

    def __init__(self, device: str, providers: tuple[str, ...]) -> None:
        self.device = device
        self.providers = providers

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        return [2 * feeds["x"]]


class Computer:
    """A make-believe computer: which card it has, and what comes of loading a network there."""

    def __init__(self, card: str, works: str) -> None:
        self.card = card
        self.works = works
        self.loads: list[str] = []

    def find_card(self) -> str:
        return self.card

    def load(self, model: Path | bytes, *, name: str, card: str) -> LoadedBackend:
        self.loads.append(card)
        if not card or self.works == "silently not":
            return FakeBackend("CPU", (CPU,))
        if self.works == "no":
            raise ModelError("{file} needs more memory", file=name)
        return FakeBackend(card, (CUDA, CPU))


@pytest.mark.parametrize(
    ("device", "card", "works", "runs_on", "note"),
    [
        (Device.CPU, CARD, "yes", "CPU", ""),
        (Device.AUTO, CARD, "yes", CARD, ""),
        (Device.GPU, CARD, "yes", CARD, ""),
        (Device.AUTO, "", "yes", "CPU", "No NVIDIA graphics card can be used here, so my net.onnx runs on the CPU."),
        (Device.GPU, "", "yes", "CPU", "No NVIDIA graphics card can be used here, so my net.onnx runs on the CPU."),
        (Device.GPU, CARD, "silently not", "CPU", "CUDA did not start"),
        (Device.AUTO, CARD, "no", "CPU", "my net.onnx needs more memory"),
    ],
)
def test_the_card_is_taken_where_it_works(
    tmp_path: Path, device: Device, card: str, works: str, runs_on: str, note: str
) -> None:
    computer = Computer(card, works)
    opened = open_backend(tmp_path / "my net.onnx", device, load=computer.load, find_card=computer.find_card)
    assert opened.backend.device == runs_on
    assert note in opened.note
    assert bool(note) == bool(opened.note)
    if card and note:
        assert opened.note.endswith("`mirror-app doctor` says what is missing.")


def test_the_card_is_not_asked_for_when_the_cpu_was_chosen(tmp_path: Path) -> None:
    computer = Computer(CARD, "yes")
    open_backend(tmp_path / "net.onnx", Device.CPU, load=computer.load, find_card=computer.find_card)
    assert computer.loads == [""]


def test_a_free_batch_is_opened_on_the_same_card(tmp_path: Path) -> None:
    computer = Computer(CARD, "yes")
    model = doubling(tmp_path / "net.onnx", (1, 4))
    open_backend(model, Device.GPU, free_batch=True, load=computer.load, find_card=computer.find_card)
    assert computer.loads == [CARD, CARD]


def test_no_room_for_the_second_one_on_the_card_keeps_the_first(tmp_path: Path) -> None:
    model = doubling(tmp_path / "net.onnx", (1, 4))
    first = FakeBackend(CARD, (CUDA, CPU))

    def load(model: Path | bytes, *, name: str, card: str) -> LoadedBackend:
        if isinstance(model, bytes):
            raise ModelError("{name} does not fit", name=name)
        return first

    assert open_backend(model, Device.GPU, free_batch=True, load=load, find_card=lambda: CARD).backend is first


def test_here_a_network_is_opened_on_whatever_works(tmp_path: Path) -> None:
    model = convolution(tmp_path / "网络 net.onnx")
    opened = open_backend(model, Device.AUTO, free_batch=True)
    feeds = {"x": np.ones((3, 3, 8, 8), np.float32), "s": np.ones((3, 16), np.float32)}
    assert opened.backend.run(feeds)[0].shape == (3, 3, 8, 8)
    assert (opened.backend.device == "CPU") == bool(opened.note)


@pytest.mark.parametrize("device", list(Device))
def test_a_file_that_cannot_be_loaded_anywhere_is_an_error(tmp_path: Path, device: Device) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx cannot be loaded"):
        open_backend(tmp_path / "gone.onnx", device, find_card=lambda: CARD)


def test_a_driver_that_is_not_there_means_no_card(tmp_path: Path) -> None:
    assert cuda_card("no-such-driver.so.1") == ""


def test_two_processors_of_one_core_count_once(tmp_path: Path) -> None:
    for number in range(512):
        folder = tmp_path / f"cpu{number}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text("0-511\n")
    assert physical_cores(tmp_path) == 1
    assert physical_cores(tmp_path / "nothing") >= 1

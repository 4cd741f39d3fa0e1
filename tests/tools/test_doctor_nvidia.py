"""Room: tests. What doctor says of driver, card, CUDA and TensorRT, and what it says to do."""

from __future__ import annotations

import pytest

from mirror_app.runtime.child import Answer
from mirror_app.runtime.driver_probe import BROKEN, CARD, NO_CARD, NO_DRIVER, REFUSED
from mirror_app.tools.doctor_nvidia import ask_driver, cuda_finding, tensorrt_findings, tensorrt_version
from mirror_app.tools.finding import Finding, Health

RTX = ("NVIDIA GeForce RTX 3060", "8.6", str(12 << 30), "13.0")
STARTED = Answer((*RTX, "11.4.0"), "")


class _Child:
    """A child process that answers as a test wants; by default as on a computer where everything works."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = {"look_at_driver": Answer((CARD, *RTX), ""), "try_tensorrt": STARTED, **answers}
        self.asked: list[str] = []

    def __call__(self, module: str, function: str, *arguments: str) -> Answer:
        key = arguments[0] if function == "import_module" else function
        self.asked.append(key)
        return self.answers.get(key, Answer((), ""))


def trouble(words: str) -> Answer:
    return Answer((), words)


def tensorrt(child: _Child) -> list[Finding]:
    return list(tensorrt_findings(child, ask_driver(child)))


@pytest.mark.parametrize(
    ("answer", "health", "detail", "cure", "is_sound"),
    [
        (Answer((CARD, *RTX), ""), Health.OK, "RTX 3060, 12.0 GB, compute capability 8.6", "", True),
        (Answer((NO_CARD,), ""), Health.OK, "the built-in engine needs none", "", False),
        (Answer((NO_DRIVER,), ""), Health.NOTE, "driver is not installed", "version 580", False),
        (Answer((BROKEN, "undefined symbol: cuInit"), ""), Health.NOTE, "undefined symbol", "version 580", False),
        (Answer((REFUSED, "100"), ""), Health.NOTE, "finds no card", "restart the computer", False),
        (Answer((REFUSED, "803"), ""), Health.NOTE, "different versions", "Restart the computer", False),
        (Answer((REFUSED, "999"), ""), Health.NOTE, "CUDA error 999", "version 580", False),
        (trouble("it crashed (signal 11)"), Health.NOTE, "signal 11", "version 580", False),
        (trouble("no answer within 60 s"), Health.NOTE, "no answer within", "version 580", False),
        (Answer((CARD, "GTX 1060", "6.1", "0", "13.0"), ""), Health.NOTE, "7.5 is needed", "RTX 20", False),
        (Answer((CARD, "RTX 2060", "7.5", "0", "12.8"), ""), Health.NOTE, "CUDA 12.8", "version 580", False),
        (Answer((CARD, "RTX 2060", "", "0", ""), ""), Health.OK, "RTX 2060", "", True),
    ],
)
def test_driver_and_card_are_judged_each_with_its_cure(
    answer: Answer, health: Health, detail: str, cure: str, is_sound: bool
) -> None:
    driver = ask_driver(_Child(look_at_driver=answer))
    assert (driver.finding.health, driver.is_sound) == (health, is_sound)
    assert detail in driver.finding.detail
    assert cure in driver.finding.cure
    assert bool(driver.finding.cure) == (health is Health.NOTE)


@pytest.mark.parametrize(
    ("harm", "subject", "detail", "cure"),
    [
        (
            {"pycuda.driver": trouble("ModuleNotFoundError: No module named 'pycuda'")},
            "TensorRT",
            "not installed: pycuda",
            "mirror-app[nvidia]",
        ),
        (
            {"cuda.bindings.driver": trouble("ModuleNotFoundError: No module named 'cuda.bindings'")},
            "TensorRT",
            "not installed: cuda-bindings",
            "mirror-app[nvidia]",
        ),
        (
            {"tensorrt": trouble("ModuleNotFoundError: No module named 'tensorrt'")},
            "TensorRT",
            "not installed: tensorrt",
            "uv sync --extra nvidia",
        ),
        (
            {"tensorrt": trouble("ModuleNotFoundError: No module named 'tensorrt_libs'")},
            "tensorrt",
            "'tensorrt_libs'",
            "--force-reinstall",
        ),
        (
            {"pycuda.driver": trouble("ImportError: libcurand.so.12: cannot open shared object file")},
            "pycuda",
            "libcurand.so.12",
            "built for another CUDA or Python",
        ),
        ({"tensorrt": trouble("it crashed (signal 11)")}, "tensorrt", "signal 11", "--force-reinstall"),
        ({"try_tensorrt": trouble("it crashed (signal 6)")}, "TensorRT", "signal 6", "--force-reinstall"),
        ({"try_tensorrt": trouble("no answer within 60 s")}, "TensorRT", "no answer", "--force-reinstall"),
        ({"try_tensorrt": Answer((*RTX, "8.6.1"), "")}, "TensorRT", "8.6.1 is too old", "--force-reinstall"),
    ],
)
def test_what_keeps_tensorrt_from_working_is_a_note_with_a_cure(
    harm: dict[str, Answer], subject: str, detail: str, cure: str
) -> None:
    found = tensorrt(_Child(**harm))
    (only,) = found
    assert (only.subject, only.health) == (subject, Health.NOTE)
    assert detail in only.detail
    assert cure in only.cure
    assert tensorrt_version(found) == ""


@pytest.mark.parametrize(("version", "said"), [("11.4.0", "11.4.0 works"), ("10.16.1.11", "works, as 11 does")])
def test_both_versions_of_tensorrt_work(version: str, said: str) -> None:
    found = tensorrt(_Child(try_tensorrt=Answer((*RTX, version), "")))
    assert [one.health for one in found] == [Health.OK]
    assert said in found[0].detail
    assert tensorrt_version(found) == version


@pytest.mark.parametrize("answer", [Answer((NO_CARD,), ""), trouble("it crashed (signal 11)")])
def test_nothing_of_cuda_is_touched_where_no_driver_is_sound(answer: Answer) -> None:
    child = _Child(look_at_driver=answer)
    assert tensorrt(child) == []
    assert child.asked == ["look_at_driver"]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer(("libcudnn.so.9: cannot open shared object file",), ""), "libcudnn.so.9"),
        (Answer((), ""), "no reason given"),
        (trouble("it crashed (signal 11)"), "signal 11"),
    ],
)
def test_a_card_that_onnx_runtime_cannot_use_is_a_note_with_the_reason(answer: Answer, detail: str) -> None:
    child = _Child(cuda_trouble=answer)
    finding = cuda_finding("CUDAExecutionProvider", child, ask_driver(child))
    assert finding.health is Health.NOTE
    assert detail in finding.detail
    assert "onnxruntime-gpu[cuda,cudnn]" in finding.cure


def test_without_a_card_onnx_runtime_needs_no_cuda() -> None:
    child = _Child(look_at_driver=Answer((NO_CARD,), ""))
    finding = cuda_finding("CUDAExecutionProvider", child, ask_driver(child))
    assert "Nothing to do" in finding.cure
    assert "cuda_trouble" not in child.asked

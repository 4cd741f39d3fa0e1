"""Room: tools. Doctor's look at what an NVIDIA card needs: driver, CUDA, TensorRT. Everything risky is a child's work.

The mirror runs without all of it, so nothing here is a problem; where a part is missing it is a note with its cure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mirror_app.domain.sentence import Sentence
from mirror_app.runtime import driver_probe
from mirror_app.runtime.child import Answer
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.tools.finding import Finding, Health

Ask = Callable[..., Answer]
"""As `ask_child_by_name`."""

INSTALL: Final = 'pip install "mirror-app[nvidia]"'
_CARD: Final = Sentence("NVIDIA card")
_TENSORRT: Final = Sentence("TensorRT")
_DRIVER: Final = 580
"""The first driver that knows CUDA 13, as the release notes of CUDA 13.0 say."""
_CUDA: Final = (13, 0)
_CAPABILITY: Final = (7, 5)
"""The oldest processors (Turing) that CUDA 13 and TensorRT 10.16 and 11 make kernels for."""
_OLD_TENSORRT: Final = 10
_LEAST_TENSORRT: Final = 10
# Codes of cuInit that have cures of their own, from cuda.h.
_NO_DEVICE: Final = "100"
_MISMATCH: Final = "803"

_MODULES: Final = {
    "pycuda.driver": ("pycuda", "pip install --force-reinstall --no-cache-dir --no-binary pycuda pycuda"),
    "cuda.bindings.driver": ("cuda-bindings", 'pip install --force-reinstall "cuda-bindings>=13,<14"'),
    "tensorrt": ("tensorrt", 'pip install --force-reinstall "tensorrt>=10.16,<12"'),
}
"""What is imported, the package that brings it, and the command that brings it again."""
_AGAIN: Final = Sentence(
    "Install NVIDIA's driver again, version {version} or newer, and restart the computer.", version=_DRIVER
)


@dataclass(frozen=True, slots=True)
class Driver:
    """What came out of asking NVIDIA's driver.

    Attributes:
        finding: To be shown.
        card: The first card; None where there is none that can be used.
        is_sound: Whether CUDA and TensorRT are worth a try.
        is_broken: Whether whatever uses it may crash or hang.
    """

    finding: Finding
    card: GraphicsCard | None = None
    is_sound: bool = False
    is_broken: bool = False


def ask_driver(ask: Ask) -> Driver:
    """Look at driver and card, in a child."""
    answer = ask(driver_probe.__name__, driver_probe.look_at_driver.__name__)
    if answer.trouble:
        detail = Sentence("NVIDIA's driver does not answer: {why}", why=answer.trouble)
        return Driver(_note(_CARD, detail, _AGAIN), is_broken=True)
    kind, *said = answer.lines
    if kind == driver_probe.CARD:
        name, capability, memory, cuda = said
        return _judged(GraphicsCard(name, capability, int(memory), cuda))
    if kind == driver_probe.NO_CARD:
        return Driver(Finding(_CARD, Health.OK, Sentence("none; the built-in engine needs none")))
    if kind == driver_probe.NO_DRIVER:
        cure = Sentence("Install NVIDIA's driver, version {version} or newer.", version=_DRIVER)
        return Driver(_note(_CARD, Sentence("there is one, but NVIDIA's driver is not installed"), cure))
    if kind == driver_probe.BROKEN:
        detail = Sentence("NVIDIA's driver is broken: {why}", why=said[0])
        return Driver(_note(_CARD, detail, _AGAIN), is_broken=True)
    return Driver(_refused(said[0]))


def cuda_finding(name: str, ask: Ask, driver: Driver) -> Finding:
    """Why ONNX Runtime does not use the card.

    Args:
        name: Of ONNX Runtime's provider.
        ask: Calls a function in a child.
        driver: What came out of asking it.
    """
    cpu = Sentence("Nothing to do: the CPU is enough.")
    if driver.card is None:
        return _note(name, Sentence("not usable on this computer"), cpu)
    answer = ask("mirror_app.runtime.providers", "cuda_trouble")
    why = answer.trouble or next(iter(answer.lines), Sentence("no reason given"))
    cure = Sentence("Run `{command}`.", command='pip install "onnxruntime-gpu[cuda,cudnn]"')
    return _note(name, Sentence("it does not start on the card: {why}", why=why), cure)


def tensorrt_findings(ask: Ask, driver: Driver) -> Iterator[Finding]:
    """Look at the libraries, then start TensorRT; nothing where there is no card that it could run on."""
    if not driver.is_sound:
        return
    troubles = {module: ask("mirror_app.tools.doctor", "import_module", module).trouble for module in _MODULES}
    missing = [module for module, trouble in troubles.items() if _is_missing(module, trouble)]
    if missing:
        names = ", ".join(_MODULES[module][0] for module in missing)
        cure = Sentence("Run `{command}`, or in a source folder `uv sync --extra nvidia`.", command=INSTALL)
        yield _note(_TENSORRT, Sentence("not installed: {names}", names=names), cure)
    broken = [module for module, trouble in troubles.items() if trouble and module not in missing]
    yield from (_broken(module, troubles[module]) for module in broken)
    if not missing and not broken:
        yield _started(ask("mirror_app.runtime.trt_door", "try_tensorrt"))


def tensorrt_version(findings: Sequence[Finding]) -> str:
    """The version that works here, as `tensorrt_findings` found; "" for none."""
    said = next((one.detail for one in findings if one.subject == _TENSORRT and one.health is Health.OK), "")
    return str(said.values["version"]) if isinstance(said, Sentence) else ""


def _judged(card: GraphicsCard) -> Driver:
    known = {
        "card": card.name,
        "memory": f"{card.memory_bytes / 2**30:.1f}",
        "capability": card.compute_capability,
        "cuda": card.cuda,
    }
    if card.cuda and _numbers(card.cuda) < _CUDA:
        detail = Sentence("the driver of {card} is too old: it knows CUDA {cuda}, and CUDA 13 is needed", **known)
        cure = Sentence("Install NVIDIA's driver, version {version} or newer.", version=_DRIVER)
        return Driver(_note(_CARD, detail, cure), card)
    if card.compute_capability and _numbers(card.compute_capability) < _CAPABILITY:
        detail = Sentence("{card} is too old for CUDA 13: compute capability {capability}, 7.5 is needed", **known)
        cure = Sentence("Nothing to do: the CPU does its work. Cards from GeForce GTX 16 and RTX 20 on can be used.")
        return Driver(_note(_CARD, detail, cure), card)
    detail = Sentence("{card}, {memory} GB, compute capability {capability}, driver for CUDA {cuda}", **known)
    return Driver(Finding(_CARD, Health.OK, detail), card, is_sound=True)


def _refused(code: str) -> Finding:
    if code == _NO_DEVICE:
        detail = Sentence("NVIDIA's driver finds no card")
        cure = Sentence("If there is one, restart the computer; if that does not help, install the driver again.")
        return _note(_CARD, detail, cure)
    if code == _MISMATCH:
        detail = Sentence("parts of NVIDIA's driver are of different versions, as after an update")
        return _note(_CARD, detail, Sentence("Restart the computer."))
    return _note(_CARD, Sentence("NVIDIA's driver does not start (CUDA error {code})", code=code), _AGAIN)


def _is_missing(module: str, trouble: str) -> bool:
    """Whether it is the module itself that is not there, not something that it needs."""
    first = module.partition(".")[0]
    names = (first, module, module.rpartition(".")[0])
    return trouble.startswith("ModuleNotFoundError") and any(trouble.endswith(f"'{name}'") for name in names)


def _broken(module: str, trouble: str) -> Finding:
    package, command = _MODULES[module]
    return _note(
        package,
        Sentence("installed, but cannot be loaded: {why}", why=trouble),
        Sentence("It may have been built for another CUDA or Python. Run `{command}`.", command=command),
    )


def _started(answer: Answer) -> Finding:
    again = Sentence("Run `{command}`.", command=_MODULES["tensorrt"][1])
    if answer.trouble:
        return _note(_TENSORRT, Sentence("does not start: {why}", why=answer.trouble), again)
    version = answer.lines[-1]
    major = _numbers(version)[0]
    if major < _LEAST_TENSORRT:
        return _note(_TENSORRT, Sentence("{version} is too old", version=version), again)
    if major == _OLD_TENSORRT:
        return Finding(_TENSORRT, Health.OK, Sentence("{version} works, as 11 does", version=version))
    return Finding(_TENSORRT, Health.OK, Sentence("{version} works", version=version))


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version; (0,) where there are none."""
    parts = version.split(".")
    count = next((index for index, part in enumerate(parts) if not part.isdigit()), len(parts))
    return tuple(int(part) for part in parts[:count]) or (0,)


def _note(subject: str, detail: str, cure: str) -> Finding:
    return Finding(subject, Health.NOTE, detail, cure)

"""Room: runtime. Opens a network on the best device that really works here. Knows no model by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from mirror_app.domain.errors import MirrorError, ModelError
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.chain import ChainBackend, Opener
from mirror_app.runtime.ort import OrtBackend
from mirror_app.runtime.parity_gate import parity, parity_trouble
from mirror_app.runtime.providers import CUDA, usable_card
from mirror_app.runtime.trt import TrtBackend
from mirror_app.runtime.trt_door import Preparation, Prepared, TrtDoor

# The proof of a free batch takes as long as four pictures: many seconds for a big network on the CPU, which nobody uses
# live there.
_BIG_FOR_THE_CPU_BYTES: Final = 100_000_000


class Device(Enum):
    """Where the user wants a network to run; the value is the word in settings and on the command line."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A network ready to run.

    Attributes:
        backend: The network.
        note: A `Sentence` when it does not run where it was wanted; else "".
        providers: Names of what runs it, first choice first: ONNX Runtime's own ones, or "TensorRT".
    """

    backend: InferenceBackend
    note: str
    providers: tuple[str, ...] = ()


class LoadedBackend(InferenceBackend, Protocol):
    """A network that can tell what really runs it."""

    @property
    def providers(self) -> tuple[str, ...]:
        """ONNX Runtime's own names, first choice first."""


class Loader(Protocol):
    """What of `OrtBackend` is used here."""

    def __call__(self, model: Path | bytes, *, name: str, card: str) -> LoadedBackend:
        """Load a network on a card, or on the CPU where `card` is ""."""


def open_backend(
    path: Path,
    device: Device,
    *,
    free_batch: bool = False,
    needs_card: bool = False,
    load: Loader = OrtBackend,
    find_card: Callable[[], str] = usable_card,
    prepared: Preparation | None = None,
    door: TrtDoor | None = None,
) -> Opened:
    """Load a network: on the NVIDIA card where it really works, unless the CPU was asked for.

    With a plan, TensorRT runs it where that gives what ONNX Runtime gives; where it fails later, ONNX Runtime goes on.

    Args:
        path: The model file.
        device: Where it should run.
        free_batch: Let it take several pictures at once, where its graph allows that; its batch is then -1.
        needs_card: The CPU is too slow for it: rather fail than run there, unless it was asked for.
        load: How to load.
        find_card: Name of the card that CUDA could run on; "" for none.
        prepared: Reads its plan for TensorRT, if there is one.
        door: The way to TensorRT; goes with `prepared`.

    Raises:
        ModelError: The file cannot be loaded at all, or not where it needs to run.
    """
    needs_card = needs_card and device is not Device.CPU

    def slower() -> Opened:
        backend, note = _on_the_best(path, device, load, find_card, needs_card=needs_card)
        if free_batch:
            backend = _with_free_batch(path, backend, load)
        return Opened(backend, note, backend.providers)

    others: list[Opener] = [lambda: slower().backend]
    if not needs_card:
        others.append(lambda: load(path, name=path.name, card=""))
    if prepared is None or door is None or device is Device.CPU:
        return slower()
    try:
        ready = prepared()
        fast = _like_the_reference(door.open(ready.plan, path.name), ready, path.name, load)
    # Also MissingLibraryError: TensorRT is not installed.
    except MirrorError as error:
        said = Sentence("{name} runs without TensorRT: {why}", name=path.name, why=error.sentence)
        try:
            opened = slower()
        except ModelError as too_slow:
            raise ModelError("{before} {after}", before=error.sentence, after=too_slow.sentence) from too_slow
        return replace(opened, note=joined([said, opened.note]))
    return Opened(ChainBackend(fast, others, path.name), fast.note, fast.providers)


def _like_the_reference(fast: TrtBackend, ready: Prepared, name: str, load: Loader) -> TrtBackend:
    """The same backend, when it gives what ONNX Runtime gives.

    Raises:
        ModelError: It does not.
    """
    if ready.samples is None:
        return fast
    samples = ready.samples(tuple(spec.name for spec in fast.inputs))
    found = parity(fast, load(ready.source, name=name, card=""), samples)
    why = parity_trouble(found, is_embedding=ready.is_embedding)
    if why:
        raise ModelError("TensorRT's version of {name} is not used, {why}.", name=name, why=why)
    ready.remember(found)
    return fast


def _on_the_best(
    path: Path, device: Device, load: Loader, find_card: Callable[[], str], *, needs_card: bool
) -> tuple[LoadedBackend, str]:
    """The network where ONNX Runtime runs it fastest, and why it is not the card."""
    name = path.name
    if device is Device.CPU:
        return load(path, name=name, card=""), ""
    card = find_card()
    why = ""
    backend = None
    if card:
        try:
            backend = load(path, name=name, card=card)
        except ModelError as error:
            why = error.sentence
        else:
            if CUDA in backend.providers:
                return backend, ""
            why = Sentence("CUDA did not start")
    if needs_card:
        raise _too_slow(name, card, why)
    return backend or load(path, name=name, card=""), _fell_back(name, card, why)


def _too_slow(name: str, card: str, why: str) -> ModelError:
    if not card:
        return ModelError(
            "{name} is not used: without an NVIDIA graphics card it takes seconds for a picture.", name=name
        )
    return ModelError(
        "{name} is not used: the graphics card {card} could not run it ({why}), and on the CPU it takes seconds for a"
        " picture. `mirror-app doctor` says what is missing.",
        name=name,
        card=card,
        why=why,
    )


def _fell_back(name: str, card: str, why: str) -> Sentence:
    if not card:
        return Sentence("No NVIDIA graphics card can be used here, so {name} runs on the CPU.", name=name)
    return Sentence(
        "{name} runs on the CPU, because the graphics card {card} could not be used: {why}. `mirror-app doctor` says"
        " what is missing.",
        name=name,
        card=card,
        why=why,
    )


def _with_free_batch(path: Path, fixed: LoadedBackend, load: Loader) -> LoadedBackend:
    """The same network with a free batch, proven on the device it will run on; the fixed one where that fails."""
    on_card = CUDA in fixed.providers
    if not on_card and path.stat().st_size > _BIG_FOR_THE_CPU_BYTES:
        return fixed
    # It brings in onnx, which takes a third of a second: only for those who need it.
    from mirror_app.runtime.free_batch import freed, same_one_by_one

    content = freed(path)
    if content is None:
        return fixed
    try:
        free = load(content, name=path.name, card=fixed.device if on_card else "")
        return free if same_one_by_one(free, fixed) else fixed
    # No room for two on the card, or a graph that contradicts itself now.
    except ModelError:
        return fixed

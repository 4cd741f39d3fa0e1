"""Room: tools. Golden checks of an installed model: from its file to what it does with a face. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import ModelSpec, Role
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.model_file import digest, opened_model
from mirror_app.runtime.model_scan import PRECISIONS
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.signature import misfit, read_signature
from mirror_app.tools.models.behaviour import check_behaviour
from mirror_app.tools.models.examined import Examined
from mirror_app.tools.models.faces import pictures_with_faces
from mirror_app.tools.models.known_faces import KnownFaces
from mirror_app.tools.models.precision_loss import Outputs, compare, trouble
from mirror_app.tools.models.rows import CheckedStage
from mirror_app.tools.models.samples import model_samples

Feeds = Mapping[str, NDArray[np.float32]]

_PICTURES: Final = 2
# How far a picture may leave its range; the app cuts off what does.
_RANGE_SLACK: Final = 0.15
# Of numbers that count as the picture: single ones may leave the range further.
_MOST_OUTSIDE: Final = 0.02
# Spread of a picture's numbers below which it is one colour.
_LEAST_SPREAD: Final = 1e-3


def check_model(store: ModelStore, name: str, device: Device = Device.AUTO) -> Iterator[CheckedStage]:
    """Check a model step by step; after a step without which the others mean nothing, no more follow.

    Args:
        store: Where it is, and the models that it needs.
        name: Its name in the catalogue.
        device: Where it should run.

    Raises:
        ModelError: It is not installed, or the app's own networks are damaged.
    """
    model = store.require(name)
    yield _file(model)
    tensors = _tensors(model)
    yield tensors
    if not tensors.passed:
        return
    try:
        opened = open_backend(model.path, device)
    except MirrorError as error:
        yield CheckedStage(Sentence("loads"), False, error.sentence)
        return
    yield CheckedStage(Sentence("loads"), True, opened.note or opened.backend.device)
    samples = model_samples(model.spec, opened.backend.inputs, pictures_with_faces(_PICTURES))
    try:
        outputs = _run(opened.backend, samples)
    except MirrorError as error:
        yield CheckedStage(Sentence("runs"), False, error.sentence)
        return
    yield CheckedStage(Sentence("runs"), True, _shapes(outputs[0]))
    yield _output(model.spec, outputs)
    yield from check_behaviour(Examined(store, model, opened.backend, device, KnownFaces()))
    yield from _smaller_ones(store, model, samples, outputs, device)


def _run(backend: InferenceBackend, samples: Sequence[Feeds]) -> list[Outputs]:
    """What a network gives for each input; copied, because a backend may use its arrays again."""
    return [[output.copy() for output in backend.run(sample)] for sample in samples]


def _file(model: InstalledModel) -> CheckedStage:
    """Whether the file still holds what it held when it was taken in, and whether anybody published that."""
    title = Sentence("file")
    try:
        with opened_model(model.path) as file:
            found = digest(file)
    except MirrorError as error:
        return CheckedStage(title, False, error.sentence)
    if found != model.sha256:
        return CheckedStage(title, False, Sentence("It changed: SHA-256 {sha256}.", sha256=found))
    if model.is_known:
        return CheckedStage(title, True, Sentence("It is the published one, {precision}.", precision=model.precision))
    return CheckedStage(
        title,
        True,
        Sentence("Nobody published this one, {precision}: SHA-256 {sha256}.", precision=model.precision, sha256=found),
    )


def _tensors(model: InstalledModel) -> CheckedStage:
    title = Sentence("tensors")
    try:
        with opened_model(model.path) as file:
            signature = read_signature(file, model.path.name)
    except MirrorError as error:
        return CheckedStage(title, False, error.sentence)
    wrong = misfit(model.spec, signature)
    counts = Sentence("{inputs} in, {outputs} out", inputs=len(signature.inputs), outputs=len(signature.outputs))
    return CheckedStage(title, not wrong, wrong or counts)


def _shapes(outputs: Sequence[NDArray[np.float32]]) -> str:
    return ", ".join("x".join(map(str, output.shape)) for output in outputs[:3]) + (", …" if len(outputs) > 3 else "")


def _output(spec: ModelSpec, outputs: Sequence[Outputs]) -> CheckedStage:
    """Whether what came out are numbers, in the range that the app expects, and not always the same."""
    title = Sentence("output")
    numbers = [np.concatenate([part.reshape(-1) for part in one]) for one in outputs]
    bad = sum(int(np.count_nonzero(~np.isfinite(one))) for one in numbers)
    if bad:
        return CheckedStage(title, False, Sentence("{count} numbers are not finite.", count=bad))
    if all(np.array_equal(numbers[0], one) for one in numbers[1:]):
        return CheckedStage(title, False, Sentence("It is the same for every picture."))
    main = np.concatenate([one[0].reshape(-1) for one in outputs])
    low, high = _range(spec)
    slack = _RANGE_SLACK * (high - low)
    outside = float(np.mean((main < low - slack) | (main > high + slack)))
    spread = max(float(np.std([one[index] for one in outputs])) for index in range(len(outputs[0])))
    seen = Sentence(
        "{low} to {high}, spread {spread}", low=f"{main.min():.3g}", high=f"{main.max():.3g}", spread=f"{spread:.3g}"
    )
    return CheckedStage(title, outside <= _MOST_OUTSIDE and spread >= _LEAST_SPREAD, seen)


def _range(spec: ModelSpec) -> tuple[float, float]:
    """Within which the numbers of the first output must lie."""
    if spec.role is Role.SWAPPER and spec.contract["denormalise"]:
        mean, std = (np.asarray(spec.contract[key], np.float64) for key in ("mean", "std"))
        return float((-mean / std).min()), float(((1 - mean) / std).max())
    return (0.0, 1.0) if spec.role in (Role.SWAPPER, Role.OCCLUDER, Role.DETECTOR) else (-np.inf, np.inf)


def _smaller_ones(
    store: ModelStore,
    model: InstalledModel,
    samples: Sequence[Feeds],
    exact: Sequence[Outputs],
    device: Device,
) -> Iterator[CheckedStage]:
    """Compare the other precisions that are there with this one, on the same inputs."""
    for precision in PRECISIONS[PRECISIONS.index(model.precision) + 1 :]:
        smaller = store.find(model.spec.name, precision)
        if smaller is not None:
            yield _smaller(smaller, samples, exact, device)


def _smaller(
    smaller: InstalledModel,
    samples: Sequence[Feeds],
    exact: Sequence[Outputs],
    device: Device,
) -> CheckedStage:
    try:
        backend = open_backend(smaller.path, device).backend
        loss = compare(exact, _run(backend, samples))
    except MirrorError as error:
        return CheckedStage(smaller.precision, False, error.sentence)
    wrong = trouble(smaller.spec.role, smaller.precision, loss)
    close = Sentence("{db} dB, cosine {cosine}", db=f"{loss.psnr_db:.1f}", cosine=f"{loss.cosine:.4f}")
    return CheckedStage(smaller.precision, not wrong, wrong or close)

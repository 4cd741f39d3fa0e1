"""Room: tools. A smaller file of a model: made, measured against the exact one, and kept only if it is good enough."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.backend import Feeds
from mirror_app.runtime.convert import Making, convert
from mirror_app.runtime.convert_fp16 import to_fp16
from mirror_app.runtime.convert_int8 import to_int8
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.tools.models.bench import timed_runs
from mirror_app.tools.models.faces import PictureWithFace, pictures_with_faces
from mirror_app.tools.models.precision_loss import PrecisionLoss, compare, trouble
from mirror_app.tools.models.samples import model_samples
from mirror_app.whole_file import cannot_write

_MAKINGS: Final[Mapping[str, Making]] = {"fp16": to_fp16, "int8": to_int8}
# To learn the ranges of the numbers from, and others to judge by.
_PICTURES_TO_LEARN: Final = 12
_PICTURES_TO_JUDGE: Final = 6
_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class FileFigures:
    """What a file of a model costs.

    Attributes:
        size_bytes: Of the file.
        median_ms: Of one run.
    """

    size_bytes: int
    median_ms: float

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {"size_bytes": self.size_bytes, "median_ms": round(self.median_ms, 3)}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of it.

    Attributes:
        name: Of the model.
        precision: "fp16" or "int8".
        exact: The FP32 file.
        smaller: The new one.
        loss: How far the two are apart.
        device: What ran both, for people.
        pictures: How many inputs were compared.
        trouble: Why the new one was not kept, a `Sentence`; "" when it was.
        path: Where it lies; None when it was not kept.
    """

    name: str
    precision: str
    exact: FileFigures
    smaller: FileFigures
    loss: PrecisionLoss
    device: str
    pictures: int
    trouble: str
    path: Path | None

    def as_json(self) -> dict[str, object]:
        """The keys that the command line promises."""
        return {
            "name": self.name,
            "precision": self.precision,
            "kept": self.path is not None,
            "trouble": self.trouble,
            "path": None if self.path is None else str(self.path),
            "fp32": self.exact.as_json(),
            self.precision: self.smaller.as_json(),
            "loss": self.loss.as_json(),
            "pictures": self.pictures,
            "device": self.device,
        }


def convert_model(
    store: ModelStore, name: str, precision: str, tell: Callable[[str], None], seconds: float = _SECONDS
) -> Conversion:
    """Make a smaller file of an installed model; it replaces an earlier one of that precision.

    Args:
        store: Where the model is, and where the new file is put.
        name: Its name in the catalogue.
        precision: "fp16" or "int8".
        tell: Called with a `Sentence` before each step that takes a while.
        seconds: How long to measure the speed of each file, about.

    Raises:
        ModelError: The model is not there in FP32, or cannot be converted.
        OutputError: The disk is full or may not be written to.
    """
    exact = _exact(store, name)
    pictures = pictures_with_faces(_PICTURES_TO_LEARN + _PICTURES_TO_JUDGE)
    with tempfile.TemporaryDirectory(prefix="mirror-app-") as folder:
        made = Path(folder) / f"{name}.{precision}.onnx"
        tell(Sentence("Running {name} on stored faces…", name=name))
        before = _Run.of(exact, exact.path, pictures, seconds)
        tell(Sentence("Making the {precision} file…", precision=precision.upper()))
        try:
            convert(exact.path, made, before.samples[:_PICTURES_TO_LEARN], _MAKINGS[precision])
        except OSError as error:
            raise cannot_write(made, error) from error
        tell(Sentence("Comparing it with the FP32 file…"))
        after = _Run.of(exact, made, pictures, seconds)
        loss = compare(before.outputs, after.outputs)
        wrong = trouble(exact.spec.role, precision, loss)
        path = None if wrong else store.add_converted(name, precision, made).path
    return Conversion(
        name, precision, before.figures, after.figures, loss, after.device, _PICTURES_TO_JUDGE, wrong, path
    )


def _exact(store: ModelStore, name: str) -> InstalledModel:
    any_precision = store.require(name)
    exact = store.find(name, "fp32")
    if exact is None:
        raise ModelError(
            "{name} is here in {precision} only, and a smaller file can only be made of the FP32 one.",
            name=name,
            precision=any_precision.precision.upper(),
        )
    return exact


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """One file at work: what it got, what it gave for the pictures to judge by, and what it cost."""

    samples: Sequence[Feeds]
    outputs: list[list[NDArray[np.float32]]]
    figures: FileFigures
    device: str

    @classmethod
    def of(cls, model: InstalledModel, path: Path, pictures: Sequence[PictureWithFace], seconds: float) -> _Run:
        backend = open_backend(path, Device.AUTO).backend
        samples = model_samples(model.spec, backend.inputs, pictures)
        outputs = [[values.copy() for values in backend.run(sample)] for sample in samples[_PICTURES_TO_LEARN:]]
        median_ms = timed_runs(backend, samples, seconds).percentiles().p50
        return cls(samples, outputs, FileFigures(path.stat().st_size, median_ms), backend.device)

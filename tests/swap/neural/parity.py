"""Room: tests. Our INSwapper path next to insightface's own, stage by stage: `python -m tests.swap.neural.parity`.

Both get the same ONNX file, pictures, landmarks and embedding; what the network is fed is caught at its door.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.joiner import Joiner
from mirror_app.domain.assignment import Joining
from mirror_app.resources import assets_dir
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.initializer import read_initializer
from mirror_app.runtime.ort import OrtBackend
from mirror_app.swap.neural.aligned_crop import Cropper
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.masks.box import BoxMask
from mirror_app.swap.neural.network import SwapNetwork
from mirror_app.swap.neural.spec import EMBEDDING_SIZE, swapper_spec
from mirror_app.swap.neural.swapper import NeuralSwapper, find_ports
from tests.swap.neural import networks
from tests.twins import analytic

FRAME_HW: Final = (250, 300)
LIMITS: Final = {"crop": 1.0, "blob": 1.01 / 255, "latent": 1e-6, "output": 1.0, "paste": 1.0, "frame": 1.0}
"""The largest difference allowed at each stage, in grey levels, but for the blob (0..1) and the latent (length 1).

`paste` is the same generated picture pasted by both, `frame` is everything together. At its end insightface multiplies
by a mask of 0.99999 and cuts off what is behind the point, so its own value is only known to lie within the level above
the one it gives: the distance is the one to that span. `off` is the share of values that differ by more than one level
from the one it gives.
"""
MOST_OFF: Final = 2e-4
TINY_LIMITS: Final = {**LIMITS, "paste": 2.0, "frame": 2.0}
"""A crop that is shown at less than half its size is averaged by us, where insightface picks single pixels."""
KINDS: Final = ("upright", "rotated", "tiny", "cut")


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One face: where it is, and who covers it."""

    kind: str
    image_bgr: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    raw: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one side made of a case."""

    crop_bgr: NDArray[np.uint8]
    blob: NDArray[np.float32]
    latent: NDArray[np.float32]
    output_bgr: NDArray[np.uint8]
    pasted_bgr: NDArray[np.uint8]
    frame_bgr: NDArray[np.uint8]
    shown: NDArray[np.bool_]


def cases(count: int) -> Iterator[Case]:
    """Faces of all kinds in turn, no two alike."""
    height, width = FRAME_HW
    for number in range(count):
        rng = np.random.default_rng([5, number])
        kind = KINDS[number % len(KINDS)]
        side = float(rng.uniform(14, 50) if kind == "tiny" else rng.uniform(64, 240))
        turn = float(rng.uniform(-180, 180) if kind == "rotated" else rng.uniform(-12, 12))
        margin = 0.0 if kind == "cut" else side / 2 if side < height else height / 2
        x, y = (float(rng.uniform(margin, size - margin)) for size in (width, height))
        if kind == "cut":
            x, y = (x, float(rng.choice([0, height]))) if rng.random() < 0.5 else (float(rng.choice([0, width])), y)
        points = networks.landmarks_at((x, y), side, turn)
        points += rng.normal(size=(5, 2)).astype(np.float32) * np.float32(0.015 * side)
        # Where we average and insightface picks single pixels, they agree on smooth pictures only.
        detail_px = float(rng.uniform(10, 14) if kind == "tiny" else rng.uniform(2, 6))
        image = networks.picture(height, width, seed=number, detail_px=detail_px)
        yield Case(kind, image, points, networks.raw_embedding(number, float(rng.uniform(15, 25))))


class Reference:
    """insightface's INSwapper on a file."""

    def __init__(self, model: Path) -> None:
        # It prints the input's shape.
        with contextlib.redirect_stdout(io.StringIO()):
            from insightface.model_zoo.inswapper import INSwapper

            self._door = _Door(OrtBackend(model, threads=1))
            self._swapper: Any = INSwapper(str(model), self._door)

    def run(self, case: Case, generated_bgr: NDArray[np.uint8]) -> Outcome:
        """All stages; `pasted_bgr` is its way of pasting this picture."""
        planes = (generated_bgr[..., ::-1].transpose(2, 0, 1)[None] + np.float32(0.5)) / np.float32(255)
        output, _ = self._get(case, case.image_bgr, paste_back=False)
        fed = self._door.fed
        crop = np.round(fed["target"][0].transpose(1, 2, 0)[..., ::-1] * 255).astype(np.uint8)
        frame = self._get(case, case.image_bgr)
        pasted = self._get(case, case.image_bgr, instead=planes)
        white = self._get(case, np.zeros_like(case.image_bgr), instead=np.ones_like(planes))
        # Its mask of one is 0.99999 after blurring, and what it paints is cut off to whole numbers.
        shown = cv2.erode((white[..., 0] >= 254).view(np.uint8), np.ones((3, 3), np.uint8)) > 0
        return Outcome(crop, fed["target"], fed["source"], output, pasted, frame, np.asarray(shown, np.bool_))

    def _get(
        self,
        case: Case,
        image: NDArray[np.uint8],
        *,
        paste_back: bool = True,
        instead: NDArray[np.float32] | None = None,
    ) -> Any:
        live = SimpleNamespace(kps=case.landmarks)
        worn = SimpleNamespace(normed_embedding=case.raw / np.linalg.norm(case.raw))
        self._door.instead = instead
        with warnings.catch_warnings():
            # scikit-image warns that what insightface calls will go.
            warnings.simplefilter("ignore")
            return self._swapper.get(image, live, worn, paste_back=paste_back)


class _Door:
    """What insightface takes for an ONNX Runtime session; remembers what goes in."""

    def __init__(self, backend: OrtBackend) -> None:
        self._backend = backend
        self.fed: dict[str, NDArray[np.float32]] = {}
        self.instead: NDArray[np.float32] | None = None

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=spec.name, shape=list(spec.shape)) for spec in self._backend.inputs]

    def get_outputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=spec.name, shape=list(spec.shape)) for spec in self._backend.outputs]

    def run(self, _names: list[str], feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.fed = {name: values.copy() for name, values in feeds.items()}
        made = self._backend.run({name: np.ascontiguousarray(values) for name, values in feeds.items()})
        return made if self.instead is None else [self.instead]


class Own:
    """The app's own way on the same file."""

    def __init__(self, model: Path) -> None:
        spec = swapper_spec(load_catalogue(assets_dir() / "models" / "catalogue.toml").find("inswapper_128"))
        self._recogniser = networks.ScriptedRecogniser({})
        self._backend = _Recording(model, threads=1)
        self._identity = IdentityMaker(
            spec, self._recogniser, emap=read_initializer(model, "buff2fs", (EMBEDDING_SIZE, EMBEDDING_SIZE))
        )
        self._network = SwapNetwork(spec, self._backend, find_ports(spec, self._backend))
        self._cropper = Cropper(spec.template, spec.side, spec.border)
        self._swapper = NeuralSwapper(spec, self._backend, self._identity, BoxMask())
        self._joiner = Joiner()

    def run(self, case: Case) -> Outcome:
        """All stages, then the way from frame to frame that the app takes."""
        self._recogniser.raws = {1: case.raw}
        worn = networks.wear(case.landmarks, networks.target(networks.view(1)))
        found = self._cropper.cut(case.image_bgr, case.landmarks)
        if found is None:
            raise ValueError("expected a face that can be cut out")
        output = np.empty_like(found[0])
        self._network.paint([found[0]], [self._identity.identity(worn.target)], [output])
        fed = self._backend.fed
        frame = networks.frame_of(case.image_bgr)
        (patch,) = self._swapper.generate(frame, [worn])
        made = case.image_bgr.copy()
        if patch.valid:
            self._joiner.join(made, patch, Joining.ALPHA, worn, frame.captured_ns)
        shown = np.zeros(case.image_bgr.shape[:2], np.bool_)
        x, y = patch.origin_xy
        shown[y : y + patch.alpha.shape[0], x : x + patch.alpha.shape[1]] = patch.valid & (patch.alpha == 1)
        return Outcome(found[0], fed["target"], fed["source"], output, made, made, shown)


class _Recording(OrtBackend):
    """Remembers what the network was fed last."""

    fed: Mapping[str, NDArray[np.float32]]

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.fed = {name: values.copy() for name, values in feeds.items()}
        return super().run(feeds)


def differences(own: Outcome, reference: Outcome) -> dict[str, float]:
    """The worst difference at each stage; where a frame is pasted, of pixels that both sides show fully."""
    inside = own.shown & reference.shown
    return {
        "crop": _worst(own.crop_bgr, reference.crop_bgr),
        "blob": _worst(own.blob, reference.blob),
        "latent": _worst(own.latent, reference.latent),
        "output": _worst(own.output_bgr, reference.output_bgr),
        "paste": _beyond(own.pasted_bgr[inside], reference.pasted_bgr[inside]),
        "frame": _beyond(own.frame_bgr[inside], reference.frame_bgr[inside]),
        "off": float(np.mean(np.abs(_less(own.pasted_bgr, reference.pasted_bgr)[inside]) > 1)) if inside.any() else 0.0,
    }


def _less(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(first.astype(np.float64) - second.astype(np.float64), np.float64)


def _worst(first: NDArray[Any], second: NDArray[Any]) -> float:
    return float(np.abs(_less(first, second)).max(initial=0))


def _beyond(own: NDArray[np.uint8], cut_off: NDArray[np.uint8]) -> float:
    """How far our values lie outside of what was cut off to these."""
    less = _less(own, cut_off)
    return float(np.maximum(-less, less - 1).max(initial=0))


def table(model: Path, count: int) -> dict[str, dict[str, float]]:
    """The worst difference of each kind of face at each stage."""
    reference, own = Reference(model), Own(model)
    worst = {kind: dict.fromkeys([*LIMITS, "off"], 0.0) for kind in KINDS}
    for case in cases(count):
        mine = own.run(case)
        for stage, value in differences(mine, reference.run(case, mine.output_bgr)).items():
            worst[case.kind][stage] = max(worst[case.kind][stage], value)
    return worst


def main() -> None:
    """Print the table, of as many faces as asked for."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 208
    with tempfile.TemporaryDirectory() as folder:
        model = analytic("inswapper_128", Path(folder))
        rows = table(model, count)
    lines = [f"{'faces':<10} {'cases':>5}  " + "  ".join(f"{stage:>9}" for stage in (*LIMITS, "off"))]
    for kind, row in rows.items():
        lines.append(f"{kind:<10} {count // len(KINDS):>5}  " + "  ".join(f"{row[stage]:9.2e}" for stage in row))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

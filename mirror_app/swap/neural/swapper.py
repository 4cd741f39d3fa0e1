"""Room: swap. The engines with a swapping network: crop, network, mask, patch. Knows no file and no device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import ModelError
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.runtime.backend import InferenceBackend, TensorSpec
from mirror_app.swap.neural.aligned_crop import AlignedCrop, Cropper
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.masks.protocol import MaskMaker
from mirror_app.swap.neural.network import Ports, SwapNetwork
from mirror_app.swap.neural.output_check import could_be_a_face
from mirror_app.swap.neural.paste import Paster
from mirror_app.swap.neural.polyphase import put_together, taken_apart
from mirror_app.swap.neural.spec import EMBEDDING_SIZE, IdentityKind, SwapperSpec

# What the networks' files call their inputs. Their "target" is the picture that is changed, our live face, and their
# "source" is whose face it gets, our target.
_CROP_INPUT: Final = "target"
_IDENTITY_INPUT: Final = "source"
# After so many frames in a row in which no output could be a face, the network does not work on this computer.
_MOST_NONSENSE: Final = 10
# A patch that shows less of the crop than this would leave the live face recognisable; a whole face fills a quarter of
# the widest template.
_LEAST_SHOWN: Final = 0.08


class NeuralSwapper:
    """Shows each live face to a network that paints the target's into it. For one thread.

    All faces of a frame go through the network together where its batch is free, one after the other where it is not.

    Attributes:
        enlarges: False = the crop is as small as the network, whatever `tiles` says. May be changed between frames.
        tiles: The crop has so many times the network's side.
    """

    trouble = ""
    aside = ""

    def __init__(
        self,
        model: SwapperSpec,
        backend: InferenceBackend,
        identity: IdentityMaker,
        masks: MaskMaker,
        *,
        tiles: int = 1,
    ) -> None:
        """Join the steps.

        Args:
            model: The network's contract.
            backend: The network.
            identity: Tells it whose face to make.
            masks: Say how much of it shows.
            tiles: The crop has so many times the network's side, and is done as tiles x tiles pictures that interleave.

        Raises:
            ModelError: The network's inputs or outputs are not those of its contract.
        """
        self._network = SwapNetwork(model, backend, find_ports(model, backend))
        self._name, self._backend, self._identity, self._masks = model.name, backend, identity, masks
        self.enlarges, self.tiles = True, tiles
        self._side = model.side
        self._croppers = {each: Cropper(model.template, model.side * each, model.border) for each in {1, tiles}}
        self._desks: dict[int, list[_Desk]] = {1: [], tiles: []}
        self._nonsense = 0

    @property
    def engine(self) -> str:
        """Name of the way of swapping."""
        return self._name

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._backend.device

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make the patches; see `Swapper.generate`. A target without photos gets an invalid one."""
        tiles = self.tiles if self.enlarges else 1
        cropper, desks = self._croppers[tiles], self._desks[tiles]
        while len(desks) < len(assignments):
            desks.append(_Desk(self._side, tiles))
        jobs = []
        for place, one in enumerate(assignments):
            crop = cropper.crop(frame.image_bgr, one.live_face, place) if one.target.views else None
            if crop is not None:
                jobs.append(_Job(place, one, crop, desks[place]))
        made = {job.place: self._patch(frame, job, picture) for job, picture in self._painted(jobs, tiles**2)}
        return [made[place] if place in made else _no_patch() for place in range(len(assignments))]

    def _painted(self, jobs: Sequence[_Job], parts: int) -> list[tuple[_Job, NDArray[np.uint8]]]:
        """What the network made of each face, in so many parts each, for those of which it made anything."""
        if not jobs:
            return []
        crops = [part for job in jobs for part in job.desk.taken_apart(job.crop)]
        identities = [self._identity.identity(job.assignment.target) for job in jobs for _ in range(parts)]
        finite = self._network.paint(crops, identities, [part for job in jobs for part in job.desk.painted])
        made = []
        for number, job in enumerate(jobs):
            if all(finite[number * parts : (number + 1) * parts]):
                picture = job.desk.put_together()
                if could_be_a_face(picture, job.crop.image_bgr):
                    made.append((job, picture))
        self._count(bool(made))
        return made

    def _count(self, any_good: bool) -> None:
        self._nonsense = 0 if any_good else self._nonsense + 1
        if self._nonsense >= _MOST_NONSENSE:
            raise ModelError(
                "The network {name} gives no usable picture here: all black, all alike, or not even numbers. Run it on"
                " another device, or get its file again.",
                name=self._name,
            )

    def _patch(self, frame: Frame, job: _Job, picture: NDArray[np.uint8]) -> FacePatch:
        mask = self._masks.mask(frame, job.crop, job.assignment)
        if float(cv2.mean(mask)[0]) < 255 * _LEAST_SHOWN:
            return _no_patch()
        height, width = frame.image_bgr.shape[:2]
        return job.desk.paster.paste(picture, mask, job.crop.crop_from_frame, (height, width))


class _Desk:
    """The arrays for one face of a frame."""

    def __init__(self, side: int, tiles: int) -> None:
        self.paster = Paster()
        self.painted = _pictures(side, tiles)
        self._tiles = tiles
        self._parts = _pictures(side, tiles)
        self._whole = np.empty((side * tiles, side * tiles, 3), np.uint8)

    def taken_apart(self, crop: AlignedCrop) -> list[NDArray[np.uint8]]:
        """The pictures that the network is to see."""
        if self._tiles == 1:
            return [crop.image_bgr]
        taken_apart(crop.image_bgr, self._tiles, self._parts)
        return self._parts

    def put_together(self) -> NDArray[np.uint8]:
        """What the network painted, at the crop's size."""
        if self._tiles == 1:
            return self.painted[0]
        put_together(self.painted, self._tiles, self._whole)
        return self._whole


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One face of a frame that the network can do, and its number in the frame."""

    place: int
    assignment: Assignment
    crop: AlignedCrop
    desk: _Desk


def find_ports(model: SwapperSpec, backend: InferenceBackend) -> Ports:
    """Which input is which: by name, else by shape.

    Raises:
        ModelError: An input or the first output is not what the contract says; the sentence says what was got.
    """
    crop_shape = (3, model.side, model.side)
    portrait_shape = (3, model.portrait_side, model.portrait_side)
    identity_shape = portrait_shape if model.identity is IdentityKind.PORTRAIT else (EMBEDDING_SIZE,)
    crop = _input(model, backend, _CROP_INPUT, crop_shape, not_this=_IDENTITY_INPUT)
    identity = _input(model, backend, _IDENTITY_INPUT, identity_shape, not_this=crop.name)
    output = backend.outputs[0]
    if not _fits(output, crop_shape):
        raise _misfit(model, output.name, crop_shape, output.shape)
    return Ports(crop.name, identity.name, crop.shape[0] == identity.shape[0] == -1)


def _input(
    model: SwapperSpec, backend: InferenceBackend, name: str, shape: tuple[int, ...], not_this: str
) -> TensorSpec:
    named = [spec for spec in backend.inputs if spec.name == name]
    found = named or [spec for spec in backend.inputs if spec.name != not_this and _fits(spec, shape)]
    if len(found) != 1 or not _fits(found[0], shape):
        got = ", ".join(f"{spec.name} {spec.shape}" for spec in named or backend.inputs)
        raise _misfit(model, name, shape, got)
    return found[0]


def _fits(spec: TensorSpec, shape: tuple[int, ...]) -> bool:
    """Whether a tensor takes a batch of things of this shape; any size fits where the file leaves it open."""
    sizes = spec.shape[1:]
    return len(sizes) == len(shape) and all(size in (-1, wanted) for size, wanted in zip(sizes, shape, strict=True))


def _misfit(model: SwapperSpec, tensor: str, expected: tuple[int, ...], got: object) -> ModelError:
    return ModelError(
        "The file of the model {name} does not fit: {tensor} should have the shape {expected}, but it has {got}.",
        name=model.name,
        tensor=tensor,
        expected=("n", *expected),
        got=got,
    )


def _pictures(side: int, tiles: int) -> list[NDArray[np.uint8]]:
    return [np.empty((side, side, 3), np.uint8) for _ in range(tiles**2)]


def _no_patch() -> FacePatch:
    return FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)

"""Room: swap. What a swapping network is told of the target, made once per target. Sees no frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.target import TargetFace
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.swap.neural.aligned_crop import Border, Cropper
from mirror_app.swap.neural.colour_planes import ColourPlanes
from mirror_app.swap.neural.spec import EMBEDDING_SIZE, IdentityKind, SwapperSpec
from mirror_app.swap.protocol import Recogniser

# Targets whose input is kept: a person going through a shelf of faces comes back to the last few.
_KEPT: Final = 8

_Make = Callable[[TargetFace], NDArray[np.float32]]


class IdentityMaker:
    """Makes a network's identity input from the target's photos. For one thread."""

    def __init__(
        self,
        model: SwapperSpec,
        recogniser: Recogniser | None,
        *,
        emap: NDArray[np.float32] | None = None,
        converter: InferenceBackend | None = None,
    ) -> None:
        """Remember what it takes.

        Args:
            model: The swapper's contract.
            recogniser: For all kinds but portraits.
            emap: (512, 512) float32, for `IdentityKind.EMAP`: identity = embedding @ emap.
            converter: For the converted kinds.

        Raises:
            ModelError: The model needs one of these, and it is missing or does not fit.
        """
        self._model_name = model.name
        self._make = _maker(model, recogniser, emap, converter)
        self._known: dict[TargetFace, NDArray[np.float32]] = {}

    def identity(self, target: TargetFace) -> NDArray[np.float32]:
        """The identity input: (1, 512), or (1, 3, side, side) for a portrait; float32, contiguous, read-only.

        Raises:
            ModelError: The target has no photo, none shows a face, or a network failed.
        """
        # Taken out and put in again, so that the one left unused for longest is the first.
        made = self._known.pop(target, None)
        if made is None:
            made = self._checked(target)
        self._known[target] = made
        if len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        return made

    def _checked(self, target: TargetFace) -> NDArray[np.float32]:
        if not target.views:
            raise ModelError("The target face {name} has no photo.", name=target.name)
        # Zeros and infinities come out as NaN, which is looked for once, here.
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            made = np.ascontiguousarray(self._make(target), np.float32)
        if not np.isfinite(made).all():
            raise ModelError(
                "The photos of {target} give no identity for the model {name}.",
                target=target.name,
                name=self._model_name,
            )
        made.flags.writeable = False
        return made


def _maker(
    model: SwapperSpec,
    recogniser: Recogniser | None,
    emap: NDArray[np.float32] | None,
    converter: InferenceBackend | None,
) -> _Make:
    kind = model.identity
    if kind is IdentityKind.PORTRAIT:
        return lambda target: _portrait(target, model)
    if recogniser is None:
        raise ModelError("The model {name} needs a face recogniser.", name=model.name)
    if kind is IdentityKind.UNIT:
        return lambda target: _unit_mean(target, recogniser)[None]
    if kind is IdentityKind.EMAP:
        if emap is None or emap.shape != (EMBEDDING_SIZE, EMBEDDING_SIZE):
            raise ModelError("The file of the model {name} lacks its matrix for identities.", name=model.name)
        # insightface makes it one long again, FaceFusion does not.
        return lambda target: _of_length_1(_unit_mean(target, recogniser) @ emap)[None]
    if converter is None:
        raise ModelError("The model {name} needs a converter of embeddings.", name=model.name)
    if kind is IdentityKind.CONVERTED:
        return lambda target: _converted(_raw_mean(target, recogniser), converter)[None]
    return lambda target: _of_length_1(_converted(_raw_mean(target, recogniser), converter))[None]


def _portrait(target: TargetFace, model: SwapperSpec) -> NDArray[np.float32]:
    """The photo that counts most, (1, 3, side, side): red, green, blue in 0..1."""
    side = model.portrait_side
    view = max(target.views, key=lambda one: one.weight)
    found = Cropper(model.portrait_template, side, Border.REPLICATE).cut(view.image_bgr, view.landmarks)
    if found is None:
        raise ModelError("The photo of {target} shows no face that the model {name} can use.", target=target.name,
                         name=model.name)  # fmt: skip
    planes = np.empty((1, 3, side, side), np.float32)
    ColourPlanes(side, (0, 0, 0), (1, 1, 1)).fill(planes[0], found[0])
    return planes


def _unit_mean(target: TargetFace, recogniser: Recogniser) -> NDArray[np.float32]:
    """(512,): the weighted mean of the photos' unit embeddings, of length 1 again."""
    units = [recogniser.embed(one.image_bgr, one.landmarks) for one in target.views]
    return _of_length_1(np.average(units, axis=0, weights=[one.weight for one in target.views]))


def _raw_mean(target: TargetFace, recogniser: Recogniser) -> NDArray[np.float32]:
    """(512,): the direction of `_unit_mean` with the weighted mean of the raw embeddings' lengths."""
    raws = [recogniser.raw(one.image_bgr, one.landmarks) for one in target.views]
    weights = [one.weight for one in target.views]
    direction = _of_length_1(np.average([_of_length_1(raw) for raw in raws], axis=0, weights=weights))
    return np.asarray(direction * np.average([np.linalg.norm(raw) for raw in raws], weights=weights), np.float32)


def _converted(raw: NDArray[np.float32], converter: InferenceBackend) -> NDArray[np.float32]:
    return converter.run({converter.inputs[0].name: raw[None]})[0].reshape(-1)


def _of_length_1(vector: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)

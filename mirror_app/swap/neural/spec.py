"""Room: swap. What a swapping network wants and gives, as one typed row of the catalogue. Opens no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import TEMPLATES
from mirror_app.runtime.catalogue import ModelSpec, Role
from mirror_app.swap.neural.aligned_crop import Border

EMBEDDING_SIZE: Final = 512
"""Numbers of an ArcFace embedding, and of what every network of ours learns an identity from, unless it is a photo."""

_Picked = TypeVar("_Picked", bound=Enum)


class IdentityKind(Enum):
    """How a network is told whose face to make; the value is its word in the catalogue."""

    EMAP = "emap"
    """Unit embedding through a matrix kept in the network's own file, then of length 1 again."""
    UNIT = "unit"
    """Unit embedding."""
    CONVERTED_UNIT = "converted-unit"
    """Embedding as it is through a converter, then of length 1."""
    CONVERTED = "converted"
    """Embedding as it is through a converter."""
    PORTRAIT = "portrait"
    """The photo itself."""


@dataclass(frozen=True, slots=True)
class SwapperSpec:
    """One swapping network's contract.

    Attributes:
        name: As in the catalogue and in `--engine`.
        template: Key of `domain.templates.TEMPLATES` for its crop.
        side: Of its crop, px.
        mean: Red, green, blue; taken from pixels in 0..1 ...
        std: ... which are then divided by this.
        denormalise: Its output is turned back with `std` and `mean`; otherwise it is 0..1.
        border: What the crop shows past the frame's edge.
        identity: How it is told whose face to make.
        portrait_template: Template of the photo's crop; "" unless `identity` is a portrait.
        portrait_side: Side of the photo's crop, px; 0 unless `identity` is a portrait.
        tile: Pictures of so many times the side can be made of interleaved ones; 1 where that is not offered.
    """

    name: str
    template: str
    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    denormalise: bool
    border: Border
    identity: IdentityKind
    portrait_template: str = ""
    portrait_side: int = 0
    tile: int = 1


def swapper_spec(model: ModelSpec) -> SwapperSpec:
    """Read the contract of a model from the catalogue.

    Raises:
        ModelError: It is no swapper, or its contract lacks something; the sentence says what.
    """
    if model.role is not Role.SWAPPER:
        raise ModelError("The model {name} cannot swap faces: it is a {role}.", name=model.name, role=model.role.value)
    row = _Row(model.name, model.contract)
    identity = row.one_of("identity", IdentityKind)
    has_portrait = identity is IdentityKind.PORTRAIT
    return SwapperSpec(
        name=model.name,
        template=row.template("template"),
        side=row.whole("side", least=16),
        mean=row.colour("mean", lambda value: True),
        std=row.colour("std", lambda value: value > 0),
        denormalise=row.flag("denormalise"),
        border=row.one_of("border", Border),
        identity=identity,
        portrait_template=row.template("portrait_template") if has_portrait else "",
        portrait_side=row.whole("portrait_side", least=16) if has_portrait else 0,
        tile=row.whole("tile", least=1) if "tile" in model.contract else 1,
    )


class _Row:
    """A contract that knows whose it is, for messages."""

    def __init__(self, name: str, values: Mapping[str, object]) -> None:
        self._name, self._values = name, values

    def whole(self, key: str, least: int) -> int:
        value = self._values.get(key)
        if type(value) is not int or value < least:
            raise self._wrong(key, f"a whole number >= {least}")
        return value

    def flag(self, key: str) -> bool:
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true | false")
        return value

    def template(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str) or value not in TEMPLATES:
            raise self._wrong(key, " | ".join(TEMPLATES))
        return value

    def one_of(self, key: str, choices: type[_Picked]) -> _Picked:
        words = {choice.value: choice for choice in choices}
        value = self._values.get(key)
        if not isinstance(value, str) or value not in words:
            raise self._wrong(key, " | ".join(words))
        return words[value]

    def colour(self, key: str, fits: Callable[[float], bool]) -> tuple[float, float, float]:
        value = self._values.get(key)
        numbers = list(value) if isinstance(value, list | tuple) else []
        if len(numbers) != 3 or not all(isinstance(one, int | float) and fits(one) for one in numbers):
            raise self._wrong(key, "three numbers")
        red, green, blue = (float(one) for one in numbers)
        return red, green, blue

    def _wrong(self, key: str, expected: str) -> ModelError:
        return ModelError(
            "The model catalogue is damaged: {where}: expected {expected}, got {got}.",
            where=f"model.{self._name}.contract.{key}",
            expected=expected,
            got=repr(self._values.get(key))[:80],
        )

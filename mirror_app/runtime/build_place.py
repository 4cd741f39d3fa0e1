"""Room: runtime. What plans are built for on a computer. Looks at nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.runtime.trt_library import TENSORRT


@dataclass(frozen=True, slots=True)
class BuildPlace:
    """What plans are built for here.

    Attributes:
        card: The card.
        tensorrt: Version of the library.
        library: Its name.
    """

    card: GraphicsCard
    tensorrt: str
    library: str = TENSORRT

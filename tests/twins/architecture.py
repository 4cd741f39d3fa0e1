"""Room: tests. Twins with the real networks' layers and random weights: for time, memory and engine tests."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.twins import facts, helper_layers, swapper_layers
from tests.twins.layers import Layers


def architecture(name: str, folder: Path, width: float = 1.0, *, emap_last: bool = True) -> Path:
    """Write the architecture twin of a model; returns its path.

    Args:
        name: Key of the catalogue.
        folder: Where to write; made if missing.
        width: Share of the channels; 1 is as large as the real file.
        emap_last: False puts a small constant behind inswapper's emap, as some FP16 exports do.
    """
    path = folder / f"{facts.FILES.get(name, name)}.onnx"
    graph = layers_of(name, Layers(), width)
    if name == "inswapper_128":
        swapper_layers.add_emap(graph, is_last=emap_last)
    return graph.save(path)


def layers_of(name: str, graph: Layers, width: float = 1.0) -> Layers:
    """Fill a graph with the layers of a model; returns it."""
    if name in facts.SWAPPERS:
        _SWAPPERS.get(name.split("_")[0], swapper_layers.styled_autoencoder)(graph, name, width)
    else:
        next(layers for names, layers in _OTHERS if name in names)(graph, name, width)
    return graph


_SWAPPERS: Final = {
    "inswapper": swapper_layers.inswapper, "simswap": swapper_layers.simswap, "ghost": swapper_layers.ghost,
}  # fmt: skip
_OTHERS: Final = (
    (facts.DETECTORS, helper_layers.detector), (facts.LANDMARKS, helper_layers.landmarks),
    (facts.PARSERS, helper_layers.parser), (facts.OCCLUDERS, helper_layers.occluder),
    (facts.CONVERTERS, helper_layers.converter), ((facts.RECOGNISER,), helper_layers.recogniser),
)  # fmt: skip

"""Room: runtime. Turns a network into a TensorRT plan. Runs in a process of its own: see `build_process`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.build_progress import BuildProgress
from mirror_app.runtime.build_source import write_source
from mirror_app.runtime.recipe import Recipe
from mirror_app.runtime.trt_library import TrtLibrary
from mirror_app.runtime.widening import Width

_LEVEL: Final = 3
"""`builder_optimization_level`: TensorRT's own default. Higher ones try more kernels, for many times the time."""
PREPARING: Final = 0.25
"""Share of the bar for freeing the batch and making FP16: a guess between the two ends.

Half of inswapper (width 0.5) takes 20 s for it on two slow cores; `tensorrt_rtx`, which times no kernels, then takes
2 s. On a card timing the kernels takes minutes, and the processor is faster.
"""
_SILENT: Final = Sentence("it gave no reason")
PLAN_NAME: Final = "plan"
TIMING_NAME: Final = "timing"


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """One plan to build.

    Attributes:
        name: Of the model.
        model: The installed file.
        source: Its precision.
        precision: That of the plan.
        recipe: How.
        workspace_bytes: How much of the card's memory a step may take while it works.
        timing_cache: What was measured in earlier builds; may be missing.
        work: An empty folder: `PLAN_NAME` and `TIMING_NAME` are written into it, and what is needed meanwhile.
        library: Name of TensorRT's Python library.
        width: How much is kept FP32.
    """

    name: str
    model: Path
    source: str
    precision: str
    recipe: Recipe
    workspace_bytes: int
    timing_cache: Path
    work: Path
    library: str
    width: Width = Width.USUAL


def builder_flags(recipe: Recipe) -> dict[str, object]:
    """What the builder is told, as far as it makes another plan, in JSON's types."""
    return {"optimisation_level": _LEVEL, "auxiliary_streams": 0, **recipe.flags()}


def build_plan(order: BuildOrder, library: TrtLibrary, tell: Callable[[float], None]) -> int:
    """Build, and write plan and timings into the order's folder.

    Args:
        order: What.
        library: By which library.
        tell: Called with how much is done, 0..1, often; what it raises ends the build and is raised again.

    Returns:
        How many faces the plan takes at once.

    Raises:
        ModelError: The network cannot be converted, or TensorRT refuses it; the sentence holds its words.
        OSError: The disk is full.
    """
    tell(0.0)
    content, batch = _prepared(order, tell)
    tell(PREPARING)
    builder = library.builder()
    network = library.network(builder)
    # The parser holds the network's weights until the plan is built.
    parser = library.parser(network)
    _parse(parser, content, order.name)
    del content
    config = _config(library, builder, network, order, batch)
    monitor = library.monitor(BuildProgress(), lambda share: tell(PREPARING + (1 - PREPARING) * share))
    config.progress_monitor = monitor
    plan = builder.build_serialized_network(network, config)
    if monitor.trouble is not None:
        raise monitor.trouble
    if plan is None:
        raise _failed(library, order.name)
    (order.work / PLAN_NAME).write_bytes(memoryview(plan))
    timing = config.get_timing_cache()
    if timing is not None:
        (order.work / TIMING_NAME).write_bytes(memoryview(timing.serialize()))
    tell(1.0)
    return batch


def _prepared(order: BuildOrder, tell: Callable[[float], None]) -> tuple[bytes, int]:
    """The network as the parser takes it, and how many faces it takes at once."""
    troubles: list[Exception] = []

    def hear(share: float) -> None:
        try:
            tell(PREPARING * share)
        except Exception as error:
            troubles.append(error)
            raise

    with tempfile.TemporaryDirectory(dir=order.work) as folder:
        try:
            source, batch = write_source(
                order.model, order.source, order.precision, order.recipe, Path(folder), order.width, hear
            )
        except ModelError:
            # Whatever is raised while a network is converted becomes a sentence about the network.
            if troubles:
                raise troubles[0] from None
            raise
        return source.read_bytes(), batch


def _parse(parser: Any, content: bytes, name: str) -> None:
    if parser.parse(content):
        return
    errors = (parser.get_error(index) for index in range(parser.num_errors))
    said = dict.fromkeys(f"{error.node_name()}: {' '.join(error.desc().split())}" for error in errors)
    raise ModelError("TensorRT does not take {name}: {why}", name=name, why="; ".join(said) or _SILENT)


def _config(library: TrtLibrary, builder: Any, network: Any, order: BuildOrder, batch: int) -> Any:
    config = builder.create_builder_config()
    # Without a limit it may take all of the card's memory.
    config.set_memory_pool_limit(library.module.MemoryPoolType.WORKSPACE, order.workspace_bytes)
    config.builder_optimization_level = _LEVEL
    # One stream holds the whole network, so that it can be captured as one graph.
    config.max_aux_streams = 0
    if order.width is Width.ALL:
        config.clear_flag(library.module.BuilderFlag.TF32)
    _use_timings(config, order.timing_cache)
    inputs = [network.get_input(index) for index in range(network.num_inputs)]
    if any(-1 in tuple(one.shape) for one in inputs):
        profile = builder.create_optimization_profile()
        for one in inputs:
            least, most = ((count, *tuple(one.shape)[1:]) for count in (1, batch))
            # Mostly there is one face in the picture.
            profile.set_shape(one.name, least, least, most)
        if config.add_optimization_profile(profile) < 0:
            raise _failed(library, order.name)
    return config


def _failed(library: TrtLibrary, name: str) -> ModelError:
    return ModelError("TensorRT could not build {name}: {why}", name=name, why=library.complaints() or _SILENT)


def _use_timings(config: Any, path: Path) -> None:
    """Take the timings of earlier builds over; those of another version or card are refused, and measured anew."""
    try:
        known = path.read_bytes()
    except OSError:
        known = b""
    for content in (known, b""):
        cache = config.create_timing_cache(content)
        if cache is not None and config.set_timing_cache(cache, False):
            return

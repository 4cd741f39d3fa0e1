"""Room: tests. Plans for the tests: the real builder's on a card, fake ones on the fake driver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mirror_app.runtime.cuda import Card
from mirror_app.runtime.trt_library import TrtLibrary
from tests.fake_cuda.control import fake_driver
from tests.fake_cuda.plan import FakePlan, packed


def built(model: Path, library: TrtLibrary, card: Card, decisions: FakePlan | None = None) -> bytes:
    """The plan of an ONNX file."""
    decisions = decisions or FakePlan()
    if fake_driver() is not None:
        return packed(model.read_bytes(), decisions)
    with card.current():
        return _really_built(model, library, decisions.most_batch)


def _really_built(model: Path, library: TrtLibrary, most_batch: int) -> bytes:
    builder = library.builder()
    network: Any = library.network(builder)
    assert library.parser(network).parse(model.read_bytes()), library.complaints()
    config = builder.create_builder_config()
    config.set_memory_pool_limit(library.module.MemoryPoolType.WORKSPACE, 1 << 30)
    config.max_aux_streams = 0
    inputs = [network.get_input(index) for index in range(network.num_inputs)]
    if any(-1 in tuple(one.shape) for one in inputs):
        profile = builder.create_optimization_profile()
        for one in inputs:
            least, most = ((count, *tuple(one.shape)[1:]) for count in (1, most_batch))
            profile.set_shape(one.name, least, least, most)
        config.add_optimization_profile(profile)
    plan = builder.build_serialized_network(network, config)
    assert plan is not None, library.complaints()
    return bytes(memoryview(plan))

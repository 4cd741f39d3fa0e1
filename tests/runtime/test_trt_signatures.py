"""Room: tests. Every call of the builder exists in TensorRT 10 and 11, with these arguments.

`trt_signatures.json` holds what the docstrings of the real bindings say (`tensorrt-cu13-bindings`, loaded beside
empty libraries); the calls are recorded while plans are built by `tensorrt-rtx`.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, Final

import pytest

from mirror_app.runtime.build import build_plan
from mirror_app.runtime.build_progress import BuildProgress
from mirror_app.runtime.trt_library import TrtLibrary
from tests.runtime.real_builder import library, needs_builder, order
from tests.twins import architecture

SIGNATURES: Final = json.loads((Path(__file__).parent / "trt_signatures.json").read_text(encoding="utf-8"))
SUBCLASSED: Final = ("ILogger", "IProgressMonitor")
Call = tuple[str, str, int]
"""Class, member, and how many arguments; -1 for an attribute."""


class Watched:
    """An object of the library that writes down what is asked of it."""

    def __init__(self, real: Any, calls: set[Call]) -> None:
        object.__setattr__(self, "real", real)
        object.__setattr__(self, "calls", calls)

    def __getattr__(self, name: str) -> Any:
        owner, value = self._owner(), getattr(self.real, name)
        if name in SUBCLASSED:
            return value
        if isinstance(value, type):
            return self._class(value)
        if not callable(value):
            self.calls.add((owner, name, -1))
            return value
        return lambda *given: self._called(owner, name, value, given)

    def __setattr__(self, name: str, value: Any) -> None:
        self.calls.add((self._owner(), name, -1))
        setattr(self.real, name, value)

    def _owner(self) -> str:
        return self.real.__name__ if isinstance(self.real, type) else type(self.real).__name__

    def _class(self, kind: type) -> Any:
        if hasattr(kind, "__members__"):
            return Watched(kind, self.calls)
        return lambda *given: self._called(kind.__name__, "__init__", kind, given)

    def _called(self, owner: str, name: str, function: Any, given: tuple[Any, ...]) -> Any:
        self.calls.add((owner, name, len(given)))
        result = function(*(one.real if isinstance(one, Watched) else one for one in given))
        is_known = type(result).__name__ in SIGNATURES["11.4.0.106"]
        return Watched(result, self.calls) if is_known else result


class WatchedLibrary(TrtLibrary):
    """The same library, watched."""

    def __init__(self, watched: TrtLibrary, calls: set[Call]) -> None:
        self.__dict__.update(watched.__dict__)
        self.module = Watched(watched.module, calls)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> set[Call]:
    """All that two builds ask for: one that succeeds, one that the parser refuses."""
    folder, made = tmp_path_factory.mktemp("watched"), set[Call]()
    watched = WatchedLibrary(library(), made)
    wanted = order("arcface_w600k_r50", architecture("arcface_w600k_r50", folder, 1 / 64), folder / "work")
    build_plan(wanted, watched, lambda _: None)
    builder = watched.builder()
    network = watched.network(builder)
    parser = watched.parser(network)
    assert not parser.parse(b"no network")
    assert parser.num_errors
    error = parser.get_error(0)
    assert (error.node_name(), error.desc()) != ("", "")
    return made


@needs_builder
@pytest.mark.filterwarnings("ignore:.*Timing cache operations are no-ops:DeprecationWarning")
@pytest.mark.parametrize("version", SIGNATURES)
def test_every_call_exists_with_as_many_arguments(version: str, calls: set[Call]) -> None:
    unknown = {call for call in calls if not _fits(call, SIGNATURES[version])}
    assert not unknown
    assert {owner for owner, _, _ in calls} >= {"Builder", "OnnxParser", "IBuilderConfig", "IOptimizationProfile"}
    assert ("IBuilderConfig", "set_timing_cache", 2) in calls


def _fits(call: Call, classes: dict[str, dict[str, Any]]) -> bool:
    owner, name, count = call
    # The parser's errors have another name in their own module.
    member = classes.get(owner.replace("IParserError", "ParserError"), {}).get(name)
    if count < 0:
        return isinstance(member, str)
    return isinstance(member, list) and any(_takes(parameters, count) for parameters in member)


def _takes(parameters: str, count: int) -> bool:
    own = parameters.split(", ")[1:]
    return sum(" = " not in one for one in own) <= count <= len(own)


@needs_builder
@pytest.mark.parametrize("version", SIGNATURES)
def test_what_tensorrt_calls_back_has_its_parameters(version: str) -> None:
    made = {"ILogger": library()._logger, "IProgressMonitor": library().monitor(BuildProgress(), lambda _: None)}
    for owner, thing in made.items():
        for name, (parameters,) in SIGNATURES[version][owner].items():
            if name != "__init__":
                wanted = [one.split(":")[0] for one in parameters.split(", ")[1:]]
                assert list(inspect.signature(getattr(thing, name)).parameters) == wanted

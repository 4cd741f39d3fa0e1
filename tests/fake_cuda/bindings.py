"""Room: tests. The names in TensorRT's real bindings, read where neither TensorRT nor a card is: on empty libraries.

`python -m tests.fake_cuda.bindings` prints them as JSON: the module's own, and each class's with its parameters;
with names of classes, only theirs, with the parameters of each overload.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

MODULE: Final = "tensorrt_bindings"
_EMPTY: Final = {
    "nvinfer": (
        "void* createInferBuilder_INTERNAL(void){return 0;} void* createInferRefitter_INTERNAL(void){return 0;}"
        " void* createInferRuntime_INTERNAL(void){return 0;} void* getBuilderPluginRegistry(void){return 0;}"
        " void* getPluginRegistry(void){return 0;}"
    ),
    "nvonnxparser": (
        "void* createNvOnnxParser_INTERNAL(void){return 0;} void* createNvOnnxParserRefitter_INTERNAL(void){return 0;}"
        " int getNvOnnxParserVersion(void){return 110400;}"
    ),
    "nvinfer_plugin": "int initLibNvInferPlugins(void){return 1;}",
}


def build_empty_libraries(folder: Path, major: int) -> None:
    """Compile libraries of which the bindings are happy to know the names."""
    for name, source in _EMPTY.items():
        file = f"lib{name}.so.{major}"
        command = ["gcc", "-shared", "-fPIC", "-w", f"-Wl,-soname,{file}", "-x", "c", "-", "-o", str(folder / file)]
        subprocess.run(command, input=source.encode(), check=True)


def names() -> dict[str, list[str] | None]:
    """Qualified names, each with its parameters, where the bindings tell them."""
    module = importlib.import_module(MODULE)
    found: dict[str, list[str] | None] = dict.fromkeys(dir(module))
    for name, kind in inspect.getmembers(module, inspect.isclass):
        for member in dir(kind):
            found[f"{name}.{member}"] = _parameters(str(getattr(kind, member).__doc__), member)
    return found


def _parameters(doc: str, name: str) -> list[str] | None:
    """pybind writes the signature first: name(self: Class, other: type = value) -> type."""
    said = re.search(rf"\b{re.escape(name)}\(self: [\w.]+(?:, )?(.*)\) ->", doc)
    return re.findall(r"(\w+): ", said[1]) if said else None


def signatures(classes: list[str]) -> dict[str, dict[str, list[str] | str]]:
    """Of each class the members: the parameters of each overload, "property" or "value"."""
    module = importlib.import_module(MODULE)
    return {name: _members(getattr(module, name), name) for name in classes}


def _members(kind: Any, owner: str) -> dict[str, list[str] | str]:
    found: dict[str, list[str] | str] = {}
    for name in sorted(name for name in dir(kind) if name == "__init__" or not name.startswith("_")):
        member = inspect.getattr_static(kind, name)
        said = _overloads(str(getattr(kind, name).__doc__), name)
        if isinstance(member, property):
            found[name] = "property"
        elif isinstance(getattr(kind, name), kind):
            found[name] = "value"
        elif said and said[0].startswith(f"self: {owner}"):
            found[name] = said
    return found


def _overloads(doc: str, name: str) -> list[str]:
    found = re.findall(rf"^(?:\d+\. )?{re.escape(name)}\((self: .*)\) -> ", doc, re.MULTILINE)
    return [re.sub(r"tensorrt_bindings\.\w+\.", "", one) for one in found]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(signatures(sys.argv[1:]) if sys.argv[1:] else names()))

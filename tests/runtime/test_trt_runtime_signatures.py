"""Room: tests. Every call that runs plans exists in TensorRT 10 and 11, with as many arguments; in the fake one too.

`trt_runtime_signatures.json` holds what the docstrings of the real bindings say. Where the bindings are installed, or
lie in a folder that TENSORRT_BINDINGS names (several, like PATH), they are read again and compared.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.fake_cuda.bindings import build_empty_libraries

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parents[1]
RUNNING: Final = json.loads((_HERE / "trt_runtime_signatures.json").read_text(encoding="utf-8"))
BUILDING: Final = json.loads((_HERE / "trt_signatures.json").read_text(encoding="utf-8"))
CALLERS: Final = ("trt_engine.py", "trt_lane.py")
FAKE: Final = _ROOT / "tests" / "fake_cuda" / "site" / "tensorrt.py"
# Attributes of the app's own objects that are called like one of TensorRT's.
OWN: Final = frozenset({"name", "device"})


def _asked() -> set[tuple[str, int]]:
    """Names of TensorRT's that the app asks for, each with how many arguments; -1 where it is no call."""
    members = {name for kind in RUNNING["11.4.0.106"].values() for name in kind} - OWN
    found: set[tuple[str, int]] = set()
    for caller in CALLERS:
        tree = ast.parse((_ROOT / "mirror_app" / "runtime" / caller).read_text(encoding="utf-8"))
        calls = {id(node.func): len(node.args) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in members:
                found.add((node.attr, calls.get(id(node), -1)))
    return found


def _takes(parameters: str, count: int) -> bool:
    own = parameters.split(", ")[1:]
    return sum(" = " not in one for one in own) <= count <= len(own)


@pytest.mark.parametrize("version", RUNNING)
def test_every_call_that_runs_plans_exists_with_as_many_arguments(version: str) -> None:
    asked = _asked()
    assert {name for name, _ in asked} >= {
        "deserialize_cuda_engine", "create_execution_context", "set_input_shape", "set_tensor_address",
        "infer_shapes", "execute_async_v3", "device_memory_size_v2", "num_io_tensors", "INPUT", "DEVICE",
    }  # fmt: skip
    for name, count in asked:
        kinds = [kind[name] for kind in RUNNING[version].values() if name in kind]
        assert any(
            isinstance(one, str) if count < 0 else any(_takes(overload, count) for overload in one) for one in kinds
        ), (name, count)


@pytest.mark.parametrize("version", RUNNING)
def test_the_fake_has_only_what_that_version_has(version: str) -> None:
    known: dict[str, Any] = {**BUILDING[version], **RUNNING[version]}
    seen = 0
    for node in ast.parse(FAKE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name in RUNNING[version]:
            for member in (one for one in node.body if isinstance(one, ast.FunctionDef)):
                if member.name.startswith("_") and member.name != "__init__":
                    continue
                seen += 1
                real = known[node.name].get(member.name)
                if isinstance(real, list):
                    own = [one.arg for one in member.args.args[1:]]
                    names = [[part.split(":")[0] for part in overload.split(", ")[1:]] for overload in real]
                    assert member.name == "__init__" or any(own == one[: len(own)] for one in names), member.name
                else:
                    assert member.name == "__init__" or real is not None, f"{node.name}.{member.name}"
    assert seen > 15


@pytest.mark.parametrize("version", RUNNING)
def test_the_real_bindings_say_so(version: str, tmp_path: Path) -> None:
    folders = [*os.environ.get("TENSORRT_BINDINGS", "").split(os.pathsep), *sys.path]
    package = f"tensorrt_cu13_bindings-{version}.dist-info"
    folder = next((one for one in folders if one and (Path(one) / package).is_dir()), None)
    if folder is None or shutil.which("gcc") is None:
        pytest.skip(f"not installed: tensorrt_cu13_bindings {version}, or no gcc")
    build_empty_libraries(tmp_path, int(version.partition(".")[0]))
    paths = os.pathsep.join([folder, *filter(None, sys.path)])
    command = [sys.executable, "-m", "tests.fake_cuda.bindings", *RUNNING[version]]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path), "PYTHONPATH": paths}
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == RUNNING[version]

"""Room: tests. The fake TensorRT has no name and no parameter that the real bindings do not have."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_cuda.bindings import MODULE, build_empty_libraries

_ROOT = Path(__file__).parents[2]
_FAKE = (Path(__file__).with_name("site") / "tensorrt.py", Path(__file__).with_name("builder.py"))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | None]:
    if importlib.util.find_spec(MODULE) is None or shutil.which("gcc") is None:
        pytest.skip("not installed: tensorrt_cu13_bindings, or no gcc")
    folder = tmp_path_factory.mktemp("empty")
    build_empty_libraries(folder, int(importlib.metadata.version("tensorrt_cu13_bindings").partition(".")[0]))
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "tests.fake_cuda.bindings"]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, list[str] | None] = json.loads(done.stdout)
    return found


def _fake_names() -> dict[str, list[str] | None]:
    """What of the fake can be seen from outside; read, not imported: it needs a driver."""
    found: dict[str, list[str] | None] = {}
    for node in (node for path in _FAKE for node in ast.parse(path.read_text()).body):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found[node.name] = None
            found.update({f"{node.name}.{name}": parameters for name, parameters in _members(node).items()})
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found[node.name] = None
    return found


def _members(node: ast.ClassDef) -> dict[str, list[str] | None]:
    found: dict[str, list[str] | None] = {}
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
            is_property = any(isinstance(one, ast.Name) and one.id == "property" for one in member.decorator_list)
            found[member.name] = None if is_property else [one.arg for one in member.args.args[1:]]
        elif isinstance(member, ast.Assign):
            found.update({target.id: None for target in member.targets if isinstance(target, ast.Name)})
    return found


@pytest.mark.parametrize("name", sorted(_fake_names()))
def test_the_real_bindings_have_it_too(real: dict[str, list[str] | None], name: str) -> None:
    assert name in real
    parameters, real_parameters = _fake_names()[name], real[name]
    if parameters is not None and real_parameters is not None:
        assert parameters == real_parameters[: len(parameters)]

"""Room: tests. Nobody but the guard makes a `SafeFrame`: read from the source, so that no path can be forgotten."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import mirror_app

PACKAGE = Path(mirror_app.__file__).parent
GUARD = PACKAGE / "pipeline" / "guard.py"


@cache
def package_trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}


def uses_as_a_value(tree: ast.Module) -> list[int]:
    """Lines on which `SafeFrame` is called, passed on or given another name; naming it as a type is no such use."""
    types: set[int] = set()
    for node in ast.walk(tree):
        for field in ("annotation", "returns", "slice"):
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                types.update(id(inner) for inner in ast.walk(value))
    lines = []
    for node in ast.walk(tree):
        named = (isinstance(node, ast.Name) and node.id == "SafeFrame") or (
            isinstance(node, ast.Attribute) and node.attr == "SafeFrame"
        )
        renamed = isinstance(node, ast.alias) and node.name == "SafeFrame" and node.asname is not None
        if (named and id(node) not in types) or renamed:
            lines.append(getattr(node, "lineno", 0))
    return lines


def test_only_the_guard_makes_safe_frames() -> None:
    uses = {path: uses_as_a_value(tree) for path, tree in package_trees().items()}
    assert [path for path, lines in uses.items() if lines] == [GUARD]


def test_no_frame_is_turned_into_another_by_replace_except_camera_frames() -> None:
    """`dataclasses.replace(safe, image_bgr=...)` would make a `SafeFrame` without naming it."""
    offenders = []
    for path, tree in package_trees().items():
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if isinstance(node, ast.Call) and name in {"replace", "deepcopy", "__new__"}:
                words = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                words |= {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
                if "safe" in words:
                    offenders.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert offenders == []


def test_the_search_finds_what_it_looks_for() -> None:
    assert uses_as_a_value(ast.parse("frame = SafeFrame(image, 0, 0)")) == [1]
    assert uses_as_a_value(ast.parse("import m\nframe = m.SafeFrame(image, 0, 0)")) == [2]
    assert uses_as_a_value(ast.parse("from m import SafeFrame as Harmless")) == [1]
    assert uses_as_a_value(ast.parse("Harmless = SafeFrame")) == [1]
    assert uses_as_a_value(ast.parse("def show(safe: SafeFrame) -> SafeFrame: ...\nkept: SafeFrame | None")) == []
    assert uses_as_a_value(ast.parse("slot = LatestSlot[SafeFrame]()")) == []

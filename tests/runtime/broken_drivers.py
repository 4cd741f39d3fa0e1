"""Room: tests. Tiny broken drivers for NVIDIA cards, compiled when a test wants them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

SOURCES: Final = {
    "lacks functions": "int fake_nothing(void) { return 0; }",
    "lacks later functions": """
        int cuInit(unsigned flags) { return 0; }
        int cuDeviceGet(int *device, int index) { *device = 0; return 0; }
        int cuDeviceGetName(char *name, int size, int device) { name[0] = 'X'; name[1] = 0; return 0; }
    """,
    "crashes": "#include <stdlib.h>\nint cuInit(unsigned flags) { abort(); }",
    "hangs": "#include <unistd.h>\nint cuInit(unsigned flags) { for (;;) sleep(1000); }",
    "refuses": "int cuInit(unsigned flags) { return 803; }",
    "lacks a library": "extern int gone(void); int cuInit(unsigned flags) { return gone(); }",
}
"""C of each, by what is wrong with it."""


def missing() -> str:
    """Why they cannot be built here; "" when they can."""
    if not sys.platform.startswith("linux"):
        return "the broken drivers are for Linux"
    return "" if shutil.which("gcc") else "no gcc"


def broken_driver(kind: str, folder: Path) -> Path:
    """Compile one.

    Args:
        kind: Key of `SOURCES`.
        folder: Where libcuda.so.1 is left; made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source, made = folder / "driver.c", folder / "libcuda.so.1"
    source.write_text(SOURCES[kind])
    extra: list[str] = []
    if kind == "lacks a library":
        gone = folder / "libgone.so"
        (folder / "gone.c").write_text("int gone(void) { return 0; }")
        _compile(folder / "gone.c", gone, ["-Wl,-soname,libgone.so"])
        extra = [str(gone)]
    _compile(source, made, ["-Wl,-soname,libcuda.so.1", *extra])
    (folder / "libgone.so").unlink(missing_ok=True)
    return made


def _compile(source: Path, made: Path, options: list[str]) -> None:
    subprocess.run(["gcc", "-w", "-shared", "-fPIC", str(source), "-o", str(made), *options], check=True)

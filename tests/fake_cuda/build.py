"""Room: tests. Compiles the fake driver. `python -m tests.fake_cuda.build FOLDER` leaves libcuda.so.1 there.

It also leaves FOLDER/home, with which pycuda can be built where there is no CUDA toolkit and no driver:
`HOME=FOLDER/home uv pip install pycuda`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

_SOURCES: Final = Path(__file__).with_name("driver")
_UNKNOWN: Final = "CUresult fake_unknown(void) { return 801; }"  # CUDA_ERROR_NOT_SUPPORTED
_SAME: Final = 'CUresult {name}(void) __attribute__((alias("fake_unknown")));'
# cudaProfiler.h lies in a package of its own; pycuda includes it and is linked against these.
_PROFILER: Final = ("cuProfilerInitialize", "cuProfilerStart", "cuProfilerStop")
_PROFILER_HEADER: Final = """#include <cuda.h>
typedef enum { CU_OUT_KEY_VALUE_PAIR = 0, CU_OUT_CSV = 1 } CUoutput_mode;
#ifdef __cplusplus
extern "C" {
#endif
CUresult cuProfilerInitialize(const char*, const char*, CUoutput_mode);
CUresult cuProfilerStart(void);
CUresult cuProfilerStop(void);
#ifdef __cplusplus
}
#endif
"""


def missing() -> str:
    """What is not there to build it with; "" when all is."""
    if not sys.platform.startswith("linux"):
        return "the fake driver is for Linux"
    if shutil.which("g++") is None:
        return "no g++"
    return "" if headers() else "no cuda.h: neither a CUDA toolkit nor the package nvidia-cuda-runtime"


def headers() -> Path | None:
    """The folder of cuda.h: the named toolkit's, a Python package's, or a toolkit's in its usual place."""
    named = [Path(os.environ[name]) / "include" for name in ("CUDA_HOME", "CUDA_ROOT") if name in os.environ]
    packaged = [Path(folder) / "nvidia" / "cu13" / "include" for folder in sys.path if folder]
    usual = sorted(Path("/usr/local").glob("cuda*/include"), reverse=True)
    return next((folder for folder in [*named, *packaged, *usual] if (folder / "cuda.h").is_file()), None)


def build_driver(folder: Path) -> Path:
    """Compile the driver into a folder; it is named so that everything that wants libcuda.so.1 takes it.

    Raises:
        RuntimeError: Something to build it with is missing.
        subprocess.CalledProcessError: The compiler found an error.
    """
    why, include = missing(), headers()
    if why or include is None:
        raise RuntimeError(why)
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        known = list(pool.map(lambda source: _compiled(source, folder, include), sorted(_SOURCES.glob("*.cpp"))))
    have = set(re.findall(r"^\w+ T (cu\w+)$", _run("nm", *known), re.MULTILINE))
    declared = re.findall(r"\bCUresult\s+(cu[A-Z]\w+)\s*\(", _run("g++", "-E", "-P", str(include / "cuda.h")))
    rest = folder / "rest.c"
    names = sorted({*declared, *_PROFILER} - have)
    rest.write_text("\n".join(["typedef int CUresult;", _UNKNOWN, *(_SAME.format(name=name) for name in names)]))
    _run("gcc", "-w", "-fPIC", "-c", str(rest), "-o", str(folder / "rest.o"))
    made = folder / "libcuda.so.1"
    objects = [*known, str(folder / "rest.o")]
    _run("g++", "-shared", "-Wl,-soname,libcuda.so.1", "-o", f"{made}.new", *objects, "-ldl", "-lpthread")
    # Whoever runs on the one before keeps it.
    Path(f"{made}.new").replace(made)
    (folder / "libcuda.so").unlink(missing_ok=True)
    (folder / "libcuda.so").symlink_to(made.name)
    return made


def _compiled(source: Path, folder: Path, include: Path) -> str:
    made = str(folder / f"{source.stem}.o")
    _run("g++", "-std=c++17", "-O1", "-fPIC", "-Wall", "-Werror", f"-I{include}", "-c", str(source), "-o", made)
    return made


def prepare_pycuda(folder: Path) -> None:
    """Write what pycuda's setup.py reads from the home folder; it would look for a whole toolkit and a real driver.

    Args:
        folder: That of the fake driver, which will do to link against.
    """
    include = headers()
    if include is None:
        raise RuntimeError(missing())
    home = folder.resolve() / "home"
    (home / "include").mkdir(parents=True, exist_ok=True)
    (home / "include" / "cudaProfiler.h").write_text(_PROFILER_HEADER)
    (home / ".aksetup-defaults.py").write_text(
        f"CUDA_ROOT = {str(include.parent)!r}\n"
        f"CUDA_INC_DIR = {[str(include), str(home / 'include')]!r}\n"
        f"CUDADRV_LIB_DIR = {[str(folder.resolve())]!r}\n"
        "CUDADRV_LIBNAME = ['cuda']\n"
        "CUDA_ENABLE_CURAND = False\n"
    )


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    build_driver(Path(sys.argv[1]))
    prepare_pycuda(Path(sys.argv[1]))

"""Room: runtime. TensorRT's Python library as the builder needs it: 10 and 11 alike. Builds nothing by itself.

The signatures were read from the bindings of 10.16 and 11.4. To be loaded only where a driver has found a card: without
one the library can end the process.
"""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from mirror_app.domain.errors import MissingLibraryError, ModelError
from mirror_app.runtime.build_progress import BuildProgress

TENSORRT: Final = "tensorrt"
"""The library's name; the tests build with `tensorrt_rtx`, which has the same classes and needs no card for it."""
_COMPLAINTS: Final = 5


class TrtLibrary:
    """The loaded library and the one logger that it takes in a process; both must outlive whatever is made of them."""

    def __init__(self, module: Any) -> None:
        """Use a loaded library."""
        self.module = module
        self.version = str(module.__version__)
        self._complaints: deque[str] = deque(maxlen=_COMPLAINTS)
        self._logger = _logger(module, self._complaints.append)

    def builder(self) -> Any:
        """A builder.

        Raises:
            ModelError: TensorRT cannot start here, mostly because the driver is too old for it.
        """
        return self._started(self.module.Builder)

    def runtime(self) -> Any:
        """What loads plans.

        Raises:
            ModelError: TensorRT cannot start here, mostly because the driver is too old for it.
        """
        return self._started(self.module.Runtime)

    def _started(self, factory: Any) -> Any:
        self._complaints.clear()
        try:
            return factory(self._logger)
        # A constructor that failed natively is a TypeError: its "factory function returned nullptr".
        except TypeError as error:
            raise ModelError(
                "TensorRT {version} cannot start on this computer. Update NVIDIA's driver. ({why})",
                version=self.version,
                why=self.complaints() or error,
            ) from error

    def network(self, builder: Any) -> Any:
        """An empty network whose types are those of the file: 10 must be told, 11 knows no other."""
        return builder.create_network(1 << int(self.module.NetworkDefinitionCreationFlag.STRONGLY_TYPED))

    def parser(self, network: Any) -> Any:
        """A parser that fills a network."""
        return self.module.OnnxParser(network, self._logger)

    def monitor(self, progress: BuildProgress, tell: Callable[[float], None]) -> Any:
        """An object for `IBuilderConfig.progress_monitor`. It must outlive the build.

        Its attribute `trouble` is what `tell` raised, which ends the build; else None.
        """
        return _monitor(self.module, progress, tell)

    def complaints(self) -> str:
        """What TensorRT said last of errors; "" when it said nothing."""
        return "; ".join(dict.fromkeys(self._complaints))


def open_library(name: str = TENSORRT) -> TrtLibrary:
    """Load the library.

    Raises:
        MissingLibraryError: It is not installed, or a part of it cannot be loaded.
    """
    try:
        return TrtLibrary(importlib.import_module(name))
    except ModuleNotFoundError as error:
        if error.name != name:
            raise _unloadable(error) from error
        raise MissingLibraryError(
            'TensorRT is not installed. Install it with `pip install "mirror-app[nvidia]"`, or in a source folder with '
            "`uv sync --extra nvidia`."
        ) from error
    # OSError, AttributeError: libraries of two versions beside each other.
    except (ImportError, OSError, AttributeError) as error:
        raise _unloadable(error) from error


def _unloadable(error: Exception) -> MissingLibraryError:
    return MissingLibraryError("TensorRT is installed, but cannot be loaded. Install it again. ({why})", why=str(error))


def _logger(module: Any, complain: Callable[[str], None]) -> Any:
    """TensorRT's own kind of object, so its class can only be made when the library is there."""
    errors = (module.ILogger.ERROR, module.ILogger.INTERNAL_ERROR)

    class Listener(module.ILogger):  # type: ignore[misc]
        def __init__(self) -> None:
            module.ILogger.__init__(self)

        def log(self, severity: Any, msg: str) -> None:
            if severity in errors:
                complain(" ".join(msg.split()))

    return Listener()


def _monitor(module: Any, progress: BuildProgress, tell: Callable[[float], None]) -> Any:
    class Monitor(module.IProgressMonitor):  # type: ignore[misc]
        def __init__(self) -> None:
            module.IProgressMonitor.__init__(self)
            self.trouble: BaseException | None = None

        def phase_start(self, phase_name: str, parent_phase: str | None, num_steps: int) -> None:
            progress.start(phase_name, parent_phase, num_steps)

        def step_complete(self, phase_name: str, step: int) -> bool:
            progress.step(phase_name, step)
            try:
                tell(progress.share)
            # TensorRT would print an error and go on to its next phase: it is kept, and raised where the build ends.
            except Exception as error:  # noqa: BLE001
                self.trouble = error
            return self.trouble is None

        def phase_finish(self, phase_name: str) -> None:
            progress.finish(phase_name)

    return Monitor()

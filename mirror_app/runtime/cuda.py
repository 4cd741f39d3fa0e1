"""Room: runtime. An NVIDIA card through its driver: context, memory, streams, graphs. Knows no networks.

pycuda holds the primary context, which TensorRT and ONNX Runtime use as well; it has no graphs, so those come from
cuda-bindings on pycuda's stream. Nothing here waits for the whole card: that would break a capture in another thread.
"""

from __future__ import annotations

import gc
import importlib
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import MissingLibraryError, ModelError
from mirror_app.domain.sentence import Sentence

_NOT_INITIALISED: Final = "cuInit"


class Card:
    """One card's primary context. It lives as long as anything that was made with it; for any number of threads."""

    def __init__(self, index: int = 0) -> None:
        """Take hold of the context; it is current in no thread afterwards.

        Args:
            index: Which card, as the driver counts them.

        Raises:
            MissingLibraryError: pycuda, cuda-bindings or the driver is missing.
            ModelError: The driver finds no card, or the card fails.
        """
        self.pycuda, self.bindings = _loaded("pycuda.driver"), _loaded("cuda.bindings.driver")
        self.name = ""
        self.context: Any = None
        with self.telling():
            self.pycuda.init()
            device = self.pycuda.Device(index)
            self.name = str(device.name())
            self.context = device.retain_primary_context()
        weakref.finalize(self, _give_back, self.context, self.bindings)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Make the card current in this thread for a while; what fails on the card becomes a sentence.

        Raises:
            ModelError: The card failed or has no memory left.
        """
        with self.telling():
            self.context.push()
            try:
                yield
            finally:
                self.context.pop()

    def free_bytes(self) -> int:
        """How much of its memory nobody has taken. The card must be current."""
        return int(self.pycuda.mem_get_info()[0])

    def checked(self, answer: tuple[Any, ...]) -> Any:
        """What a function of cuda-bindings gave besides its error code.

        Raises:
            ModelError: The code tells of an error.
        """
        code, *values = answer
        if code == self.bindings.CUresult.CUDA_ERROR_OUT_OF_MEMORY:
            raise self._full(code.name)
        if code != self.bindings.CUresult.CUDA_SUCCESS:
            raise self._failed(code.name)
        return values[0] if values else None

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turn pycuda's errors into sentences."""
        try:
            yield
        except self.pycuda.MemoryError as error:
            raise self._full(error) from error
        except self.pycuda.Error as error:
            if str(error).startswith(_NOT_INITIALISED):
                raise ModelError("The NVIDIA driver found no graphics card. ({why})", why=error) from error
            raise self._failed(error) from error

    def _full(self, why: object) -> ModelError:
        return ModelError(
            "The graphics card {card} has too little free memory. Close other programs that use it. ({why})",
            card=self.name,
            why=why,
        )

    def _failed(self, why: object) -> ModelError:
        if self._is_lost():
            return ModelError(
                "The graphics card {card} no longer answers. Start mirror-app again; if that does not help, restart the"
                " computer or install NVIDIA's driver again. ({why})",
                card=self.name,
                why=why,
            )
        return ModelError("The graphics card {card} failed: {why}", card=self.name, why=why)

    def _is_lost(self) -> bool:
        """Whether every call fails from now on, also one as simple as asking for the free memory."""
        if self.context is None:
            return False
        try:
            self.context.push()
            try:
                self.free_bytes()
            finally:
                self.context.pop()
        except self.pycuda.Error:
            return True
        return False


class Held:
    """Things that have to be dropped while the card is current, in whatever thread that happens; last one first.

    Nothing else may refer to them for long. pycuda leaks what is dropped where the context is not current.
    """

    def __init__(self, card: Card, *things: Any) -> None:
        """Hold them."""
        self.things = list(things)
        weakref.finalize(self, _dropped, card, self.things)


class DeviceMemory:
    """Some of the card's memory, at the same address as long as it lives."""

    def __init__(self, card: Card, size_bytes: int) -> None:
        """Take it. The card must be current."""
        self._held = Held(card, card.pycuda.mem_alloc(max(size_bytes, 1)))
        self.address = int(self._held.things[0])
        self.size_bytes = size_bytes


class PinnedArray:
    """An array in the computer's memory that the card reads and writes by itself. It outlives its last view."""

    def __init__(self, card: Card, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        """Take it; all zeros. The card must be current."""
        owner = card.pycuda.pagelocked_empty(max(int(np.prod(shape)), 1), dtype)
        owner[:] = 0
        # NumPy keeps this object alive as the base of every view, and with it the memory and the card's context.
        self.__array_interface__ = {**owner.__array_interface__, "shape": shape, "strides": None}
        self._held = Held(card, owner.base)

    def view(self) -> NDArray[Any]:
        """The array."""
        return np.asarray(self)


class CudaStream:
    """Work for the card, done in order. Not the default stream, which waits for all others. For one thread at once."""

    def __init__(self, card: Card) -> None:
        """Make it. The card must be current."""
        self.card = card
        flags = card.pycuda.event_flags
        # The thread sleeps while it waits: it would keep a core busy otherwise, which the picture needs.
        event = card.pycuda.Event(flags.BLOCKING_SYNC | flags.DISABLE_TIMING)
        self._held = Held(card, card.pycuda.Stream(), event)
        self.handle = int(self._stream.handle)

    @property
    def _stream(self) -> Any:
        return self._held.things[0]

    def upload(self, to: DeviceMemory, source: NDArray[Any]) -> None:
        """Copy a pinned array to the card, later."""
        self.card.pycuda.memcpy_htod_async(to.address, source, self._stream)

    def download(self, to: NDArray[Any], source: DeviceMemory) -> None:
        """Copy into a pinned array, later."""
        self.card.pycuda.memcpy_dtoh_async(to, source.address, self._stream)

    def wait(self) -> None:
        """Wait for all that was asked for until now."""
        event = self._held.things[1]
        event.record(self._stream)
        event.synchronize()

    def capture(self, work: Callable[[], None], *keep: object) -> CudaGraph:
        """Record work instead of doing it.

        No memory may be taken or given back meanwhile, so nothing is collected, and no one may wait for the stream.

        Args:
            work: Asks this stream for what the graph is to do, with addresses that stay.
            keep: What the graph uses, besides the stream.

        Raises:
            ModelError: It cannot be recorded. The stream can be used all the same.
        """
        bindings = self.card.bindings
        mode = bindings.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
        collects = gc.isenabled()
        gc.disable()
        try:
            self.card.checked(bindings.cuStreamBeginCapture(self.handle, mode))
            try:
                with self.card.telling():
                    work()
            except BaseException:
                self._discard()
                raise
            graph = self.card.checked(bindings.cuStreamEndCapture(self.handle))
        finally:
            if collects:
                gc.enable()
        try:
            return CudaGraph(self, self.card.checked(bindings.cuGraphInstantiate(graph, 0)), keep)
        finally:
            bindings.cuGraphDestroy(graph)

    def _discard(self) -> None:
        """End a capture that failed: until then the stream would take no other work."""
        code, graph = self.card.bindings.cuStreamEndCapture(self.handle)
        if code == self.card.bindings.CUresult.CUDA_SUCCESS:
            self.card.bindings.cuGraphDestroy(graph)


class CudaGraph:
    """Recorded work, asked for again with one call."""

    def __init__(self, stream: CudaStream, graph: Any, keep: tuple[object, ...]) -> None:
        """Look after a graph; what it uses lives as long as it does."""
        self._stream, self._graph = stream, graph
        weakref.finalize(self, _destroyed, stream, graph, list(keep))

    def launch(self) -> None:
        """Do the work, later. The card must be current.

        Raises:
            ModelError: The card refused.
        """
        card = self._stream.card
        card.checked(card.bindings.cuGraphLaunch(self._graph, self._stream.handle))


def _loaded(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if "libcuda" in str(error):
            raise MissingLibraryError("NVIDIA's driver is missing, or too old. ({why})", why=str(error)) from error
        raise MissingLibraryError(
            "What mirror-app needs for TensorRT is not installed, or not whole: {why}. Install it with `pip install"
            ' "mirror-app[nvidia]"`, or in a source folder with `uv sync --extra nvidia`.',
            why=Sentence("{module} cannot be loaded", module=module),
        ) from error


def _give_back(context: Any, bindings: Any) -> None:
    """Let go of the primary context, in whatever thread.

    pycuda lets go of a context only where it is current, and leaves it current there: the driver must be told to pop.
    """
    context.push()
    context.detach()
    bindings.cuCtxPopCurrent()


def _dropped(card: Card, things: list[Any]) -> None:
    card.context.push()
    try:
        things.clear()
    finally:
        card.context.pop()


def _destroyed(stream: CudaStream, graph: Any, kept: list[object]) -> None:
    """Destroy a graph before what it uses."""
    card = stream.card
    card.context.push()
    try:
        card.bindings.cuGraphExecDestroy(graph)
        kept.clear()
    finally:
        card.context.pop()

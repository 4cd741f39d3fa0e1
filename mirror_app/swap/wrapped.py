"""Room: swap. What every swapper says that has another one do its work. Makes no patches itself."""

from __future__ import annotations

from mirror_app.swap.protocol import Swapper


class WrappedSwapper:
    """Goes by the inner swapper's name and troubles."""

    def __init__(self, inner: Swapper) -> None:
        self._inner = inner

    @property
    def engine(self) -> str:
        """Name of the way of swapping."""
        return self._inner.engine

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._inner.device

    @property
    def trouble(self) -> str:
        """Why the inner one is out of use."""
        return self._inner.trouble

    @property
    def aside(self) -> str:
        """Why another way covers a face."""
        return self._inner.aside

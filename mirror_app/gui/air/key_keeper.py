"""Room: gui. Where the stream's key is kept: in the system's keyring where there is one, and never in a file."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from typing import Final, Protocol, cast

_logger = logging.getLogger(__name__)

_SERVICE: Final = "mirror-app stream"


class Keyring(Protocol):
    """What is used of the library `keyring`."""

    def get_password(self, service_name: str, username: str, /) -> str | None:
        """A secret, if there is one."""

    def set_password(self, service_name: str, username: str, password: str, /) -> None:
        """Keep a secret."""


class KeyKeeper:
    """Asks the keyring in the background only: the system may ask the user to unlock it."""

    def __init__(self, ring: Keyring | None = None) -> None:
        """Use a keyring; None = the one that is installed, if one is."""
        self._ring = ring
        self._is_found = ring is not None or importlib.util.find_spec("keyring") is not None

    @property
    def is_kept(self) -> bool:
        """Whether keys outlive the window."""
        return self._is_found

    def key_for(self, server: str) -> str:
        """The key kept for a server; "" when there is none."""
        ring = self._open()
        if ring is None or not server:
            return ""
        try:
            return ring.get_password(_SERVICE, server) or ""
        # Keyrings of many makers fail in their own ways; all of them mean that there is no key.
        except Exception as error:  # noqa: BLE001
            self._give_up(error)
            return ""

    def keep(self, server: str, key: str) -> None:
        """Keep a key, if it can be kept."""
        ring = self._open()
        if ring is None or not server:
            return
        try:
            ring.set_password(_SERVICE, server, key)
        except Exception as error:  # noqa: BLE001  # as above
            self._give_up(error)

    def _open(self) -> Keyring | None:
        if self._ring is None and self._is_found:
            self._ring = cast(Keyring, importlib.import_module("keyring"))
        return self._ring if self._is_found else None

    def _give_up(self, error: Exception) -> None:
        _logger.info("the system's keyring cannot be used (%s)", type(error).__name__)
        self._is_found = False

"""Room: cli. Which of the clips `evaluate` is to run. Opens none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from mirror_app.domain.errors import InputError


class Named(Protocol):
    """A clip."""

    @property
    def name(self) -> str:
        """For people."""


T = TypeVar("T", bound=Named)


def named(clips: Sequence[T], part: str | None) -> list[T]:
    """The clips whose names hold this part; all of them for None.

    Raises:
        InputError: None does.
    """
    wanted = [clip for clip in clips if part is None or part in clip.name]
    if not wanted:
        raise InputError(
            "No clip has “{only}” in its name; there are: {names}.",
            only=part,
            names=", ".join(one.name for one in clips),
        )
    return wanted

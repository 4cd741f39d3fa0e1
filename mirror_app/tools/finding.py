"""Room: tools. What doctor says of one thing it looked at. Looks at nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Health(Enum):
    """How bad a finding is."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; the mirror runs."""
    PROBLEM = "problem"
    """The mirror does not run, or not safely."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        subject: What, e.g. "Python".
        health: How it is.
        detail: What was found.
        cure: What to do, a sentence; "" when nothing is to be done.
    """

    subject: str
    health: Health
    detail: str
    cure: str = ""

"""Room: targets. Whose face a photo shows and why it may be worn. No files here."""

from __future__ import annotations

from enum import Enum


class Consent(Enum):
    """What the person who adds a photo states about it; the value is the word of `--consent`."""

    SELF = "self"
    """It is my own face."""
    PERMISSION = "permission"
    """The person in it has agreed."""
    PUBLIC_DOMAIN = "public-domain"
    """An old picture of somebody long dead, free of rights."""
    FICTIONAL = "fictional"
    """Nobody: a drawn, sculpted or generated face."""

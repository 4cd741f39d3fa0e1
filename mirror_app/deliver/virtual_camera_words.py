"""Room: deliver. What the virtual camera's process and the app agree on: words, size, rate. Imports nothing."""

from typing import Final

CAMERA_SIZE: Final = (1280, 720)
"""Whatever the camera does: meeting programs take no more, and a fixed size never has to be agreed on again."""
RATE: Final = 30
"""Pictures per second, always."""
STUCK_S: Final = 10.0
"""A driver that takes longer than this for one call ends the process."""

OPEN: Final = "open"
"""The process says: the device is open, and is called so."""
MISSING: Final = "missing"
"""pyvirtualcam is not installed."""
BROKEN: Final = "broken"
"""It is, but cannot be loaded."""
REFUSED: Final = "refused"
"""It cannot open a device."""
LOST: Final = "lost"
"""It could, and now cannot send."""
FREE: Final = "free"
"""A place of the shared memory may be written again."""

SHOW: Final = "show"
"""The app says: this place holds the newest picture, of this time."""
END: Final = "end"
"""Give the device back."""

ENDED: Final = "ended"
"""The app says to itself: the process ended without a word."""

"""Puts what was made back into the frame: colour, blend, label."""

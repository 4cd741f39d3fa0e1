"""Makes another face: a live face and a target in, a patch out. Does not touch the frame."""

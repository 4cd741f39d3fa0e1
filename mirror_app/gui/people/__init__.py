"""Room: gui. Several people before the camera: who is where in the picture, who wears what, and choosing it."""

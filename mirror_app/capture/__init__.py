"""Where frames come from. This file imports nothing, so that `capture.camera` (Qt) is loaded only where it is meant."""

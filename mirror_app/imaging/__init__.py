"""Pixel work with numpy and OpenCV. No faces, no threads."""

"""Tests of `mirror_app.imaging`."""

"""Tests of `mirror_app.pipeline`."""

"""Tests of `mirror_app.runtime`."""

"""Tests of `mirror_app.swap.neural`."""

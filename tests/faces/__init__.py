"""Tests of `mirror_app.faces`."""

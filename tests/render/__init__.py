"""Tests of `mirror_app.render`."""

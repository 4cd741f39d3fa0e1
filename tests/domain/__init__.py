"""Tests of `mirror_app.domain`."""

"""Tests of `mirror_app.tools.models`."""

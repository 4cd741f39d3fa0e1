"""Tests of `mirror_app.tools.budget`."""

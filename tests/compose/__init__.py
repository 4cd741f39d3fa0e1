"""Tests of `mirror_app.compose`."""

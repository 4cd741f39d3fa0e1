"""Tests of `mirror_app`."""

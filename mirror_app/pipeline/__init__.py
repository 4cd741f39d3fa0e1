"""Joins the rooms; knows threads, knows no Qt."""

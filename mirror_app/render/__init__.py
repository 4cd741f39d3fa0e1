"""Turns a frame and its assigned faces into a rendered frame, by joining swap and compose."""

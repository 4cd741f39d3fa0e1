"""Room: gui. The window for files."""

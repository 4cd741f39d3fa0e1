"""Room: gui. The settings' pages and the first steps."""

"""Room: gui. Commands from other processes."""

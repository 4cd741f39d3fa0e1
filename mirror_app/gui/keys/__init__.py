"""Room: gui. Keys, help, and how keys are changed."""

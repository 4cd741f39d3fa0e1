"""Room: gui. Which camera runs, what befalls it, and how it is set."""

"""Room: gui. The visible mark: how it looks, and what it takes to do without it. Draws nothing that leaves."""

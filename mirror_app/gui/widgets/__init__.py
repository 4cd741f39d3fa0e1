"""Room: gui. The small parts that all pages are built of."""

"""Room: gui. The numbers of the last ten seconds."""

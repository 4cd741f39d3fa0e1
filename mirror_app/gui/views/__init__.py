"""Room: gui. Where the mirror is seen: preview, split view, full screen, small mirror."""

"""Room: tools. What a graphics card needs at least for a frame, reckoned on paper, and how far a run is from it."""

"""Room: gui. The gallery: faces, photos, consent, stars, trash, presets."""

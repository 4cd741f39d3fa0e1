"""The window: preview, gallery, settings, live worker. PySide6 lives here, in `app` and in `capture.camera` only."""

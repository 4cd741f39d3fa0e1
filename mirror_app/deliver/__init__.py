"""Ways out of the app. Every one of them accepts only a `SafeFrame`."""

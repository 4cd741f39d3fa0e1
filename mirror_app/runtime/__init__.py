"""How a network is run. Knows tensors, not faces."""

import os

# ONNX Runtime 1.31 for Linux keeps an id of this computer in the user's cache folder, and can send usage data to its
# maker. It reads this while it is loaded; its own `disable_telemetry_events` comes too late for the id.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

"""How a network is run. Knows tensors, not faces."""

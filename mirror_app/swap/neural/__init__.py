"""Swapping with the user's own networks: crop, identity, network, masks, patch."""

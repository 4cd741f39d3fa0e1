"""A CUDA driver without a card, and what is built of it; see `driver.cpp`."""

"""What measures and checks: bench, doctor. No Qt; used by cli, gui and tests."""

"""What can be done with the user's models: rows, shop, check, conversion, bench."""

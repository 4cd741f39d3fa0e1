"""How much of a generated crop shows: each file knows one reason for the live face to show instead."""

"""The faces people can pick: built-in ones, the user's own photos, and whose consent each of those has."""

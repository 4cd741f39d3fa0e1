"""Room: tests. Every model family through the app's own code against what its published contract says, and no other.

The twins compute known functions of their inputs. What should come out is computed anew with NumPy from the frame,
the points and the photo; then one fact of the contract after the other is made wrong, and the result must differ.
"""

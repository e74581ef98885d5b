"""The endpoints, and the gate before them."""

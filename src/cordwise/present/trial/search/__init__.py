"""A search over designs, for people."""

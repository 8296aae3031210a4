"""Several designs side by side, for people."""

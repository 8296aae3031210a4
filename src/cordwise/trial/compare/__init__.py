"""Several designs on the same simulated patients, side by side."""

"""Several designs simulated on the same patients, side by side."""

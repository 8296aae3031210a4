"""One simulated patient, for people."""

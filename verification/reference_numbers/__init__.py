"""Agreement of the trial statistics with answers computed elsewhere."""

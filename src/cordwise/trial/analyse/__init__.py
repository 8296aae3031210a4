"""The analyses of simulated trials, and the true value of what they estimate."""

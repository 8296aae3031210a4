"""Simulated patients weighed until, at entry, they resemble a published baseline table."""

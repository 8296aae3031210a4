"""Verification and benchmarks of the engine, for people."""

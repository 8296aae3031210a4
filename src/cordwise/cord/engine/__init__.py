"""Numerics only: axis, steps, scheme and the compiled loop over blocks of patients; knows no biology."""

"""Experiments on the cord and sensitivity analyses, for people."""

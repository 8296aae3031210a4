"""Examinations and their classification, for people."""

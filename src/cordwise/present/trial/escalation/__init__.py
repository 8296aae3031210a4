"""Dose-escalation designs, for people."""

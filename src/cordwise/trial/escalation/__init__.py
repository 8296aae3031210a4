"""Dose-escalation studies from file to operating characteristics."""

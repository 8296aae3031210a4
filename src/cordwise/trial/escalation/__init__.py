"""Dose-escalation designs and their operating characteristics."""

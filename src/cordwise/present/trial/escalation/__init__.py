"""Dose-escalation designs as text, report, charts and tables."""

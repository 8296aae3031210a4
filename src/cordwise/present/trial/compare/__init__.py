"""Several designs side by side as text, report, charts and tables."""

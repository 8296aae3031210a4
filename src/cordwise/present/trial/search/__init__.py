"""A search over designs as text, report, charts and tables."""

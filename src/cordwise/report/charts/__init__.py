"""Charts: functions from tidy rows to a Vega-Lite specification, one topic a file."""

"""The design file: what a trial statistician writes down, as a schema for TOML.  All days count from the injury."""

from cordwise.trial.design.file import Design, check_design, read_design

__all__ = ["Design", "check_design", "read_design"]

"""Predicting what a fit has not seen."""

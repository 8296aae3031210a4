"""Fitting the population to the registries."""

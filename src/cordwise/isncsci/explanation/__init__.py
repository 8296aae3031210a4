"""The reasons of a classification, decision by decision, in words."""

"""Charts of a simulated trial design."""

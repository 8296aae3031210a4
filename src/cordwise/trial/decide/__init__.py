"""Where each simulated trial ends: looks, futility, harm, and changes after the first look."""

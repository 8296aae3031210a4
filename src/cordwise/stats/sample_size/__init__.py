"""Power and sample size from theory: means, proportions, ordered categories, survival, single arms."""

"""A published result against what would have happened anyway."""

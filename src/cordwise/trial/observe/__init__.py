"""What is seen of the patients of a trial: readings, potential outcomes, looks, adverse events."""

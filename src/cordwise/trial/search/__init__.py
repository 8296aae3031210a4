"""A search over designs: what each costs, how often it finds the effect, and the cheapest that reaches a goal."""

"""Many designs tried for one goal: what each costs, and how often each finds the effect."""

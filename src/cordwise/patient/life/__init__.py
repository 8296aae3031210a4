"""The life of one simulated person, with the cells and without: how it is simulated, and what it holds."""

"""Whether the engine solves the equations, and how fast: other solvers, errors, speed."""

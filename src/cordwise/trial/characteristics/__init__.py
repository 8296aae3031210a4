"""Operating characteristics: rates, sizes, theory, estimates after stopping, each with its Monte Carlo error."""

"""A sequence of looks in plain Python: the density of the score on a fine even grid, convolved from look to look."""

from math import erfc, exp, inf, pi, sqrt

STEPS = 400


def crossing_probabilities(information, lower, upper, drift):
    """Return the probability of first leaving above and below at each look."""
    above, below = [], []
    state, before = [(0.0, 1.0)], 0.0
    for look, (time, low, high) in enumerate(zip(information, lower, upper, strict=True)):
        gain, root = time - before, sqrt(time)
        spread = sqrt(gain)
        above.append(sum(w * tail((high * root - x - drift * gain) / spread) for x, w in state))
        below.append(sum(w * tail((x + drift * gain - low * root) / spread) for x, w in state))
        if look == len(information) - 1:
            break
        first, last = max(low * root, (drift * root - 8) * root), min(high * root, (drift * root + 8) * root)
        width = (last - first) / STEPS
        grid = [first + width * step for step in range(STEPS + 1)]
        density = [
            sum(w * exp(-(((y - x - drift * gain) / spread) ** 2) / 2) for x, w in state) / (spread * sqrt(2 * pi))
            for y in grid
        ]
        simpson = [1 if step in (0, STEPS) else 4 if step % 2 else 2 for step in range(STEPS + 1)]
        masses = [d * s * width / 3 for d, s in zip(density, simpson, strict=True)]
        state, before = list(zip(grid, masses, strict=True)), time
    return above, below


def tail(z):
    """Return the upper tail of the standard normal."""
    return 0.0 if z == inf else 1.0 if z == -inf else erfc(z / sqrt(2)) / 2

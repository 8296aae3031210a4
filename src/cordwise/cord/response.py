"""The two shapes in which a tissue answers a stimulus."""

from cordwise.cord.engine.compiled import scalar


@scalar
def saturation(stimulus: float, half: float) -> float:
    """Return the answer, 0 to 1, that is one half where the stimulus equals `half`."""
    return stimulus / (half + stimulus)


@scalar
def square_saturation(stimulus: float, half: float) -> float:
    """Return the answer, 0 to 1, that starts flat and is one half where the stimulus equals `half`."""
    square = stimulus * stimulus
    return square / (half * half + square)


@scalar
def above(value: float, threshold: float) -> float:
    """Return by how much a value lies above a threshold, at least 0."""
    return max(value - threshold, 0.0)

"""Where to write labels so that they do not touch."""

from collections.abc import Sequence


def spread(places: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Return the places moved apart as little as a greedy pass needs: at least `gap` between any two.

    The order is kept, ties fall in the order given, and where there is room no place leaves `low` to `high`.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = [float(place) for place in places]
    floor = low
    for index in order:
        moved[index] = floor = max(moved[index], floor)
        floor += gap
    ceiling = high
    for index in reversed(order):
        moved[index] = ceiling = min(moved[index], ceiling)
        ceiling -= gap
    return moved

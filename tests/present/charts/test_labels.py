"""Labels beside marks that would touch."""

import math
from itertools import pairwise

from cordwise.present.charts.labels import spread


def test_labels_are_moved_apart_but_stay_in_order_and_in_range():
    moved = spread([0.98, 0.99, 0.02, 0.99], gap=0.1, low=0, high=1)
    ordered = sorted(moved)
    assert all(math.isclose(b - a, 0.1) or b - a > 0.1 for a, b in pairwise(ordered))
    assert moved[2] == 0.02
    assert max(moved) <= 1
    assert spread([0.2, 0.8], gap=0.1, low=0, high=1) == [0.2, 0.8]

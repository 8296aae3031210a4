"""Confirmed grades: everybody is examined twice on the same day, by two examiners, and the grades must agree."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Int8
from numpy import ndarray

from cordwise.bank.people import People
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.outcomes import BASELINE, Outcomes
from cordwise.population.examination_day import second_label


def second_grades(
    people: People,
    worlds: Mapping[str, Counterfactual],
    days: Float[ndarray, "patient time"],
    labels: Sequence[str],
    streams: Streams,
) -> dict[str, Int8[ndarray, "patient time"]]:
    """Return the AIS grades of a second examination at each visit, in several worlds; its noise has streams of its own.

    Parameters
    ----------
    people
        Who is examined.
    worlds
        The worlds, by name.
    days
        Days of the first examinations after the injury, which are those of the second.
    labels
        Names of the first examinations.
    streams
        Random streams; the first examinations are the same whether or not there is a second.
    """
    seen = people.examined_in(worlds, days, tuple(map(second_label, labels)), streams)
    return {name: each.ais for name, each in seen.items()}


def confirmed(seen: Outcomes, second: Int8[ndarray, "patient time"]) -> Outcomes:
    """Return the findings with the lower of the two grades of each visit.

    Nobody enters whose two grades at baseline differ, so that the lower one at baseline is also the higher one.
    """
    return replace(seen, ais=np.minimum(seen.ais, second))


def is_confirmed_at_baseline(
    people: People, days: Float[ndarray, " patient"], baseline: Outcomes, streams: Streams
) -> Bool[ndarray, " patient"]:
    """Say whose second examination on the day of baseline gives the grade of the first; days count from the injury."""
    second = second_grades(people, {"": without_cells()}, days[:, None], (BASELINE,), streams)[""]
    return second[:, 0] == baseline.ais[:, 0]

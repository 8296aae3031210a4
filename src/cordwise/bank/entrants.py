"""People who meet the entry criteria at their simulated baseline examination."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.bank.confirmation import is_confirmed_at_baseline
from cordwise.bank.people import People, joined_people
from cordwise.base.batches import joined
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.outcomes import BASELINE, Outcomes
from cordwise.population.entry import Entry, is_eligible
from cordwise.population.examination_day import uniform_days


@dataclass(frozen=True, slots=True)
class Entrants:
    """People who enter, in the order in which they were drawn: the day and the findings of their baseline."""

    people: People
    baseline_day: Float[ndarray, " patient"]
    baseline: Outcomes

    def __getitem__(self, chosen: ndarray) -> "Entrants":
        """Return some of them."""
        return Entrants(self.people[chosen], self.baseline_day[chosen], self.baseline[chosen])


def who_enter(people: People, entry: Entry, streams: Streams) -> Entrants:
    """Examine people at baseline, without cells, and return those who meet the criteria; ages are not looked at."""
    days = uniform_days(streams, entry.baseline_days, people.patients.ids)
    baseline = people.examined(days[:, None], (BASELINE,), streams, without_cells())
    may = np.flatnonzero(is_eligible(baseline, entry.levels, entry.grades))
    found = Entrants(people[may], days[may], baseline[may])
    if not entry.confirmed:
        return found
    return found[is_confirmed_at_baseline(found.people, found.baseline_day, found.baseline, streams)]


def joined_entrants(parts: Sequence[Entrants]) -> Entrants:
    """Return several batches as one."""
    return Entrants(
        joined_people([part.people for part in parts]),
        np.concatenate([part.baseline_day for part in parts]),
        joined([part.baseline for part in parts]),
    )

"""Later enrolment, fewer patients: how the spread of natural recovery, and a trial's size, fall with time.

The effect is held fixed, in the endpoint's own unit, and the follow-up after baseline too; only the day of the baseline
examination moves.  The total motor score, on which the rule was found (Fawcett 2007), stands beside the primary
endpoint.  The same simulated people are followed from every day, each with whoever meets the entry criteria then. Sizes
are by theory from the spread within a parameter set, at equal allocation without losses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int, Int8
from numpy import ndarray

from cordwise.bank.bank import CONTROL, PatientBank
from cordwise.bank.confirmation import second_grades
from cordwise.bank.people import People, drawn_people, of_age
from cordwise.base.batches import joined
from cordwise.base.errors import Fault, ModelError
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.outcomes import Outcomes
from cordwise.population.entry import is_eligible
from cordwise.population.examination_day import uniform_days, visit_label
from cordwise.population.posterior import Posterior
from cordwise.stats.monte_carlo import MonteCarloEstimate, mean, rate
from cordwise.stats.sample_size.means import t_test_n_per_arm
from cordwise.stats.sample_size.proportions import pooled_n_per_arm
from cordwise.trial.analyse.simulated_value import known
from cordwise.trial.design.complete import complete_endpoint
from cordwise.trial.design.endpoints import EndpointTable
from cordwise.trial.observe.readings import covariate, endpoint_values
from cordwise.trial.plan.endpoints import PlannedEndpoint, planned_endpoint
from cordwise.trial.plan.plan import TrialPlan

DAYS = (3.0, 7.0, 14.0, 28.0, 45.0, 90.0, 180.0)
FIXED_POINTS, FIXED_SHARE = 5.0, 0.2  # effects customary in sample-size work: 5 points, or 20 in 100 more patients
POWER = 0.8
_HALF_WINDOW = 0.1  # of the day, either side
_LEAST_ELIGIBLE = 300  # on every day: a spread is then known to about four per cent
_PEOPLE_A_ROUND, _MOST_ROUNDS = 800, 20  # of all parameter sets together; rare criteria are known less closely


@dataclass(frozen=True, slots=True)
class EnrolmentDay:
    """What enrolment about one day after injury asks of a trial, on one endpoint.

    `control_sd` is that within a parameter set, for a score about the baseline. `mcse` is the error of `n_per_arm` that
    comes of the number of people; they are too few in each set to tell how far the sets differ.
    """

    day: float
    endpoint: str
    fixed_effect: float
    control_mean: float
    control_sd: float
    n_per_arm: float
    mcse: float | None = None


def enrolment_days(
    plan: TrialPlan,
    posterior: Posterior,
    streams: Streams,
    *,
    days: Sequence[float] = DAYS,
    sets: int | None = None,
    on_progress: Advance = lambda _: None,
) -> tuple[EnrolmentDay, ...]:
    """Return the size that a fixed effect asks for by the day of enrolment, endpoint by endpoint.

    Raises
    ------
    ModelError
        Next to nobody meets the entry criteria on one of the days.
    """
    endpoints = _endpoints(plan)
    found = []
    for day, bank in zip(days, _followed(plan, posterior, streams, days, sets), strict=True):
        found.append([needed(bank, endpoint, day) for endpoint in endpoints])
        on_progress(1)
    return tuple(row[place] for place in range(len(endpoints)) for row in found)


def falls(rows: Sequence[EnrolmentDay]) -> bool:
    """Tell whether the patients needed fall from each day to the next."""
    return all(later.n_per_arm < earlier.n_per_arm for earlier, later in pairwise(rows))


def needed(bank: PatientBank, endpoint: PlannedEndpoint, day: float) -> EnrolmentDay:
    """Return what a fixed effect asks for where such people are enrolled."""
    values = endpoint_values(bank, endpoint, CONTROL)[:, 0]
    if endpoint.kind.kind == "binary":
        return _needed_of_shares(rate(values > 0), endpoint, day)
    squares = _squares_within_sets(values, covariate(bank, endpoint), bank.parameter_draw)
    variance = mean(squares)
    sd = float(np.sqrt(variance.value))
    n = t_test_n_per_arm(FIXED_POINTS, sd, power=POWER, alpha=endpoint.alpha, covariates=1)
    error = n * variance.mcse / variance.value if variance.value else 0.0
    return EnrolmentDay(day, endpoint.name, FIXED_POINTS, float(values.mean()), sd, n, known(error))


def _needed_of_shares(share: MonteCarloEstimate, endpoint: PlannedEndpoint, day: float) -> EnrolmentDay:
    def size(control: float) -> float:
        other = control + FIXED_SHARE if control + FIXED_SHARE < 1 else control - FIXED_SHARE
        return pooled_n_per_arm(control, other, power=POWER, alpha=endpoint.alpha)

    beside = (float(np.clip(share.value + step, 0.0, 1.0)) for step in (-share.mcse, share.mcse))
    low, high = map(size, beside)
    sd = float(np.sqrt(share.value * (1 - share.value)))
    n = size(share.value)
    return EnrolmentDay(day, endpoint.name, FIXED_SHARE, share.value, sd, n, known(max(abs(low - n), abs(high - n))))


def _endpoints(plan: TrialPlan) -> list[PlannedEndpoint]:
    day, kind, design = plan.primary.day, plan.primary.kind, plan.design
    table = EndpointTable(name="total motor score", measure="total_motor_change", day=day)
    motor = planned_endpoint(complete_endpoint(table, design.population, design.arms, is_primary=False), (day,))
    usable = kind.kind == "binary" or kind.is_change
    return [plan.primary, motor] if usable and kind.score != "total_motor" else [motor]


def _followed(
    plan: TrialPlan, posterior: Posterior, streams: Streams, days: Sequence[float], sets: int | None
) -> Iterator[PatientBank]:
    """Yield, day by day, whoever may enter about then, with the examination then and as much later as the plan's."""
    parameter_sets, _ = posterior.spread(sets)
    later = plan.primary.day - sum(plan.baseline_day) / 2
    each = max(1, _PEOPLE_A_ROUND // len(parameter_sets))
    numbers = np.arange(len(parameter_sets))
    parts: list[list[_Entered]] = []
    for number in range(_MOST_ROUNDS):
        parts += drawn_people(
            parameter_sets,
            streams,
            numbers,
            number * each,
            each,
            lambda people: _examined(plan, people, streams, days, later),
            chosen=of_age(*plan.age_years),
        )
        enough = min(sum(len(part[at]) for part in parts) for at in range(len(days)))
        if enough >= _LEAST_ELIGIBLE:
            break
    for at, day in enumerate(days):
        yield _joined([part[at] for part in parts], plan, day, later)


def _examined(
    plan: TrialPlan, people: People, streams: Streams, days: Sequence[float], later: float
) -> list["_Entered"]:
    """Return, day by day, who of some people may enter about that day, with both examinations."""
    ids = people.patients.ids
    about = uniform_days(streams, (1 - _HALF_WINDOW, 1 + _HALF_WINDOW), ids)
    planned = [each for day in days for each in (day, day + later)]
    when = np.column_stack([each for day in days for each in (day * about, np.full(len(ids), day + later))])
    labels, natural = tuple(map(visit_label, planned)), {CONTROL: without_cells()}
    seen = people.examined_in(natural, when, labels, streams)[CONTROL]
    again = second_grades(people, natural, when, labels, streams)[CONTROL] if plan.is_graded_twice else seen.ais
    found = []
    for at in range(len(days)):
        both = seen.of_visits([2 * at, 2 * at + 1])
        may = np.flatnonzero(is_eligible(both, plan.levels, plan.grades))
        may = may[again[may, 2 * at] == both.ais[may, 0]]
        second = again[may, 2 * at : 2 * at + 2]
        found.append(_Entered(people.set_number[may], when[may, 2 * at : 2 * at + 2], both[may], second))
    return found


@dataclass(frozen=True, slots=True)
class _Entered:
    """People who may enter about one day: their parameter sets, their days, and both examinations.

    `second_ais` has the grades of second examinations on these days, or those of the first where there are none.
    """

    set_number: Int[ndarray, " patient"]
    days: Float[ndarray, "patient time"]
    outcomes: Outcomes
    second_ais: Int8[ndarray, "patient time"]

    def __len__(self) -> int:
        return len(self.set_number)


def _joined(parts: Sequence[_Entered], plan: TrialPlan, day: float, later: float) -> PatientBank:
    set_number = np.concatenate([part.set_number for part in parts])
    if len(set_number) < 3:  # the spread about a line takes so many
        found = f"{len(set_number)} of the people tried"
        raise ModelError(str(Fault(f"enrolment about day {day:g}", "people who meet the entry criteria", found)))
    outcomes = joined([part.outcomes for part in parts])
    days = np.concatenate([part.days for part in parts])
    return PatientBank(
        days=(day, day + later),
        ids=np.arange(len(set_number)),
        age_years=np.full(len(set_number), np.nan),
        sex=np.full(len(set_number), ""),
        neurological_level=outcomes.neurological_level[:, 0],
        baseline_ais=outcomes.ais[:, 0],
        baseline_day=days[:, 0],
        parameter_draw=set_number.astype(np.int16),
        examination_day=days,
        dose_day=MappingProxyType({}),
        outcomes=MappingProxyType({CONTROL: outcomes}),
        second_ais=MappingProxyType({CONTROL: np.concatenate([part.second_ais for part in parts])}),
    )


def _squares_within_sets(
    values: Float[ndarray, " patient"], baseline: Float[ndarray, " patient"], set_number: Int[ndarray, " patient"]
) -> Float[ndarray, " patient"]:
    """Return squares of the distance from the regression on the baseline within a parameter set.

    Their mean is the variance: all are enlarged by what the means of the sets and the common slope have taken of them.
    """
    _, place = np.unique(set_number, return_inverse=True)
    count = np.bincount(place)
    before, after = (each - (np.bincount(place, each) / count)[place] for each in (baseline, values))
    spread = float(before @ before)
    slope = float(before @ after) / spread if spread > 0 else 0.0
    return (after - slope * before) ** 2 * len(values) / max(len(values) - len(count) - 1, 1)

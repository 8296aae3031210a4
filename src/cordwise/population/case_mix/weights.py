"""Weigh simulated patients so that, at entry, they resemble a published baseline table.

Entropy balancing: of all weights that meet the table's rows, those nearest to equal weights.  A row need only be met as
well as its own sampling error allows, so that no row of five people bends the whole population.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import logsumexp, softmax

from cordwise.base.errors import Fault, InputError
from cordwise.evidence import Target
from cordwise.population.case_mix.contradictions import contradictory_shares
from cordwise.population.observation import ExaminedPatients, Schedule, View, share_schedules, viewing_of
from cordwise.population.prediction import CHANGE, PROPORTION, is_in, values
from cordwise.population.sampling_error import number_behind, sampling_error

_LEAST_RIDGE = np.finfo(float).eps  # keeps the dual bounded where a row without error cannot be met

_Condition = tuple[Float[ndarray, " patient"], float]


@dataclass(frozen=True, slots=True)
class BaselineTable:
    """Patients of a registry or study at entry: rows in the form of targets, each a finding at the entry examination.

    A row of `ais` whose category is its own range of baseline grades gives the share of all patients that lie in its
    grades and levels; any other row describes the patients of its grades and levels.
    """

    rows: tuple[Target, ...]

    def __post_init__(self) -> None:
        faults = [fault for row in self.rows for fault in _row_faults(row)]
        if not self.rows:
            faults.append(Fault("case mix", "at least one row", "none"))
        faults += contradictory_shares([row for row in self.rows if is_group_share(row) and 0 <= row.value <= 1])
        if faults:
            raise InputError(faults)

    def weights(self, simulated: Mapping[Schedule, ExaminedPatients]) -> Float[ndarray, " patient"]:
        """Return the weight of every simulated patient, 1 on average; patients are the same in every schedule."""
        found = [
            condition
            for schedule, places in share_schedules(self.rows, simulated).items()
            for place in places
            for condition in _conditions_as_seen(self.rows[place], simulated[schedule])
        ]
        return _balanced(found, len(next(iter(simulated.values())).attendance))

    def weights_of(self, population: ExaminedPatients, view: View) -> Float[ndarray, " patient"]:
        """Return the weights, 1 on average, of patients who all had the one examination that the table describes."""
        found = [condition for row in self.rows for condition in _conditions(row, population, view, 0)]
        return _balanced(found, len(population.attendance))


def balance(
    conditions: Float[ndarray, "patient condition"], slack: Float[ndarray, " condition"]
) -> Float[ndarray, " patient"]:
    """Return weights, 1 on average, under which the mean of every condition is 0 within about its slack.

    The dual of the entropy is minimised; a slack is the standard error that the wanted mean itself has.
    """
    from scipy.optimize import minimize  # slow to import, and asked for where there is a case mix only

    varied = conditions.std(axis=0)
    movable = varied > 0  # what is the same in everybody no weights can change
    scaled = conditions[:, movable] / varied[movable]
    ridge = np.maximum((slack[movable] / varied[movable]) ** 2, _LEAST_RIDGE)

    def dual(multipliers: Float[ndarray, " condition"]) -> tuple[float, Float[ndarray, " condition"]]:
        exponents = scaled @ multipliers
        value = logsumexp(exponents) - np.log(len(scaled)) + 0.5 * ridge @ multipliers**2
        return float(value), softmax(exponents) @ scaled + ridge * multipliers

    def curvature(multipliers: Float[ndarray, " condition"]) -> Float[ndarray, "condition condition"]:
        weight = softmax(scaled @ multipliers)
        mean = weight @ scaled
        return (scaled * weight[:, None]).T @ scaled - np.outer(mean, mean) + np.diag(ridge)

    found = minimize(dual, np.zeros(len(ridge)), jac=True, hess=curvature, method="trust-exact")
    return softmax(scaled @ found.x) * len(scaled)


def _balanced(found: list[_Condition], patients: int) -> Float[ndarray, " patient"]:
    if not found:
        return np.ones(patients)
    conditions, slack = zip(*found, strict=True)
    return balance(np.column_stack(conditions), np.array(slack))


def _conditions_as_seen(row: Target, population: ExaminedPatients) -> Iterator[_Condition]:
    """Yield the conditions of a row, its patients seen as its source sees them."""
    yield from _conditions(
        row, population, population.view(viewing_of(row)), population.schedule.nearest(row.followup_day)
    )


def _conditions(row: Target, population: ExaminedPatients, view: View, visit: int) -> Iterator[_Condition]:
    """Yield what must be 0 on average for a row to be met, and the standard error that it has."""
    known = view.has_baseline & view.is_shown[:, visit]
    group = (is_in(row, population, view) & known).astype(float)
    if not group.any():
        return
    n = number_behind(row)
    if is_group_share(row):
        yield (group - row.value) * known, known.mean() * float(np.sqrt(row.value * (1 - row.value) / n))
        return
    now, _ = values(row, population, np.arange(len(group)), visit, view.baseline_visit)
    share, spread = group.mean(), float(now[group > 0].std() or now.std())  # one person has no spread
    yield group * (now - row.value), share * own_error(row, spread)
    if np.isfinite(row.sd) and row.sd > 0 and row.measure != PROPORTION:
        yield group * ((now - row.value) ** 2 - row.sd**2), share * row.sd**2 * float(np.sqrt(2 / n))


def own_error(row: Target, spread: float) -> float:
    """Return the standard error of a row's figure; `spread`, the SD of the simulated, serves where none was printed."""
    return sampling_error(replace(row, n=number_behind(row), sd=row.sd if row.sd > 0 else np.nan), spread, row.value)


def is_group_share(row: Target) -> bool:
    """Say whether a row gives the share of all patients that its grades and levels hold, not a result of theirs."""
    same_grades = (row.category_low, row.category_high) == (row.baseline_grade_low, row.baseline_grade_high)
    return row.measure == PROPORTION and not row.is_improvement and same_grades


def _row_faults(row: Target) -> Iterator[Fault]:
    where = f"case mix, {row.target_id}"
    if row.measure.endswith(CHANGE) or row.is_improvement:
        yield Fault(f"{where}, measure", "a finding at entry", f"{row.measure} {row.category}".strip())
    if not row.baseline_day_min <= row.followup_day <= max(row.baseline_day_max, row.baseline_day_min):
        window = f"{row.baseline_day_min:g} to {row.baseline_day_max:g}"
        yield Fault(f"{where}, followup_day", f"a day of the entry examination, {window}", f"{row.followup_day:g}")
    if row.n <= 0:
        yield Fault(f"{where}, n", "a number of people above 0, or none", f"{row.n:g}", "Leave out a row of nobody.")
    is_share = row.measure == PROPORTION
    if not np.isfinite(row.value) or (is_share and not 0 <= row.value <= 1):
        wanted = "a share of 0 to 1" if is_share else "a number"
        yield Fault(f"{where}, value", wanted, f"{row.value:g}")

"""Patients at entry against a published baseline table: weights for those who enter, and how well they then match."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.evidence import Target
from cordwise.isncsci import AIS, LEVELS
from cordwise.patient.outcome_parameters import bank_parameter
from cordwise.patient.outcomes import Outcomes
from cordwise.population.case_mix.match import CaseMixMatch, MatchedRow, case_mix_parameter
from cordwise.population.case_mix.weights import BaselineTable, is_group_share, own_error
from cordwise.population.observation import (
    ExaminedPatients,
    Schedule,
    View,
    Viewing,
    Visit,
    share_schedules,
    viewing_of,
)
from cordwise.population.prediction import effective_count, is_in, values

_READ = 6  # numbers read of each row: before, after, standard error, least and most, share of its group that counts


@dataclass(frozen=True, slots=True)
class EntryMatch:
    """How well the weighted population meets a baseline table, and how many of its people and sets then still count.

    Attributes
    ----------
    rows
        The table.
    unweighted, weighted
        What the simulated patients show in each row, before and after weighing.
    effective_share
        Share of the patients who enter that still counts; those of sets that do not count are none of them.
    error
        Standard error of each row's own figure.
    low, high
        The least and the most that any simulated patient in the row's group has.
    effective
        How many patients of equal weight those of each parameter set are worth.
    used
        Which parameter sets count: the others have nobody, or hardly anybody, who resembles the table.
    kept
        Share of the patients in each row's group that still counts.
    """

    rows: tuple[Target, ...]
    unweighted: Float[ndarray, " row"]
    weighted: Float[ndarray, " row"]
    effective_share: float
    error: Float[ndarray, " row"]
    low: Float[ndarray, " row"]
    high: Float[ndarray, " row"]
    effective: Float[ndarray, " set"]
    used: Bool[ndarray, " set"]
    kept: Float[ndarray, " row"]

    @property
    def observed(self) -> Float[ndarray, " row"]:
        """Return the published figures."""
        return np.array([row.value for row in self.rows])

    @property
    def missed(self) -> Float[ndarray, " row"]:
        """Return by how many standard errors each weighted figure is off; NaN where that is not known."""
        return _in_errors(self.weighted - self.observed, self.error)

    @property
    def is_beyond_anybody(self) -> Bool[ndarray, " row"]:
        """Say which figures are missed, and lie outside what any simulated patient has."""
        outside = (self.observed < self.low) | (self.observed > self.high)
        return outside & (self.missed > case_mix_parameter("missed_standard_errors"))

    def in_figures(self) -> CaseMixMatch:
        """Return the match as results tell it."""
        rows = zip(self.rows, self.unweighted, self.weighted, self.missed, self.kept, strict=True)
        people = self.effective[self.used]
        return CaseMixMatch(
            _known(self.effective_share),
            tuple(MatchedRow(row.target_id, row.measure, row.value, *map(_known, figures)) for row, *figures in rows),
            effective_people=float(people.mean()) if len(people) else None,
            effective_people_least=float(people.min()) if len(people) else None,
            effective_sets=float(self.used.sum()),
            sets=len(self.used),
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """Those of one parameter set who enter: the weight of each, 1 on average, and what the table's rows then read.

    `error`, `low` and `high` are the standard error of each row's figure and the range of the patients in its group,
    `kept` the share of these that still counts.
    """

    weights: Float[ndarray, " patient"]
    before: Float[ndarray, " row"]
    after: Float[ndarray, " row"]
    error: Float[ndarray, " row"]
    low: Float[ndarray, " row"]
    high: Float[ndarray, " row"]
    kept: Float[ndarray, " row"]

    @property
    def effective(self) -> float:
        """Return how many patients of equal weight they are worth (Kish)."""
        return effective_count(self.weights)

    @property
    def effective_share(self) -> float:
        """Return the share of them that still counts."""
        return self.effective / max(len(self.weights), 1)

    @property
    def is_usable(self) -> bool:
        """Say whether more than a handful carry the weights; of few who enter, more than the least share."""
        few = bank_parameter("least_effective_share") * len(self.weights)
        return 0 < self.effective >= min(case_mix_parameter("least_effective_people"), few)


def weigh_entrants(table: BaselineTable, baseline: Outcomes) -> Weighed:
    """Weigh patients by their entry examination until they resemble the table, which describes those who enter.

    The rows' own days do not matter here: the examination that decided on entry is the one weighed.
    """
    if not len(baseline.ais):
        return Weighed(np.zeros(0), *np.full((_READ, len(table.rows)), np.nan))
    entrants = _at_entry(baseline)
    view = entrants.view(Viewing.STATED)
    weights = table.weights_of(entrants, view)
    return Weighed(weights, *np.transpose([_read(row, entrants, view, 0, weights) for row in table.rows]))


def weigh_examined(table: BaselineTable, simulated: Mapping[Schedule, ExaminedPatients]) -> Weighed:
    """Weigh patients who were examined as the sources of the rows examine theirs."""
    weights = table.weights(simulated)
    found = np.full((len(table.rows), _READ), np.nan)
    for schedule, places in share_schedules(table.rows, simulated).items():
        population = simulated[schedule]
        views = {viewing: population.view(viewing) for viewing in {viewing_of(table.rows[place]) for place in places}}
        for place in places:
            row = table.rows[place]
            found[place] = _read(row, population, views[viewing_of(row)], schedule.nearest(row.followup_day), weights)
    return Weighed(weights, *found.T)


def equal_weights(patients: int) -> Weighed:
    """Return the weights of patients who all count alike, beside a table without rows."""
    return Weighed(np.ones(patients), *np.zeros((_READ, 0)))


def entry_match(table: BaselineTable, weighed: Sequence[Weighed]) -> EntryMatch:
    """Return the match over the parameter sets that count, each alike; refuse a table that cannot be met.

    Raises
    ------
    InputError
        Hardly any simulated patient resembles the table, or a row asks for what nobody simulated has; every row that is
        off is named.
    """
    sides = ("before", "after", "error", "low", "high", "kept")
    by_set = {side: np.stack([getattr(each, side) for each in weighed]) for side in sides}
    entered = np.array([len(each.weights) > 0 for each in weighed])
    used = np.array([each.is_usable for each in weighed])
    counted = used if used.any() else entered
    shares = np.array([each.effective_share for each in weighed])
    found = EntryMatch(
        table.rows,
        _mean(by_set["before"]),
        _mean(by_set["after"][counted]),
        float(np.where(used, shares, 0.0)[entered].mean()) if entered.any() else np.nan,
        _mean(by_set["error"]),
        np.fmin.reduce(by_set["low"]),
        np.fmax.reduce(by_set["high"]),
        np.array([each.effective for each in weighed]),
        used,
        _mean(by_set["kept"][counted]),
    )
    if faults := list(_faults(found)):
        raise InputError(faults)
    return found


def low_variance_sample(weights: Float[ndarray, " patient"], count: int, start: float) -> Int[ndarray, " drawn"]:
    """Draw `count` places with chances in proportion to the weights, as evenly as they allow (systematic sampling).

    A patient is drawn the whole number of times just below or just above `count` times the share of the weight;
    `start`, in the unit interval, is the only random number.
    """
    reached = np.cumsum(weights)
    marks = (start + np.arange(count)) / count * reached[-1]
    return np.minimum(np.searchsorted(reached, marks, side="right"), len(weights) - 1)


def entry_faults(
    table: BaselineTable, levels: tuple[int, int], grades: Sequence[int], baseline_days: tuple[float, float]
) -> Iterator[Fault]:
    """Yield every row of a table that says nothing about those who enter under the given criteria."""
    for row in table.rows:
        where = f"case mix, {row.target_id}"
        if row.level_last < levels[0] or row.level_first > levels[1]:
            wanted = f"levels of those who enter, {LEVELS[levels[0]]}-{LEVELS[levels[1]]}"
            yield Fault(f"{where}, levels", wanted, row.levels)
        if not any(row.baseline_grade_low <= grade <= row.baseline_grade_high for grade in grades):
            wanted = f"grades of those who enter, {', '.join(AIS(grade).name for grade in sorted(grades))}"
            yield Fault(f"{where}, baseline_ais", wanted, row.baseline_ais)
        if row.baseline_day_max < baseline_days[0] or row.baseline_day_min > baseline_days[1]:
            wanted = f"days that meet those of the entry examination, {baseline_days[0]:g} to {baseline_days[1]:g}"
            found = f"{row.baseline_day_min:g} to {row.baseline_day_max:g}"
            yield Fault(f"{where}, baseline_day_min", wanted, found, "Give the table of the examination at entry.")


def _at_entry(baseline: Outcomes) -> ExaminedPatients:
    visit = Visit("baseline", 0.0, 0.0, 0.0)
    return ExaminedPatients(Schedule(None, (visit,)), baseline, np.zeros(len(baseline.ais)))


def _read(
    row: Target, population: ExaminedPatients, view: View, visit: int, weights: Float[ndarray, " patient"]
) -> tuple[float, ...]:
    """Return the numbers read of a row: see `_READ`."""
    known = view.has_baseline & view.is_shown[:, visit]
    group = is_in(row, population, view) & known
    if is_group_share(row) and known.any():
        held, shared = group[known].astype(float), weights[known]
        error, kept = own_error(row, np.nan), effective_count(shared) / len(shared)
        return float(held.mean()), _average(held, shared), error, float(held.min()), float(held.max()), kept
    if not group.any():
        return (np.nan,) * _READ
    now, _ = values(row, population, np.flatnonzero(group), visit, view.baseline_visit[group])
    spread = float(now.std()) if len(now) > 1 else np.nan
    return (
        float(now.mean()),
        _average(now, weights[group]),
        own_error(row, spread),
        float(now.min()),
        float(now.max()),
        effective_count(weights[group]) / len(now),
    )


def _average(values: Float[ndarray, " patient"], weights: Float[ndarray, " patient"]) -> float:
    total = float(weights.sum())
    return float(values @ weights) / total if total > 0 else np.nan


def _mean(values: Float[ndarray, "draw row"]) -> Float[ndarray, " row"]:
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.divide(total, known.sum(axis=0), out=np.full(len(total), np.nan), where=known.any(axis=0))


def _in_errors(off: Float[ndarray, " row"], error: Float[ndarray, " row"]) -> Float[ndarray, " row"]:
    """Return distances in standard errors; infinite where a figure has none and is missed."""
    without_error = np.where(np.isnan(error) | np.isnan(off), np.nan, np.where(off == 0, 0.0, np.inf))
    return np.divide(np.abs(off), error, out=without_error, where=error > 0)


def _faults(found: EntryMatch) -> Iterator[Fault]:
    """Yield why a table cannot be met: too few who resemble it, rows that are off, rows beyond anybody simulated."""
    limit = case_mix_parameter("missed_standard_errors")
    is_refused = found.effective_share < bank_parameter("least_effective_share")
    before = _in_errors(found.unweighted - found.observed, found.error)
    if is_refused:
        yield _too_few(found, before)
    for place, row in enumerate(found.rows):
        if found.is_beyond_anybody[place]:
            yield _beyond(row, found, place)
        elif is_refused and max(before[place], np.nan_to_num(found.missed[place])) > limit:
            yield Fault(
                f"case mix, {row.target_id}, value",
                f"{row.measure} near the {found.unweighted[place]:.3g} of the simulated patients who enter",
                f"{row.value:g}; they can be weighed to {found.weighted[place]:.3g}, off by "
                f"{found.missed[place]:.1f} standard errors instead of {before[place]:.1f}",
            )


def _beyond(row: Target, found: EntryMatch, place: int) -> Fault:
    low, high = found.low[place], found.high[place]
    wanted = f"{row.measure} of {low:.3g} to {high:.3g}, as the simulated patients of its grades and levels have"
    if is_group_share(row):
        wanted = f"{'nobody' if high == 0 else 'everybody'}, as among the simulated patients who enter"
    return Fault(
        f"case mix, {row.target_id}, value",
        wanted,
        f"{row.value:g}, which stays {found.missed[place]:.1f} standard errors off",
        "Compare its unit, grades, levels and days with the entry criteria, or leave it out.",
    )


def _too_few(found: EntryMatch, before: Float[ndarray, " row"]) -> Fault:
    worst = int(np.argmax(np.where(np.isnan(before), -1.0, before)))
    row = found.rows[worst]
    return Fault(
        "case mix",
        "a table that enough of the simulated patients who enter resemble",
        f"{100 * found.effective_share:.1f} % of them would still count",
        f"Furthest off is {row.target_id}, {row.measure} {row.value:g} where {found.unweighted[worst]:.3g} is "
        "simulated: compare its grades, levels and days with the entry criteria, or leave it out.",
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

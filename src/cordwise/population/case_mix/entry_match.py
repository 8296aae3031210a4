"""Patients at entry against a published baseline table: weights for those who enter, and how well they then match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.evidence import Target
from cordwise.isncsci import AIS, LEVELS
from cordwise.patient.outcome_parameters import bank_parameter
from cordwise.patient.outcomes import Outcomes
from cordwise.population.case_mix.weights import BaselineTable, is_group_share
from cordwise.population.observation import ExaminedPatients, Schedule, View, Viewing, Visit
from cordwise.population.prediction import effective_count, is_in, values
from cordwise.population.sampling_error import sampling_error


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """A row of a baseline table beside what the simulated patients show; None where nobody is in its group."""

    target_id: str
    measure: str
    observed: float
    unweighted: float | None
    weighted: float | None


@dataclass(frozen=True, slots=True)
class CaseMixMatch:
    """How well weighed patients meet a baseline table, as results tell it; None where no patient enters."""

    effective_share: float | None
    rows: tuple[MatchedRow, ...]


@dataclass(frozen=True, slots=True)
class EntryMatch:
    """How well the weighted population meets a baseline table, and what share of its patients then still counts."""

    rows: tuple[Target, ...]
    unweighted: Float[ndarray, " row"]
    weighted: Float[ndarray, " row"]
    effective_share: float

    def in_figures(self) -> CaseMixMatch:
        """Return the match as results tell it."""
        rows = zip(self.rows, self.unweighted, self.weighted, strict=True)
        return CaseMixMatch(
            _known(self.effective_share),
            tuple(
                MatchedRow(row.target_id, row.measure, row.value, _known(before), _known(after))
                for row, before, after in rows
            ),
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """Those of one parameter set who enter: the weight of each, 1 on average, and what the table's rows then read."""

    weights: Float[ndarray, " patient"]
    before: Float[ndarray, " row"]
    after: Float[ndarray, " row"]

    @property
    def effective_share(self) -> float:
        """Return the share of them that still counts (Kish)."""
        return effective_count(self.weights) / max(len(self.weights), 1)


def weigh_entrants(table: BaselineTable, baseline: Outcomes) -> Weighed:
    """Weigh patients by their entry examination until they resemble the table, which describes those who enter.

    The rows' own days do not matter here: the examination that decided on entry is the one weighed.
    """
    if not len(baseline.ais):
        nothing = np.full(len(table.rows), np.nan)
        return Weighed(np.zeros(0), nothing, nothing)
    entrants = _at_entry(baseline)
    view = entrants.view(Viewing.STATED)
    weights = table.weights_of(entrants, view)
    before, after = (
        np.array([_reads(row, entrants, view, each) for row in table.rows]) for each in (np.ones_like(weights), weights)
    )
    return Weighed(weights, before, after)


def equal_weights(patients: int) -> Weighed:
    """Return the weights of patients who all count alike, beside a table without rows."""
    return Weighed(np.ones(patients), np.zeros(0), np.zeros(0))


def entry_match(table: BaselineTable, weighed: Sequence[Weighed]) -> EntryMatch:
    """Return the match over all parameter sets, each counting alike; refuse one that leaves too few patients.

    Raises
    ------
    InputError
        Hardly any simulated patient resembles the table.
    """
    known = [each for each in weighed if len(each.weights)]
    if not known:
        nothing = np.full(len(table.rows), np.nan)
        return EntryMatch(table.rows, nothing, nothing, np.nan)
    before, after = (_mean(np.stack([getattr(each, side) for each in known])) for side in ("before", "after"))
    found = EntryMatch(table.rows, before, after, float(np.mean([each.effective_share for each in known])))
    if found.effective_share < bank_parameter("least_effective_share"):
        raise InputError([_too_few(found)])
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


def _reads(row: Target, entrants: ExaminedPatients, view: View, weights: Float[ndarray, " patient"]) -> float:
    """Return what the weighted patients show in a row; NaN where nobody is in its grades and levels."""
    group = is_in(row, entrants, view)
    if is_group_share(row):
        return float(np.average(group, weights=weights))
    if not weights[group].sum() > 0:
        return np.nan
    now, _ = values(row, entrants, np.flatnonzero(group), 0, view.baseline_visit[group])
    return float(np.average(now, weights=weights[group]))


def _mean(values: Float[ndarray, "draw row"]) -> Float[ndarray, " row"]:
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.divide(total, known.sum(axis=0), out=np.full(len(total), np.nan), where=known.any(axis=0))


def _too_few(found: EntryMatch) -> Fault:
    errors = np.array([sampling_error(row, row.sd, row.value) for row in found.rows])
    missed = np.abs(found.unweighted - [row.value for row in found.rows]) / np.maximum(errors, np.finfo(float).eps)
    worst = int(np.nanargmax(np.where(np.isfinite(missed), missed, -1.0)))
    row, before = found.rows[worst], found.unweighted[worst]
    return Fault(
        "case mix",
        "a table that enough of the simulated patients who enter resemble",
        f"{100 * found.effective_share:.1f} % of them would still count",
        f"Furthest off is {row.target_id}, {row.measure} {row.value:g} where {before:.3g} is simulated: compare its "
        "grades, levels and days with the entry criteria, or leave it out.",
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

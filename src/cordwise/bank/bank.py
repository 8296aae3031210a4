"""The patient bank: simulated patients at entry, and what each would score with and without treatment."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int, Int8
from numpy import ndarray

from cordwise.bank.confirmation import second_grades
from cordwise.bank.entrants import Entrants, joined_entrants, who_enter
from cordwise.bank.people import drawn_people, of_age
from cordwise.bank.spec import CONTROL, BankSpec, PatientBank
from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.outcome_parameters import bank_parameter
from cordwise.patient.parameters import PopulationParameters
from cordwise.population.case_mix.entry_match import (
    EntryMatch,
    Weighed,
    entry_match,
    low_variance_sample,
    weigh_entrants,
)
from cordwise.population.examination_day import visit_days, visit_label
from cordwise.population.posterior import Posterior

__all__ = ["CONTROL", "BankSpec", "PatientBank", "build_bank"]

_SPARE = 1.1  # people drawn in a round, as a multiple of those expected to be enough
_FEWEST_AT_A_TIME = 32
_MOST_AT_A_TIME = 4096  # people of one parameter set in a round, where next to nobody has been found yet
_MOST_TRIED = 200_000  # people of one parameter set; by then the criteria hold for next to nobody
_TRIED_IN_VAIN = 500_000  # people of all parameter sets together, where not one of them may enter


def build_bank(
    spec: BankSpec,
    posterior: Posterior,
    streams: Streams,
    *,
    counterfactuals: Mapping[str, Counterfactual] | None = None,
) -> PatientBank:
    """Simulate people of every parameter set until enough are eligible, each without and with each treatment.

    With a case mix every parameter set is weighed on its own and gives the same number: sets whose people need less
    weighing count no more than others. A set of whose people only a handful resemble the case mix gives nobody.

    Parameters
    ----------
    spec
        Entry criteria, day of baseline and visits, case mix, how many.
    posterior
        The fitted population.
    streams
        Random streams: the bank is the same whatever else is asked of them, and the groups of a larger one begin with
        the people of a smaller one, unless a case mix chooses among them.
    counterfactuals
        What happens beside the course without cells, by name.

    Raises
    ------
    InputError
        The spec contradicts itself, or hardly any simulated patient resembles the case mix.
    ModelError
        Hardly anybody meets the entry criteria.
    """
    if faults := tuple(spec.faults()):
        raise InputError(faults)
    sets, draws = posterior.spread(spec.sets)
    everyone = {CONTROL: without_cells(), **(counterfactuals or {})}
    found, match = _chosen(spec, _entrants(spec, sets, streams), len(sets), streams)
    return _bank(spec, found, draws, posterior.parent[draws], everyone, streams, match)


def _entrants(spec: BankSpec, sets: Sequence[PopulationParameters], streams: Streams) -> Entrants:
    """Draw people in rounds, of the parameter sets that lack some, and keep the first of each who may enter."""
    wanted = _wanted(spec)
    tried, entered = np.zeros(len(sets), int), np.zeros(len(sets), int)
    parts: list[Entrants] = []
    while (missing := np.flatnonzero(entered < wanted)).size:
        share = (entered.sum() + 1) / (tried.sum() + 2)
        count = np.ceil(_SPARE * (wanted - entered[missing]) / share).astype(int)
        count = np.clip(count, _FEWEST_AT_A_TIME, _MOST_AT_A_TIME)
        found = drawn_people(
            sets,
            streams,
            missing,
            tried[missing],
            count,
            lambda people: who_enter(people, spec.entry, streams),
            chosen=of_age(*spec.age_years),
        )
        entered += sum(np.bincount(part.people.set_number, minlength=len(sets)) for part in found)
        parts += found
        tried[missing] += count
        in_vain = not entered.any() and tried.sum() >= _TRIED_IN_VAIN
        if in_vain or (tried[entered < wanted] >= _MOST_TRIED).any():
            raise ModelError(str(_nobody(spec, int(entered.sum()), int(tried.sum()))))
    return _first_of_each(parts, wanted)


def _wanted(spec: BankSpec) -> int:
    """Return how many are to enter from each parameter set before any is chosen by the case mix."""
    filled = spec.people * spec.groups
    if spec.case_mix is None:
        return filled
    return max(int(bank_parameter("least_weighed_entrants")), int(bank_parameter("weighed_for_each_chosen") * filled))


def _first_of_each(parts: Sequence[Entrants], wanted: int) -> Entrants:
    number = np.concatenate([part.people.set_number for part in parts])
    order = np.lexsort((np.concatenate([part.people.patients.ids for part in parts]), number))
    starts = np.searchsorted(number[order], np.arange(number.max() + 1))
    chosen = order[(starts[:, None] + np.arange(wanted)).ravel()]
    return joined_entrants(parts)[chosen]


def _nobody(spec: BankSpec, entered: int, tried: int) -> Fault:
    found = f"{entered} among {tried} simulated patients"
    advice = f"Widen grades, levels or age: {to_plain(spec)}"
    return Fault("population", "entry criteria that some patients of every parameter set meet", found, advice)


def _chosen(spec: BankSpec, found: Entrants, sets: int, streams: Streams) -> tuple[Entrants, EntryMatch | None]:
    """Return those in the bank, set by set and group by group; the people of a set are dealt to its groups in turn."""
    by_set = np.arange(len(found.people)).reshape(sets, -1)
    if spec.case_mix is None:
        groups = by_set.reshape(sets, spec.people, spec.groups).swapaxes(1, 2)
        return found[groups.ravel()], None
    weighed: list[Weighed] = []
    rows: list[list[ndarray]] = []
    starts = streams("case-mix").uniforms(spec.groups, np.arange(sets))
    for number, own in enumerate(by_set):
        weighed.append(weigh_entrants(spec.case_mix, found.baseline[own]))
        rows.append([])
        for group in range(spec.groups):
            mine = slice(group, None, spec.groups)
            weights = weighed[-1].weights[mine]
            rows[-1].append(own[mine][low_variance_sample(weights, spec.people, float(starts[number, group]))])
    match = entry_match(spec.case_mix, weighed)
    return found[np.concatenate([each for place in np.flatnonzero(match.used) for each in rows[place]])], match


def _bank(
    spec: BankSpec,
    found: Entrants,
    draws: Int[ndarray, " set"],
    parent: Int[ndarray, " set"],
    everyone: Mapping[str, Counterfactual],
    streams: Streams,
    match: EntryMatch | None,
) -> PatientBank:
    patients, baseline = found.people.patients, found.baseline
    planned = zip(spec.visits, spec.half_widths, strict=True)
    later = [visit_days(streams, day, half, patients.ids) for day, half in planned]
    days = np.column_stack((found.baseline_day, *later))
    labels = tuple(map(visit_label, spec.visits))
    seen = found.people.examined_in(everyone, days[:, 1:], labels, streams)
    outcomes = {name: baseline.then(later) for name, later in seen.items()}
    return PatientBank(
        days=(sum(spec.baseline_day) / 2, *spec.visits),
        ids=patients.ids,
        age_years=patients.age_years,
        sex=np.where(patients.is_male, "male", "female"),
        neurological_level=baseline.neurological_level[:, 0],
        baseline_ais=baseline.ais[:, 0],
        baseline_day=found.baseline_day,
        parameter_draw=draws[found.people.set_number].astype(np.int16),
        examination_day=days,
        dose_day=MappingProxyType({name: world.dose_days(patients) for name, world in everyone.items()}),
        outcomes=MappingProxyType(outcomes),
        sets=int(match.used.sum()) if match else len(draws),
        groups=spec.groups,
        case_mix=match.in_figures() if match else None,
        parent_draw=parent[found.people.set_number].astype(np.int16),
        second_ais=_second_ais(found, days[:, 1:], labels, everyone, streams) if spec.confirmed else {},
    )


def _second_ais(
    found: Entrants,
    days: Float[ndarray, "patient visit"],
    labels: Sequence[str],
    everyone: Mapping[str, Counterfactual],
    streams: Streams,
) -> Mapping[str, Int8[ndarray, "patient time"]]:
    """Return the second grades at baseline, where they are those of the first, and at the later visits."""
    later = second_grades(found.people, everyone, days, labels, streams)
    return MappingProxyType({name: np.column_stack((found.baseline.ais, each)) for name, each in later.items()})

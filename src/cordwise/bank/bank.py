"""The patient bank: simulated patients at entry, and what each would score with and without treatment."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.bank.cache_file import read_bank, write_bank
from cordwise.bank.spec import CONTROL, BankRecord, BankSpec, PatientBank
from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.base.provenance import VERSIONED_PACKAGES, sha256_of
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.outcome_parameters import bank_parameter
from cordwise.patient.outcomes import Outcomes, follow
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients, draw_patients
from cordwise.population.case_mix.entry_match import (
    EntryMatch,
    Weighed,
    entry_match,
    low_variance_sample,
    weigh_entrants,
)
from cordwise.population.examination_day import uniform_days, visit_days, visit_label
from cordwise.population.natural_recovery import is_eligible
from cordwise.population.posterior import Posterior
from cordwise.population.prediction import effective_count

__all__ = ["CONTROL", "BankRecord", "BankSpec", "PatientBank", "build_bank", "read_bank", "write_bank"]

CANDIDATES_PER_BLOCK = (
    2048  # candidates that share one parameter draw; fixed, so that a bank does not depend on its size
)
_MAX_BLOCKS_WITHOUT_A_PATIENT = 100
_BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Patients of one parameter set who are of age, and their entry examination."""

    number: int
    draw: int
    parameters: PopulationParameters
    patients: VirtualPatients
    baseline_day: Float[ndarray, " patient"]
    baseline: Outcomes


@dataclass(frozen=True, slots=True)
class _Block:
    """Patients of one parameter set who enter, followed in every counterfactual."""

    draw: int
    patients: VirtualPatients
    examination_day: Float[ndarray, "patient time"]
    baseline: Outcomes
    dose_day: Mapping[str, Float[ndarray, " patient"]]
    outcomes: Mapping[str, Outcomes]


def build_bank(
    spec: BankSpec,
    posterior: Posterior,
    streams: Streams,
    *,
    counterfactuals: Mapping[str, Counterfactual] | None = None,
) -> PatientBank:
    """Simulate patients until `spec.patients` are eligible, each without cells and in every other counterfactual.

    With a case mix every parameter set gives the same number, drawn in proportion to weights of its own: sets whose
    patients need less weighing count no more than others.

    Parameters
    ----------
    spec
        Entry criteria, day of baseline and visits, case mix.
    posterior
        The fitted population; blocks of candidates take its draws in turn.
    streams
        Random streams: the bank is the same whatever else is asked of them.
    counterfactuals
        What happens beside the course without cells, by name.

    Raises
    ------
    InputError
        The spec contradicts itself, or hardly any simulated patient resembles the case mix.
    ModelError
        Nobody meets the entry criteria.
    """
    if faults := tuple(spec.faults()):
        raise InputError(faults)
    everyone = {CONTROL: without_cells(), **(counterfactuals or {})}
    blocks: list[_Block] = []
    weighed: list[Weighed] = []
    missing, number = spec.patients, 0
    while missing > 0:
        candidates = _candidates(number, spec, posterior, streams)
        chosen = _choose(candidates, spec, streams, missing, weighed)
        blocks.append(_follow(candidates, chosen, spec, streams, everyone))
        missing, number = missing - len(chosen), number + 1
        if missing == spec.patients and number >= _MAX_BLOCKS_WITHOUT_A_PATIENT:
            raise ModelError(str(_nobody(spec, number)))
    match = entry_match(spec.case_mix, weighed) if spec.case_mix else None
    return _join(spec, blocks, _record(spec, streams, blocks, match))


def _nobody(spec: BankSpec, blocks: int) -> Fault:
    found = f"none among {blocks * CANDIDATES_PER_BLOCK} simulated patients"
    advice = f"Widen grades, levels or age: {to_plain(spec)}"
    return Fault("population", "entry criteria that some patients meet", found, advice)


def _candidates(number: int, spec: BankSpec, posterior: Posterior, streams: Streams) -> _Candidates:
    draw = number % len(posterior.draws)
    parameters = posterior.draws[draw]
    patients = draw_patients(parameters, streams, count=CANDIDATES_PER_BLOCK, first=number * CANDIDATES_PER_BLOCK)
    days = uniform_days(streams, spec.baseline_day, patients.ids)
    of_age = (patients.age_years >= spec.age_years[0]) & (patients.age_years < spec.age_years[1] + 1)
    patients, days = patients[of_age], days[of_age]
    baseline = follow(patients, days[:, None], (_BASELINE,), parameters, streams, without_cells())
    return _Candidates(number, draw, parameters, patients, days, baseline)


def _choose(
    candidates: _Candidates, spec: BankSpec, streams: Streams, missing: int, weighed: list[Weighed]
) -> Int[ndarray, " chosen"]:
    """Return the places of those who enter; with a case mix, weigh them and refuse a table that too few resemble."""
    eligible = np.flatnonzero(is_eligible(candidates.baseline, spec.levels, spec.grades))
    if spec.case_mix is None or not len(eligible):
        return eligible[:missing]
    weighed.append(weigh_entrants(spec.case_mix, candidates.baseline[eligible]))
    entry_match(spec.case_mix, weighed)
    count = min(missing, _patients_per_block(weighed[0]))
    start = float(streams("case-mix").generator(candidates.number).random())
    return eligible[low_variance_sample(weighed[-1].weights, count, start)]


def _patients_per_block(first: Weighed) -> int:
    """Return how many each parameter set gives to a weighed bank: about what those of the first are worth."""
    least, most = (bank_parameter(f"{end}_weighed_per_block") for end in ("least", "most"))
    return int(np.clip(effective_count(first.weights), least, most))


def _follow(
    candidates: _Candidates,
    chosen: Int[ndarray, " chosen"],
    spec: BankSpec,
    streams: Streams,
    counterfactuals: Mapping[str, Counterfactual],
) -> _Block:
    patients = candidates.patients[chosen]
    planned = zip(spec.visits, spec.half_widths, strict=True)
    later = [visit_days(streams, day, half, patients.ids) for day, half in planned]
    days = np.column_stack((candidates.baseline_day[chosen], *later))
    labels = (_BASELINE, *map(visit_label, spec.visits))
    parameters = candidates.parameters
    return _Block(
        candidates.draw,
        patients,
        days,
        candidates.baseline[chosen],
        {name: each.dose_days(patients) for name, each in counterfactuals.items()},
        {name: follow(patients, days, labels, parameters, streams, each) for name, each in counterfactuals.items()},
    )


def _join(spec: BankSpec, blocks: Sequence[_Block], record: BankRecord) -> PatientBank:
    days = np.concatenate([block.examination_day for block in blocks])
    names = blocks[0].outcomes
    return PatientBank(
        days=(sum(spec.baseline_day) / 2, *spec.visits),
        ids=np.concatenate([block.patients.ids for block in blocks]),
        age_years=np.concatenate([block.patients.age_years for block in blocks]),
        sex=np.where(np.concatenate([block.patients.is_male for block in blocks]), "male", "female"),
        neurological_level=np.concatenate([block.baseline.neurological_level[:, 0] for block in blocks]),
        baseline_ais=np.concatenate([block.baseline.ais[:, 0] for block in blocks]),
        baseline_day=days[:, 0],
        parameter_draw=np.concatenate([np.full(len(block.patients), block.draw, np.int16) for block in blocks]),
        examination_day=days,
        dose_day=MappingProxyType({name: np.concatenate([block.dose_day[name] for block in blocks]) for name in names}),
        outcomes=MappingProxyType({name: _joined([block.outcomes[name] for block in blocks]) for name in names}),
        record=record,
    )


def _joined(parts: Sequence[Outcomes]) -> Outcomes:
    names = [measure.name for measure in fields(Outcomes)]
    return Outcomes(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _record(spec: BankSpec, streams: Streams, blocks: Sequence[_Block], match: EntryMatch | None) -> BankRecord:
    rows = {"case_mix": to_plain(spec.case_mix.rows)} if spec.case_mix else {}
    text = json.dumps(to_plain(spec) | rows, sort_keys=True)
    record = BankRecord(
        seed=streams.seed,
        spec=replace(spec, case_mix=None),
        spec_sha256=sha256_of(text.encode()),
        versions={name: version(name) for name in VERSIONED_PACKAGES},
    )
    if match is None:
        return record
    distinct = len(np.unique(np.concatenate([block.patients.ids for block in blocks])))
    return replace(record, case_mix=match.in_figures(), distinct_patients=distinct)

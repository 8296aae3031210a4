"""The patient bank: simulated patients at entry, and what each would score with and without treatment."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from jaxtyping import Float, Int8
from numpy import ndarray

from cordwise.cohort.outcomes import Outcomes, follow
from cordwise.cohort.posterior import Posterior
from cordwise.cohort.recovery import is_eligible, uniform_days
from cordwise.cohort.world import World, natural_world
from cordwise.cord.patients import VirtualPatients, draw_patients
from cordwise.errors import Fault, ModelError
from cordwise.provenance import VERSIONED_PACKAGES, sha256_of
from cordwise.randomness import Streams

CONTROL = "control"
CANDIDATES_PER_BLOCK = (
    4096  # candidates that share one parameter draw; fixed, so that a bank does not depend on its size
)
_MAX_BLOCKS_WITHOUT_A_PATIENT = 50
_MEASURES = tuple(item.name for item in fields(Outcomes))


@dataclass(frozen=True, slots=True)
class BankSpec:
    """Who enters and when they are examined; all days count from the injury."""

    grades: tuple[int, ...]
    levels: tuple[int, int]
    age_years: tuple[float, float]
    baseline_day: tuple[float, float]
    visits: tuple[float, ...]
    patients: int


@dataclass(frozen=True, slots=True)
class PatientBank:
    """Simulated patients with paired outcomes: the same person, the same examiners, one world beside the other.

    `days[0]` is the middle of the baseline window, and `outcomes[world]` holds the baseline examination at time 0.
    """

    days: tuple[float, ...]
    age_years: Float[ndarray, " patient"]
    sex: ndarray
    neurological_level: Int8[ndarray, " patient"]
    baseline_ais: Int8[ndarray, " patient"]
    baseline_day: Float[ndarray, " patient"]
    parameter_draw: Int8[ndarray, " patient"]
    outcomes: Mapping[str, Outcomes]
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.age_years)


@dataclass(frozen=True, slots=True)
class _Block:
    """Eligible patients of one block of candidates."""

    draw: int
    patients: VirtualPatients
    baseline_day: Float[ndarray, " patient"]
    baseline: Outcomes
    outcomes: Mapping[str, Outcomes]


def build_bank(
    spec: BankSpec, posterior: Posterior, streams: Streams, *, worlds: Mapping[str, World] | None = None
) -> PatientBank:
    """Simulate patients until `spec.patients` are eligible, each in the control world and in every other one.

    Parameters
    ----------
    spec
        Entry criteria, day of baseline and visits.
    posterior
        The fitted population; blocks of candidates take its draws in turn.
    streams
        Random streams: the bank is the same whatever else is asked of them.
    worlds
        Worlds beside the control, by name.
    """
    everyone = {CONTROL: natural_world(), **(worlds or {})}
    blocks: list[_Block] = []
    missing, number = spec.patients, 0
    while missing > 0:
        block = _simulate_block(number, spec, posterior, streams, everyone, missing)
        blocks, missing, number = [*blocks, block], missing - len(block.patients), number + 1
        if missing == spec.patients and number >= _MAX_BLOCKS_WITHOUT_A_PATIENT:
            raise ModelError(str(_nobody(spec, number)))
    return _join(spec, blocks, streams, everyone)


def _nobody(spec: BankSpec, blocks: int) -> Fault:
    found = f"none among {blocks * CANDIDATES_PER_BLOCK} simulated patients"
    return Fault(
        "population", "entry criteria that some patients meet", found, f"Widen grades, levels or age: {asdict(spec)}"
    )


def _simulate_block(
    number: int, spec: BankSpec, posterior: Posterior, streams: Streams, worlds: Mapping[str, World], wanted: int
) -> _Block:
    draw = number % len(posterior.draws)
    parameters = posterior.draws[draw]
    candidates = draw_patients(parameters, streams, count=CANDIDATES_PER_BLOCK, first=number * CANDIDATES_PER_BLOCK)
    days = uniform_days(streams, spec.baseline_day, candidates.ids)
    of_age = (candidates.age_years >= spec.age_years[0]) & (candidates.age_years < spec.age_years[1] + 1)
    candidates, days = candidates[of_age], days[of_age]
    baseline = follow(candidates, days[:, None], ("baseline",), parameters, streams, natural_world())
    chosen = np.flatnonzero(is_eligible(baseline, spec.levels, spec.grades))[:wanted]
    patients, days = candidates[chosen], days[chosen]
    visits = np.column_stack((days, np.broadcast_to(spec.visits, (len(days), len(spec.visits)))))
    labels = ("baseline", *(f"day-{day:g}" for day in spec.visits))
    outcomes = {name: follow(patients, visits, labels, parameters, streams, world) for name, world in worlds.items()}
    return _Block(draw, patients, days, baseline[chosen], outcomes)


def _join(spec: BankSpec, blocks: Sequence[_Block], streams: Streams, worlds: Mapping[str, World]) -> PatientBank:
    def gather(values: Sequence[ndarray]) -> ndarray:
        return np.concatenate(values)

    joined = {
        name: Outcomes(*(gather([getattr(block.outcomes[name], measure) for block in blocks]) for measure in _MEASURES))
        for name in worlds
    }
    return PatientBank(
        days=(sum(spec.baseline_day) / 2, *spec.visits),
        age_years=gather([block.patients.age_years for block in blocks]),
        sex=np.where(gather([block.patients.is_male for block in blocks]), "male", "female"),
        neurological_level=gather([block.baseline.neurological_level[:, 0] for block in blocks]),
        baseline_ais=gather([block.baseline.ais[:, 0] for block in blocks]),
        baseline_day=gather([block.baseline_day for block in blocks]),
        parameter_draw=gather([np.full(len(block.patients), block.draw, np.int16) for block in blocks]),
        outcomes=MappingProxyType(joined),
        metadata=MappingProxyType(_metadata(spec, streams)),
    )


def _metadata(spec: BankSpec, streams: Streams) -> dict[str, Any]:
    text = json.dumps(asdict(spec), sort_keys=True)
    versions = {name: version(name) for name in VERSIONED_PACKAGES}
    return {"seed": streams.seed, "spec": asdict(spec), "spec_sha256": sha256_of(text.encode()), "versions": versions}


def write_bank(bank: PatientBank, path: Path) -> None:
    """Write a bank as Parquet, one row for each patient; the same bank gives the same bytes."""
    columns: dict[str, Any] = {
        "age_years": bank.age_years,
        "sex": bank.sex,
        "neurological_level": bank.neurological_level,
        "baseline_ais": bank.baseline_ais,
        "baseline_day": bank.baseline_day,
        "parameter_draw": bank.parameter_draw,
    }
    for world, outcomes in bank.outcomes.items():
        columns |= {f"{world}.{measure}": getattr(outcomes, measure) for measure in _MEASURES}
    header = {
        "cordwise": json.dumps({"days": bank.days, "worlds": list(bank.outcomes), **bank.metadata}, sort_keys=True)
    }
    pl.DataFrame(columns).write_parquet(path, metadata=header)


def read_bank(path: Path) -> PatientBank:
    """Read a bank that `write_bank` wrote."""
    header = json.loads(pl.read_parquet_metadata(path)["cordwise"])
    table = pl.read_parquet(path)
    days, worlds = tuple(header.pop("days")), header.pop("worlds")
    outcomes = {world: Outcomes(*(table[f"{world}.{measure}"].to_numpy() for measure in _MEASURES)) for world in worlds}
    facts = {name: table[name].to_numpy() for name in table.columns if "." not in name}
    facts["sex"] = facts["sex"].astype(str)
    return PatientBank(days=days, outcomes=MappingProxyType(outcomes), metadata=MappingProxyType(header), **facts)

"""A typical person of the kind asked for, found in the population; and the life of that person."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.batches import joined
from cordwise.base.errors import Fault, InputError
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.isncsci import LEVELS
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.file import PatientRequest, read_patient, visit_faults
from cordwise.patient.life.result import PatientLife
from cordwise.patient.life.simulate import patient_life
from cordwise.patient.outcomes import BASELINE, Outcomes, follow
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients, draw_patients, with_own_kinetics
from cordwise.patient.syndromes import with_syndrome
from cordwise.population.entry import is_eligible
from cordwise.population.posterior import Posterior, load_posterior

ONE_YEAR_OF_VISITS = (1.0, 3.0, 7.0, 14.0, 28.0, 56.0, 84.0, 120.0, 183.0, 270.0, 365.0)
_CANDIDATES = 4096  # examined at a time until enough patients of the kind asked for are found
_MATCHES = 25  # of these, the one with the median outcome is shown
_MAX_CHUNKS = 12
_STEPS = 2


def simulate_patient(
    request: PatientRequest | str | Path,
    *,
    days: Sequence[int | float] | None = None,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> PatientLife:
    """Simulate a typical patient of the kind asked for, with the cells and without.

    Parameters
    ----------
    request
        Who is asked for, which cells, and when the patient is examined; or a path or the name of an example.
    days
        Days of the visits, after injury and within a year, instead of those of the request.
    seed
        Seed of the random streams; drawn, and kept in the result, when None.
    workers
        Threads to use, every core when None; the result does not depend on it.
    quiet
        No progress.

    Raises
    ------
    InputError
        The file has faults, a day is not within the year, or the population holds no such patient.
    """
    sought, options = request if isinstance(request, PatientRequest) else read_patient(request), {}
    if days is not None:
        if faults := list(visit_faults(days)):
            raise InputError(faults)
        sought = replace(sought, visit_days=tuple(sorted(map(float, days))))
        options = {"days": sought.visit_days}
    used = resolve_seed(seed)
    use_threads(workers)
    life = example_patient_life(sought, load_posterior(), Streams(used), quiet=quiet)
    return replace(life, provenance=Provenance.of("patient simulate", used, sought.origin, **options))


def example_patient_life(
    request: PatientRequest, posterior: Posterior, streams: Streams, *, quiet: bool = True
) -> PatientLife:
    """Find a typical patient under the best parameter set, and simulate that person's life; no provenance."""
    with progress("simulating a patient", _STEPS, quiet=quiet) as advance:
        person = typical_patient(request, posterior.best, streams)
        advance(1)
        life = patient_life(person, posterior.best, request, streams)
        advance(1)
    return life


def typical_patient(request: PatientRequest, parameters: PopulationParameters, streams: Streams) -> VirtualPatients:
    """Return, as a batch of one, the patient with the median motor score a year later among the first who match.

    Kinetics that the request gives are put on the person found, so that the same person is found with any of them.

    Raises
    ------
    InputError
        The population holds no such patient.
    """
    found = _first_matches(request, parameters, streams)
    if not len(found):
        raise InputError([_nobody(request)])
    seen = _seen_on(ONE_YEAR_OF_VISITS[-1], "one-year", found, parameters, streams)
    order = np.argsort(seen.uems[:, 0] + seen.lems[:, 0], kind="stable")
    return with_own_kinetics(found[order[len(found) // 2 : len(found) // 2 + 1]], request.kinetics)


def _first_matches(request: PatientRequest, parameters: PopulationParameters, streams: Streams) -> VirtualPatients:
    found: list[VirtualPatients] = []
    for chunk in range(_MAX_CHUNKS):
        candidates = draw_patients(parameters, streams, count=_CANDIDATES, first=chunk * _CANDIDATES)
        if request.syndrome:
            candidates = with_syndrome(candidates, request.syndrome, parameters.cord_length_mm)
        baseline = _seen_on(request.baseline_day, BASELINE, candidates, parameters, streams)
        of_age = (candidates.age_years >= request.age_years[0]) & (candidates.age_years <= request.age_years[1])
        found.append(candidates[of_age & is_eligible(baseline, request.levels, [request.grade])])
        if sum(map(len, found)) >= _MATCHES:
            break
    return joined(found)[:_MATCHES]


def _seen_on(
    day: float, label: str, patients: VirtualPatients, parameters: PopulationParameters, streams: Streams
) -> Outcomes:
    days: Float[ndarray, "patient 1"] = np.full((len(patients), 1), day)
    return follow(patients, days, (label,), parameters, streams, without_cells())


def _nobody(request: PatientRequest) -> Fault:
    levels = "-".join(LEVELS[level] for level in request.levels)
    ages = "{:g} to {:g} years".format(*request.age_years)
    pattern = f", {request.syndrome.name}" if request.syndrome else ""
    asked = f"AIS {request.grade.name}, {levels} on day {request.baseline_day:g}, {ages}{pattern}"
    return Fault("patient", "a kind of patient that the population holds", asked, "Widen the levels or the ages.")

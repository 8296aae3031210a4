"""One study, appraised: each step in order, from the published numbers to the result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.appraisal.arms import appraise_arm
from cordwise.appraisal.assumptions import assumptions, sources
from cordwise.appraisal.comparator import BASELINE_GRID, Comparator, comparator, expected_by_baseline_day
from cordwise.appraisal.example_patient import SHOWN_TRANSLATION, example_patient
from cordwise.appraisal.expected_improvers import INTERVAL
from cordwise.appraisal.natural_recovery import Effort
from cordwise.appraisal.result import (
    Appraisal,
    AppraisedStudy,
    BaselineDayPoint,
    ObservedShare,
    RecoveryCourse,
    RecoveryTimeline,
    to_eight_digits,
)
from cordwise.appraisal.study import Claim, Study, read_study
from cordwise.appraisal.translation import regimen_of, translation_of
from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, memory_faults
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.atlas_store import kept_step_errors
from cordwise.cord.self_check import numerics
from cordwise.patient.file_types import Grade
from cordwise.population.choice import ChosenPopulation, population_of
from cordwise.population.posterior import load_posterior

_STEPS = 4
_FEWEST_DRAWS = 2  # one parameter set has no interval


def appraise(
    study: Study | str | Path,
    *,
    population: ChosenPopulation | str | Path | None = None,
    draws: int = 200,
    patients: int = 600,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
    portrait: bool = True,
) -> Appraisal:
    """Compare what a study reports with what its patients would have done without cells.

    Parameters
    ----------
    study
        A study that `read_study` returned, the path of its file, or the name of a shipped example.
    population
        Whose natural recovery is expected: `choose_population(registry="emsci")`, or a file of `population calibrate`.
        When None what the study states, or else that of a registry not yet seen.
    draws
        Parameter sets of the population, of the 200 that ship, evenly spread; they give the intervals.
    patients
        Simulated patients examined at baseline for each parameter set.
    seed
        Seed of the random streams; drawn, and kept in the result, when None.
    workers
        Threads to use, every core when None; the result does not depend on it.
    quiet
        No progress.
    portrait
        Simulate one patient of the study's kind as well, whom the report shows; the answer needs none.

    Raises
    ------
    InputError
        The file has faults, an argument is out of range, or hardly any simulated patient resembles the case mix.
    """
    checked = study if isinstance(study, Study) else read_study(study)
    _check(draws, patients)
    use_threads(workers)
    used = resolve_seed(seed)
    whose = population_of(population, checked.population)
    origin = whose.kept_with(checked.origin)
    given = whose.options if whose is not checked.population else {}
    record = Provenance.of("appraise", used, origin, draws=draws, patients=patients, **given)
    with progress("appraising", _STEPS, quiet=quiet) as advance:
        found = to_eight_digits(_appraised(checked, whose, Effort(draws, patients), Streams(used), record, advance))
        found = with_portrait(found, checked) if portrait else found
        advance(1)
    return found


def with_portrait(found: Appraisal, study: Study) -> Appraisal:
    """Return an appraisal with one simulated patient of its study's kind."""
    patient = example_patient(study, load_posterior(), Streams(found.provenance.seed))
    return replace(found, patient=to_eight_digits(patient))


def _appraised(
    study: Study,
    whose: ChosenPopulation,
    effort: Effort,
    streams: Streams,
    record: Provenance,
    advance: Callable[[int], None],
) -> Appraisal:
    first = study.claims[0]
    posterior = whose.posterior(streams)
    _, numbers = posterior.spread(effort.draws)
    matched = comparator(study, posterior.only(numbers), streams, effort=effort)
    advance(1)
    by_day = expected_by_baseline_day(study, _sizes(first, matched.grades), matched, streams, effort=effort)
    advance(1)
    translation = translation_of(study, matched, streams, effort=effort)
    advance(1)
    arms = [appraise_arm(study, claim, matched) for claim in study.claims]
    arm, needed = arms[0]
    match = matched.improvement.match
    return Appraisal(
        question=study.question,
        verdict=arm.verdict,
        verdict_words=arm.verdict_words,
        study=_published(study),
        arms=tuple(arm for arm, _ in arms),
        timeline=_timeline(study, first, matched),
        baseline_day_curve=_baseline_day_curve(by_day),
        bias=needed,
        translation=translation,
        numerics=numerics(kept_step_errors([None, regimen_of(study, SHOWN_TRANSLATION)])),
        registry=whose.words,
        assumptions=tuple(assumptions(study, whose.words, matched, effort)),
        case_mix=match.in_figures() if match else None,
        provenance=record,
    )


def _check(draws: int, patients: int) -> None:
    faults = list(memory_faults("patients", patients, BYTES["patient"]))
    if draws < _FEWEST_DRAWS:
        faults.append(Fault("draws", f"{_FEWEST_DRAWS} or more", str(draws), is_argument=True))
    if patients < 1:
        faults.append(Fault("patients", "1 or more", str(patients), is_argument=True))
    if faults:
        raise InputError(faults)


def _sizes(claim: Claim, grades: tuple[Grade, ...]) -> Float[ndarray, " grade"]:
    return np.array([claim.baseline.get(grade, 0) for grade in grades], float)


def _published(study: Study) -> AppraisedStudy:
    return AppraisedStudy(
        name=study.name,
        product=study.product,
        route=str(study.route),
        dose_cells=study.dose_cells,
        dose_day=study.dose_day,
        baseline_day=study.baseline_day,
        followup_day=study.followup_day,
        levels=study.levels,
        improved_grades=study.improved_grades,
        confirmed=study.confirmed,
        controlled=study.controlled,
        blinded=study.blinded,
        sources=tuple(sources(study)),
    )


def _timeline(study: Study, claim: Claim, matched: Comparator) -> RecoveryTimeline:
    shares = matched.timeline.chances(matched.correlation)
    shares = np.stack([matched.with_structure(shares[:, :, day]) for day in range(shares.shape[2])], axis=2)
    low, high = np.quantile(shares, INTERVAL, axis=0)
    mean = shares.mean(axis=0)
    series = (
        RecoveryCourse(grade, *(tuple(each[row].tolist()) for each in (mean, low, high)))
        for row, grade in enumerate(matched.grades)
    )
    return RecoveryTimeline(matched.days, tuple(series), _observed(study, claim))


def _observed(study: Study, claim: Claim) -> tuple[ObservedShare, ...]:
    if claim.improved_by_grade is None:
        return ()
    improved = claim.improved_by_grade
    return tuple(
        ObservedShare(grade, study.followup_day, improved.get(grade, 0) / n, n, improved.get(grade, 0))
        for grade, n in claim.baseline.items()
        if n
    )


def _baseline_day_curve(by_day: Float[ndarray, "baseline draw"]) -> tuple[BaselineDayPoint, ...]:
    low, high = np.quantile(by_day, INTERVAL, axis=1)
    rows = zip(BASELINE_GRID, by_day.mean(axis=1), low, high, strict=False)
    return tuple(BaselineDayPoint(*map(float, row)) for row in rows)

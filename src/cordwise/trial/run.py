"""A design from the patients to the result, in one call."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np

from cordwise.bank.bank import build_bank
from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.atlas_store import kept_step_errors
from cordwise.cord.self_check import numerics
from cordwise.isncsci import AIS
from cordwise.patient.file_types import Grade
from cordwise.population.choice import ChosenPopulation, population_of
from cordwise.population.posterior import load_posterior
from cordwise.trial.analyse.simulate import prepare
from cordwise.trial.characteristics import enrolment_day
from cordwise.trial.characteristics.enrolment_day import enrolment_days
from cordwise.trial.characteristics.findings import find
from cordwise.trial.characteristics.precision import simulate_to_precision
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.collect import trial_result
from cordwise.trial.decide.adaptive import run_adaptive
from cordwise.trial.design.file import Design, read_design
from cordwise.trial.example_patient import example_patient
from cordwise.trial.observe.counterfactuals import bank_spec, regimens, scenario_counterfactuals
from cordwise.trial.plan.plan import TrialPlan, plan_trial
from cordwise.trial.result import TrialResult

EFFORTS = {"explore": 1_000, "design": 10_000, "dossier": 100_000}


def simulate_trial(
    design: Design | str | Path,
    *,
    population: ChosenPopulation | str | Path | None = None,
    replicates: int = 2000,
    precision: float | None = None,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
    sets: int | None = None,
    portrait: bool = True,
) -> TrialResult:
    """Simulate a design under its null and its effect scenarios.

    Parameters
    ----------
    design
        A design, the path of its file, or the name of a shipped one.
    population
        Whose natural recovery is assumed: `choose_population(registry="emsci")`, or a file of `population calibrate`.
        When None what the design states, or else that of a registry not yet seen.
    replicates
        Simulated trials in each scenario; with `precision`, at most so many.
    precision
        Stop as soon as the error of the simulation, replicates and people together, is no larger for any scenario's
        reject rate. How far parameter sets differ is no part of it: that only more evidence makes smaller.
    seed
        Decides patients and trials; drawn and kept in the result when None.
    workers
        Threads; the result does not depend on them. Every core when None.
    quiet
        Show no progress.
    sets
        Parameter sets in which the trials happen, spread evenly over those of the population; every one when None.
    portrait
        Simulate one patient of the trial's population as well, whom the report shows; the answer needs none.

    Raises
    ------
    InputError
        Too few replicates, or more than fit into memory; the design's file is missing or wrong.
    ModelError
        Nobody meets the entry criteria, or simulation and theory part.
    """
    design = design if isinstance(design, Design) else read_design(design)
    plan = plan_trial(design)
    require_replicates(replicates, precision)
    arrays = len(plan.scenarios) * len(plan.endpoints) * len(design.arms) * len(plan.looks)
    require_memory("replicates", replicates, arrays * BYTES["endpoint of a trial"])
    streams, workers = Streams(resolve_seed(seed)), use_threads(workers)
    whose = population_of(population, design.recovery)
    posterior = whose.posterior(streams, quiet=quiet)
    with progress("tissue and patients", _effects(plan) * len(plan.treatments) + 1, quiet=quiet) as advance:
        spec = bank_spec(plan, sets=sets)
        counterfactuals = scenario_counterfactuals(plan, streams, on_progress=advance)
        bank = build_bank(spec, posterior, streams, counterfactuals=counterfactuals)
        advance(1)
    prepared = prepare(plan, bank, streams)
    with progress("trials", replicates, quiet=quiet) as advance:
        simulated = simulate_to_precision(
            prepared, replicates=replicates, precision=precision, workers=workers, on_progress=advance
        )
    points = _effects(plan) * len(plan.endpoints) + len(enrolment_day.DAYS)
    with progress("other sizes and days", points, quiet=quiet) as advance:
        curves = sample_size_curves(prepared, replicates=replicates, workers=workers, on_progress=advance)
        days = enrolment_days(plan, posterior, streams, sets=sets, on_progress=advance)
    change = plan.adaptation
    result = trial_result(
        find(simulated, bank, curves),
        days,
        run_adaptive(prepared, change, replicates=simulated.replicates) if change else None,
        numerics=numerics(kept_step_errors(regimens(plan, streams))),
        commonest_grade=get_args(Grade)[int(np.bincount(bank.baseline_ais).argmax())],
        registry=whose.words,
        provenance=_record(design, whose, streams.seed, replicates=replicates, precision=precision),
    )
    return with_portrait(result, design) if portrait else result


def _record(design: Design, whose: ChosenPopulation, seed: int, **options: float | None) -> Provenance:
    """Return what the result records; a population that the design states stands in its file."""
    given = whose.options if whose is not design.recovery else {}
    return Provenance.of("trial simulate", seed, whose.kept_with(design.origin), **options, **given)


def with_portrait(result: TrialResult, design: Design) -> TrialResult:
    """Return a result with one simulated patient of the population of its design."""
    grade, streams = AIS[result.commonest_grade], Streams(result.seed)
    return replace(result, patient=example_patient(plan_trial(design), grade, load_posterior(), streams))


def require_replicates(replicates: int, precision: float | None = None) -> None:
    """Refuse a number of replicates whose rates have no error, and an error that no rate has."""
    faults = []
    if replicates < 2:
        expected = "2 or more, so that rates have an error"
        faults.append(Fault("replicates", expected, str(replicates), is_argument=True))
    if precision is not None and not 0 < precision < 0.5:
        faults.append(Fault("precision", "a number above 0 and below 0.5", f"{precision:g}", is_argument=True))
    if faults:
        raise InputError(faults)


def _effects(plan: TrialPlan) -> int:
    return len(plan.scenarios) - 1

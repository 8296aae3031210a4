"""A design from the patients to the result, in one call."""

from pathlib import Path
from typing import Any

from cordwise.bank.bank import build_bank
from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError
from cordwise.base.progress import progress
from cordwise.base.randomness import Streams
from cordwise.cord.self_check import numerics, population_step_errors
from cordwise.population.posterior import load_posterior
from cordwise.trial.characteristics import enrolment_day
from cordwise.trial.characteristics.enrolment_day import enrolment_days
from cordwise.trial.characteristics.findings import find
from cordwise.trial.characteristics.precision import simulate_to_precision
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.decide.adaptive import run_adaptive
from cordwise.trial.design.file import Design
from cordwise.trial.example_patient import example_patient
from cordwise.trial.observe.worlds import bank_spec, regimens, scenario_worlds
from cordwise.trial.plan.plan import TrialPlan, plan_trial
from cordwise.trial.result import trial_json

BANK_PATIENTS = 8000  # the truth of a share is then known to about half a percentage point, which the result reports
EFFORTS = {"explore": 1_000, "design": 10_000, "dossier": 100_000}


def run_trial(
    design: Design,
    *,
    seed: int,
    replicates: int,
    precision: float | None = None,
    base_directory: Path = Path(),
    workers: int = 1,
    quiet: bool = False,
    bank_patients: int = BANK_PATIENTS,
) -> dict[str, Any]:
    """Build the patient bank of a design, simulate its trials and return the result as plain JSON values.

    Parameters
    ----------
    design
        A checked design.
    seed
        Decides patients and trials.
    replicates
        Simulated trials in each scenario; with `precision`, at most so many.
    precision
        Stop as soon as the Monte Carlo error of every scenario's reject rate is no larger.
    base_directory
        The design file: what it names lies beside it.
    workers
        Threads that analyse trials; the result does not depend on them.
    quiet
        Show no progress.
    bank_patients
        Simulated patients from whom all trials draw.

    Raises
    ------
    InputError
        Too few replicates, or a file the design names is missing or wrong.
    ModelError
        Nobody meets the entry criteria, or simulation and theory part.
    """
    if replicates < 2:
        fault = Fault("--replicates", "2 or more, so that rates have an error", str(replicates))
        raise InputError([fault])
    plan, streams, posterior = plan_trial(design), Streams(seed), load_posterior()
    with progress("tissue and patients", _worlds(plan) + 1, quiet=quiet) as advance:
        spec = bank_spec(plan, patients=bank_patients, base_directory=base_directory)
        worlds = scenario_worlds(plan, streams, on_progress=advance)
        bank = build_bank(spec, posterior, streams, worlds=worlds)
        advance(1)
    with progress("trials", replicates, quiet=quiet) as advance:
        result = simulate_to_precision(
            plan, bank, streams, replicates=replicates, precision=precision, workers=workers, on_progress=advance
        )
    with progress("other sizes and days", _curves(plan) + len(enrolment_day.DAYS), quiet=quiet) as advance:
        curves = sample_size_curves(plan, bank, streams, replicates=replicates, on_progress=advance)
        days = enrolment_days(plan, posterior, streams, on_progress=advance)
    adaptive = run_adaptive(plan, bank, streams, replicates=result.replicates) if plan.design.adaptation else None
    return {
        **trial_json(find(result, bank, curves), days, adaptive),
        "numerics": to_plain(numerics(population_step_errors(regimens(plan, streams)))),
        "patient": example_patient(plan, bank, posterior, streams),
    }


def _worlds(plan: TrialPlan) -> int:
    return (len(plan.scenarios) - 1) * len(plan.treatments)


def _curves(plan: TrialPlan) -> int:
    return (len(plan.scenarios) - 1) * len(plan.endpoints)

"""A design from the patients to the result, in one call."""

from typing import Any

from cordwise.cohort.bank import build_bank
from cordwise.cohort.posterior import load_posterior
from cordwise.cord.self_check import numerics, population_step_errors
from cordwise.errors import Fault, InputError
from cordwise.progress import progress
from cordwise.randomness import Streams
from cordwise.trial.design import Design
from cordwise.trial.findings import find
from cordwise.trial.plan import plan_trial
from cordwise.trial.portrait import portrait
from cordwise.trial.result import trial_json
from cordwise.trial.simulate import simulate_trial
from cordwise.trial.worlds import bank_spec, regimens, scenario_worlds

BANK_PATIENTS = 8000  # the truth of a share is then known to about half a percentage point, which the result reports


def run_trial(
    design: Design, *, seed: int, replicates: int, quiet: bool = False, bank_patients: int = BANK_PATIENTS
) -> dict[str, Any]:
    """Build the patient bank of a design, simulate its trials and return the result as plain JSON values.

    Parameters
    ----------
    design
        A checked design.
    seed
        Decides patients and trials.
    replicates
        Simulated trials in each scenario.
    quiet
        Show no progress.
    bank_patients
        Simulated patients from whom all trials draw.
    """
    if replicates < 2:
        fault = Fault("--replicates", "2 or more, so that rates have an error", str(replicates))
        raise InputError([fault])
    plan, streams, posterior = plan_trial(design), Streams(seed), load_posterior()
    with progress("tissue and patients", len(plan.scenarios), quiet=quiet) as advance:
        worlds = scenario_worlds(plan, on_progress=advance)
        bank = build_bank(bank_spec(plan, patients=bank_patients), posterior, streams, worlds=worlds)
        advance(1)
    with progress("trials", 2 * replicates, quiet=quiet) as advance:
        result = simulate_trial(plan, bank, streams, replicates=replicates, on_progress=advance)
    return {
        **trial_json(find(result)),
        "numerics": numerics(population_step_errors(regimens(plan))),
        "patient": portrait(plan, bank, posterior, streams),
    }

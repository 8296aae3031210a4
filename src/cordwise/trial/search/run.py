"""A search from the patients to the result, in one call."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from cordwise.bank.bank import PatientBank, build_bank
from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError
from cordwise.base.progress import progress
from cordwise.base.randomness import Streams
from cordwise.cord.product import Regimen
from cordwise.cord.self_check import numerics, population_step_errors
from cordwise.population.posterior import load_posterior
from cordwise.trial.observe.worlds import bank_spec, regimens, scenario_worlds
from cordwise.trial.plan.plan import TrialPlan
from cordwise.trial.run import BANK_PATIENTS
from cordwise.trial.search.combinations import Combination, combinations
from cordwise.trial.search.file import Search
from cordwise.trial.search.replicates import SimulatedDesign, simulate_combinations
from cordwise.trial.search.result import search_json

MOST_TRIALS = 5_000_000  # in each scenario, all designs together: some hours of work


def run_search(
    search: Search,
    path: Path | str,
    *,
    seed: int,
    replicates: int,
    workers: int = 1,
    quiet: bool = False,
    bank_patients: int = BANK_PATIENTS,
) -> dict[str, Any]:
    """Simulate every combination of a search and return what each costs and finds, as plain JSON values.

    Every window of the baseline examination has a bank of its own, made of the same candidates; all other choices
    reuse it, and one bank is held at a time.

    Raises
    ------
    InputError
        Too many combinations or trials, choices that the base design cannot take, or a file it names is wrong.
    ModelError
        Nobody meets the entry criteria.
    """
    tried, streams = combinations(search, path), Streams(seed)
    require_trials(len(tried), replicates)
    simulated: list[SimulatedDesign] = []
    with progress("trials of all designs", len(tried) * replicates, quiet=quiet) as advance:
        for _, group in groupby(tried, key=lambda each: each.window):
            same_window = list(group)
            bank = bank_of(same_window[0].plan, search, streams, patients=bank_patients)
            simulated += simulate_combinations(
                same_window, bank, streams, replicates=replicates, workers=workers, on_progress=advance
            )
    solved = to_plain(numerics(population_step_errors(_regimens(tried, streams))))
    return {**search_json(search, simulated, seed=seed, replicates=replicates), "numerics": solved}


def require_trials(designs: int, replicates: int) -> None:
    """Refuse a number of replicates with which the search would not end, or whose rates have no error."""
    if replicates < 2:
        raise InputError([Fault("--replicates", "2 or more, so that rates have an error", str(replicates))])
    if designs * replicates > MOST_TRIALS:
        expected = f"at most {MOST_TRIALS // designs} for the {designs} designs of this search"
        advice = "Search with fewer, then simulate the designs of the frontier with more."
        raise InputError([Fault("--replicates", expected, str(replicates), advice)])


def bank_of(plan: TrialPlan, search: Search, streams: Streams, *, patients: int) -> PatientBank:
    """Return the bank of one window, with the world of the wanted scenario."""
    spec = bank_spec(plan, patients=patients, base_directory=search.base_path)
    return build_bank(spec, load_posterior(), streams, worlds=scenario_worlds(plan, streams))


def _regimens(tried: Sequence[Combination], streams: Streams) -> list[Regimen | None]:
    """Return what the tissue model is run with in any window."""
    first_of_window = {each.window: each.plan for each in reversed(tried)}
    return list(dict.fromkeys(each for plan in first_of_window.values() for each in regimens(plan, streams)))

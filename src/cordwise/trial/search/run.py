"""A search over designs from the patients to the result, in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from cordwise.bank.bank import PatientBank, build_bank
from cordwise.base.errors import Fault, InputError
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.atlas_store import kept_step_errors
from cordwise.cord.product import Regimen
from cordwise.cord.self_check import numerics
from cordwise.population.choice import ChosenPopulation, population_of
from cordwise.population.posterior import Posterior
from cordwise.trial.observe.counterfactuals import bank_spec, regimens, scenario_counterfactuals
from cordwise.trial.plan.plan import TrialPlan
from cordwise.trial.run import require_replicates
from cordwise.trial.search.combinations import Combination, combinations
from cordwise.trial.search.file import read_search
from cordwise.trial.search.result import Search, search_result
from cordwise.trial.search.simulate import SimulatedCombination, simulate_combinations
from cordwise.trial.search.spec import SearchSpec

MOST_TRIALS = 5_000_000  # in each scenario, all designs together: some hours of work


def search_designs(
    search: SearchSpec | str | Path,
    *,
    population: ChosenPopulation | str | Path | None = None,
    replicates: int = 2000,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
    sets: int | None = None,
) -> Search:
    """Simulate every design of a search; say what each costs, how often it finds the effect, and which is cheapest.

    Every window of the baseline examination has a bank of its own, made of the same candidates; all other choices
    reuse it, and one bank is held at a time.

    Parameters
    ----------
    search
        A search that `read_search` returned, the path of its file, or the name of a shipped example.
    population
        Whose natural recovery is assumed: `choose_population(registry="emsci")`, or a file of `population calibrate`.
        When None what the base design states, or else that of a registry not yet seen.
    replicates
        Simulated trials of each design in each scenario.
    seed
        Decides patients and trials; drawn, and stored in the result, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.
    sets
        Parameter sets in which the trials happen, spread evenly over those of the population; every one when None.

    Raises
    ------
    InputError
        A faulty file, too many designs or trials, or choices that the base design cannot take.
    ModelError
        Nobody meets the entry criteria.
    """
    spec = search if isinstance(search, SearchSpec) else read_search(search)
    tried = combinations(spec)
    require_trials(len(tried), replicates)
    threads, seed = use_threads(workers), resolve_seed(seed)
    streams = Streams(seed)
    whose = population_of(population, spec.base.recovery)
    posterior = whose.posterior(streams, quiet=quiet)
    simulated: list[SimulatedCombination] = []
    with progress("trials of all designs", len(tried) * replicates, quiet=quiet) as advance:
        for _, group in groupby(tried, key=lambda each: (each.window, each.plan.is_graded_twice)):
            same_entry = list(group)
            bank = _bank([each.plan for each in same_entry], posterior, streams, sets=sets)
            simulated += simulate_combinations(
                same_entry, bank, streams, replicates=replicates, workers=threads, on_progress=advance
            )
    return search_result(
        spec,
        simulated,
        numerics=numerics(kept_step_errors(_regimens(tried, streams))),
        provenance=_provenance(spec, seed, replicates, population_of(population).options),
    )


def require_trials(designs: int, replicates: int) -> None:
    """Refuse a number of replicates whose rates have no error, or with which the search would not end."""
    require_replicates(replicates)
    if designs * replicates > MOST_TRIALS:
        expected = f"at most {MOST_TRIALS // designs} for the {designs} designs of this search"
        advice = "Search with fewer, then simulate the designs of the frontier with more."
        raise InputError([Fault("replicates", expected, str(replicates), advice, is_argument=True)])


def _bank(plans: Sequence[TrialPlan], posterior: Posterior, streams: Streams, *, sets: int | None) -> PatientBank:
    """Return the bank of one window and one way of grading, with outcomes without cells and in the wanted scenario.

    It has the people that the largest design takes, and every visit that any of them reads.
    """
    plan = max(plans, key=lambda each: each.total)
    visits = tuple(sorted({day for each in plans for day in each.visits}))
    spec = bank_spec(replace(plan, visits=visits), sets=sets)
    return build_bank(spec, posterior, streams, counterfactuals=scenario_counterfactuals(plan, streams))


def _regimens(tried: Sequence[Combination], streams: Streams) -> list[Regimen | None]:
    """Return what the tissue model is run with in any window."""
    first_of_window = {each.window: each.plan for each in reversed(tried)}
    return list(dict.fromkeys(each for plan in first_of_window.values() for each in regimens(plan, streams)))


def _provenance(search: SearchSpec, seed: int, replicates: int, whose: Mapping[str, Any]) -> Provenance:
    """Return the record of a search; its base design is recorded by the name that the search file gives it."""
    options = {"replicates": replicates, "design": search.design, **whose}
    return Provenance("trial optimise", seed, search.origin.name, search.origin.sha256, options)

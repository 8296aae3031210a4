"""Several designs from the patients to their comparison, in one call."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.atlas_store import kept_step_errors
from cordwise.cord.self_check import numerics
from cordwise.population.choice import ChosenPopulation, population_of
from cordwise.population.posterior import Posterior
from cordwise.trial.compare.designs import ComparedDesign, compared_designs, read_designs
from cordwise.trial.compare.result import Comparison, comparison_result
from cordwise.trial.compare.simulate import shared_banks, simulate_design
from cordwise.trial.design.file import Design
from cordwise.trial.observe.counterfactuals import regimens
from cordwise.trial.run import require_replicates

MOST_DESIGNS = 8  # more lines than these cannot be told apart in one chart


def compare_trials(
    designs: Sequence[Design | str | Path],
    *,
    replicates: int = 2000,
    seed: int | None = None,
    population: ChosenPopulation | str | Path | None = None,
    workers: int | None = None,
    quiet: bool = True,
    sets: int | None = None,
) -> Comparison:
    """Simulate several designs on patients of the same seed and set them side by side.

    A replicate of every design happens in the same parameter set. Candidates come in the same order for every design:
    who meets the criteria of two designs is the same simulated person in both, with the same course of recovery and the
    same examiners.

    Parameters
    ----------
    designs
        Two to eight designs, paths of design files, or names of shipped examples; differences are taken against the
        first.
    replicates
        Simulated trials of each design in each scenario.
    seed
        Decides patients and trials; drawn, and stored in the result, when not given.
    population
        Whose natural recovery is assumed: `choose_population(registry="emsci")`, or a file of `population calibrate`.
        When None what each design states, or else that of a registry not yet seen.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.
    sets
        Parameter sets in which the trials happen, spread evenly over those of the population; every one when None.

    Raises
    ------
    InputError
        Fewer than two designs or too many, too few replicates, more than this machine can hold, or a faulty file.
    ModelError
        Nobody meets the entry criteria of a design, or simulation and theory part.
    """
    read = read_designs(designs)
    _require_numbers(read, replicates)
    given = compared_designs(read)
    _require_room(given, replicates)
    threads, seed = use_threads(workers), resolve_seed(seed)
    streams = Streams(seed)
    with progress("tissue and patients", len(given) + sum(map(_effects, given)), quiet=quiet) as advance:
        banks = shared_banks(given, _posteriors(read, population, streams), streams, sets=sets, on_progress=advance)
    with progress("trials", len(given) * replicates, quiet=quiet) as advance:
        simulated = [
            simulate_design(each, bank, streams, replicates=replicates, workers=threads, on_progress=advance)
            for each, bank in zip(given, banks, strict=True)
        ]
    given_cells = dict.fromkeys(chain.from_iterable(regimens(each.plan, streams) for each in given))
    return comparison_result(
        simulated,
        replicates=replicates,
        numerics=numerics(kept_step_errors(list(given_cells))),
        provenance=_provenance(read, seed, replicates, population_of(population).options),
    )


def _require_numbers(designs: Sequence[Design], replicates: int) -> None:
    faults = []
    if not 2 <= len(designs) <= MOST_DESIGNS:
        advice = "Name the files one after the other: cordwise trial compare A.toml B.toml"
        faults.append(Fault("designs", f"2 to {MOST_DESIGNS} designs", str(len(designs)), advice))
    try:
        require_replicates(replicates)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)


def _require_room(designs: Sequence[ComparedDesign], replicates: int) -> None:
    """Refuse a number of replicates whose estimates this machine cannot hold."""
    estimates = sum(len(each.plan.scenarios) * len(each.plan.looks) * len(each.plan.treatments) for each in designs)
    require_memory("replicates", replicates, max(1, estimates) * BYTES["endpoint of a trial"])


def _effects(design: ComparedDesign) -> int:
    """Return how many scenarios with an effect are simulated, counted for each treated arm."""
    return (len(design.plan.scenarios) - 1) * len(design.plan.treatments)


def _posteriors(
    designs: Sequence[Design], population: ChosenPopulation | str | Path | None, streams: Streams
) -> list[Posterior]:
    """Return the parameter sets of every design; designs that state the same share them."""
    chosen = [population_of(population, design.recovery) for design in designs]
    sets = {each.key: each for each in chosen}
    made = {key: each.posterior(streams) for key, each in sets.items()}
    return [made[each.key] for each in chosen]


def _provenance(designs: Sequence[Design], seed: int, replicates: int, whose: Mapping[str, Any]) -> Provenance:
    """Return the record of a comparison: the first design is its input, and all are recorded by their hashes."""
    hashes = {each.origin.name: each.origin.sha256 for each in designs}
    first = designs[0].origin
    options = {"replicates": replicates, "designs": hashes, **whose}
    return Provenance("trial compare", seed, first.name, first.sha256, options)

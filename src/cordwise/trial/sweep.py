"""A design with some of its values varied: every combination simulated on patients of the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

from cordwise.bank.bank import BankSpec, PatientBank, build_bank
from cordwise.base.assumptions import Assumption
from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import Advance, progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.result import Result
from cordwise.base.threads import use_threads
from cordwise.base.toml import shown
from cordwise.cord.atlas_store import kept_step_errors
from cordwise.cord.self_check import Numerics, numerics
from cordwise.population.choice import ChosenPopulation, population_of
from cordwise.population.posterior import Posterior
from cordwise.trial.analyse.simulate import Prepared, prepare, simulate_replicates
from cordwise.trial.assumptions import assumptions
from cordwise.trial.characteristics.findings import find
from cordwise.trial.characteristics.scenario_result import ScenarioResult
from cordwise.trial.collect import scenario_result
from cordwise.trial.design.changes import as_toml
from cordwise.trial.design.file import Design, DesignTables, read_design
from cordwise.trial.observe.counterfactuals import (
    BankRequest,
    regimens,
    scenario_counterfactuals,
    shared_requests,
)
from cordwise.trial.plan.plan import TrialPlan, plan_trial
from cordwise.trial.run import require_replicates

MOST_DESIGNS = 600  # a table that can still be read
MOST_TRIALS = 5_000_000  # in each scenario, all designs together: some hours of work
Scalar = bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptDesign:
    """One combination of values, by dotted path, and how the trial then behaves in every scenario."""

    values: Mapping[str, Scalar]
    scenarios: tuple[ScenarioResult, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Sweep(Result):
    """How a design behaves as some of its values are varied.

    Attributes
    ----------
    question, design
        What the design asks, and the design as it is without a change.
    grid
        The values of each dotted path; what is neither a number nor a text stands there as a design file has it.
    replicates, seed, parameter_sets
        Simulated trials of each design in each scenario, what decides them, and the sets in which they happen.
    designs
        Every combination, the last path varying fastest.
    assumptions
        What all designs rest on, each row once.
    numerics
        How exactly the tissue was solved.
    """

    kind: ClassVar[str] = "sweep"

    question: str
    design: DesignTables
    grid: Mapping[str, tuple[Scalar, ...]]
    replicates: int
    seed: int
    parameter_sets: int
    designs: tuple[SweptDesign, ...]
    assumptions: tuple[Assumption, ...]
    numerics: Numerics
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class _Point:
    """One combination to be simulated."""

    values: Mapping[str, Scalar]
    plan: TrialPlan


def sweep(
    design: Design | str | Path,
    grid: Mapping[str, Sequence[Any]],
    *,
    population: ChosenPopulation | str | Path | None = None,
    replicates: int = 500,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
    sets: int | None = None,
) -> Sweep:
    """Simulate a design with every combination of some values, on its primary endpoint.

    Every replicate happens in the same parameter set in all combinations. Those that ask for the same people and cells
    share one bank, with as many people as the largest of them takes; one bank and one combination are held at a time.
    ::

        sweep("subacute_msc", {"size.total": [80, 120, 160], "dropout.rate": [0.1, 0.2]}, seed=1)

    Parameters
    ----------
    design
        A design, the path of its file, or the name of a shipped one.
    grid
        The values of each dotted path, such as `size.total`, `endpoints.0.alpha` or `arms.cells.dose_cells`: a step
        into a list is a number, counted from 0, or a name. None leaves a key out.
    population
        Whose natural recovery is assumed: `choose_population(registry="emsci")`, or a file of `population calibrate`.
        When None what the design states, or else that of a registry not yet seen.
    replicates
        Simulated trials of each combination in each scenario.
    seed
        Decides patients and trials; drawn and kept in the result when None.
    workers
        Threads; the result does not depend on them. Every core when None.
    quiet
        Show no progress.
    sets
        Parameter sets in which the trials happen, spread evenly over those of the population; every one when None.

    Raises
    ------
    InputError
        A path leads nowhere, a combination breaks a rule, or there are too many; every fault is named.
    ModelError
        Nobody meets the entry criteria, or simulation and theory part.
    """
    design = design if isinstance(design, Design) else read_design(design)
    points = _points(design, grid)
    _require_trials([each.plan for each in points], replicates)
    streams, threads = Streams(resolve_seed(seed)), use_threads(workers)
    whose = population_of(population, design.recovery)
    posterior = whose.posterior(streams, quiet=quiet)
    found: dict[int, tuple[ScenarioResult, ...]] = {}
    rests_on: dict[Assumption, None] = {}
    with progress("trials of all designs", len(points) * replicates, quiet=quiet) as advance:
        requests = shared_requests([each.plan for each in points], sets=sets)
        for group in _sharing_a_bank(requests):
            bank = _bank(points[group[0]].plan, requests[group[0]][0], posterior, streams)
            rests_on |= _assumptions([points[place].plan for place in group], bank)
            ready: list[Prepared] = []
            for place in group:
                prepared = _prepared(ready, points[place].plan, bank, streams)
                found[place] = _simulated(prepared, replicates, threads, advance)
    given = dict.fromkeys(each for point in points for each in regimens(point.plan, streams))
    labels = {path: tuple(map(_scalar, values)) for path, values in grid.items()}
    return Sweep(
        question=design.question,
        design=design,
        grid=labels,
        replicates=replicates,
        seed=streams.seed,
        parameter_sets=bank.sets,
        designs=tuple(SweptDesign(values=each.values, scenarios=found[at]) for at, each in enumerate(points)),
        assumptions=tuple(rests_on),
        numerics=numerics(kept_step_errors(list(given))),
        provenance=_record(design, whose, streams.seed, replicates, labels),
    )


def _record(
    design: Design, whose: ChosenPopulation, seed: int, replicates: int, labels: Mapping[str, tuple[Any, ...]]
) -> Provenance:
    grid = {key: list(each) for key, each in labels.items()}
    given = whose.options if whose is not design.recovery else {}
    return Provenance.of("sweep", seed, whose.kept_with(design.origin), replicates=replicates, grid=grid, **given)


def _points(design: Design, grid: Mapping[str, Sequence[Any]]) -> list[_Point]:
    """Return every combination; the faults of all of them at once."""
    _require_lists(grid)
    points: list[_Point] = []
    faults: dict[Fault, None] = {}
    for values in product(*grid.values()):
        chosen = dict(zip(grid, values, strict=True))
        try:
            changed = design.with_values(chosen)
        except InputError as error:
            given = ", ".join(f"{path} = {_scalar(value)}" for path, value in chosen.items())
            faults |= {replace(each, where=f"grid, {given}: {each.where}"): None for each in error.faults}
            continue
        entry = plan_trial(changed).is_graded_twice  # who enters depends on the endpoints that are left out too
        plan = replace(plan_trial(replace(changed, endpoints=(changed.primary,))), is_graded_twice=entry)
        points.append(_Point({path: _scalar(value) for path, value in chosen.items()}, plan))
    if faults:
        raise InputError(faults)
    return points


def _require_lists(grid: Mapping[str, Sequence[Any]]) -> None:
    faults = []
    if not grid:
        faults.append(Fault("grid", "a path with its values", "nothing", 'Such as {"size.total": [80, 120]}.'))
    for path, values in grid.items():
        if isinstance(values, str) or not isinstance(values, Sequence) or not values:
            faults.append(Fault(f"grid, {path}", "a list of values", shown(values)))
    if faults:
        raise InputError([replace(each, is_argument=True) for each in faults])
    count = 1
    for values in grid.values():
        count *= len(values)
    if count > MOST_DESIGNS:
        advice = "Vary fewer values, or fewer of each."
        raise InputError([Fault("grid", f"at most {MOST_DESIGNS} combinations", str(count), advice, is_argument=True)])


def _require_trials(plans: Sequence[TrialPlan], replicates: int) -> None:
    """Refuse a number of replicates whose rates have no error, that would not end, or that one design cannot hold."""
    require_replicates(replicates)
    if len(plans) * replicates > MOST_TRIALS:
        expected = f"at most {MOST_TRIALS // len(plans)} for the {len(plans)} combinations"
        raise InputError([Fault("replicates", expected, str(replicates), is_argument=True)])
    arrays = max(len(each.scenarios) * len(each.looks) * len(each.treatments) for each in plans)
    require_memory("replicates", replicates, arrays * BYTES["endpoint of a trial"])


def _scalar(value: object) -> Scalar:
    """Return a value as the result holds it."""
    plain = as_toml(value)
    if plain is None:
        return "none"
    return plain if isinstance(plain, bool | int | float | str) else shown(plain)


def _sharing_a_bank(requests: Sequence[BankRequest]) -> Iterator[list[int]]:
    """Yield the places of combinations that ask for the same people and the same cells."""
    groups: list[tuple[BankRequest, list[int]]] = []
    for place, asked in enumerate(requests):
        group = next((places for known, places in groups if known == asked), None)
        if group is None:
            groups.append((asked, [place]))
        else:
            group.append(place)
    yield from (places for _, places in groups)


def _bank(plan: TrialPlan, spec: BankSpec, posterior: Posterior, streams: Streams) -> PatientBank:
    return build_bank(spec, posterior, streams, counterfactuals=scenario_counterfactuals(plan, streams))


def _prepared(ready: list[Prepared], plan: TrialPlan, bank: PatientBank, streams: Streams) -> Prepared:
    """Return what the bank says of a design; designs that read it alike read it once."""
    for each in ready:
        if _reads(each.plan) == _reads(plan):
            return replace(each, plan=plan)
    ready.append(prepare(plan, bank, streams))
    return ready[-1]


def _reads(plan: TrialPlan) -> tuple[object, ...]:
    """Return what decides outcomes and truths in a bank."""
    return plan.design.endpoints, plan.design.dropout, plan.events, plan.factors, plan.visits


def _simulated(prepared: Prepared, replicates: int, workers: int, advance: Advance) -> tuple[ScenarioResult, ...]:
    trials = simulate_replicates(prepared, replicates=replicates, workers=workers, on_progress=advance)
    findings = find(trials, prepared.bank, {})
    return tuple(scenario_result(findings, each) for each in findings.scenarios)


def _assumptions(plans: Sequence[TrialPlan], bank: PatientBank) -> dict[Assumption, None]:
    rows: dict[Assumption, None] = {}
    for plan in plans:
        rows |= dict.fromkeys(assumptions(plan, bank))
        if plan.adaptation is not None:
            what = f"simulated as planned, without the adaptation ({plan.adaptation.kind.replace('_', ' ')})"
            rows[Assumption(what=what, value="as stated", source="simplification")] = None
    return rows

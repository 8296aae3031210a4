"""The result of a search over designs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.assumptions import Assumption
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.self_check import Numerics
from cordwise.stats.nested_means import nested_mean, nested_rate
from cordwise.trial.analyse.simulated_value import known
from cordwise.trial.assumptions import assumptions
from cordwise.trial.search.cost import CostModel, cost_model
from cordwise.trial.search.frontier import Candidate, cheapest, frontier
from cordwise.trial.search.simulate import SimulatedCombination, TrialEnds
from cordwise.trial.search.spec import SearchGoal, SearchSpec, TrialPrices

_CHOICES = ("windows", "endpoints", "looks", "totals")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedDesign:
    """One design of the search: its choices, what it costs, and how often it finds the effect.

    Attributes
    ----------
    total, baseline_day, cells_day, last_visit_day, looks, sites
        Patients randomised, window of the baseline examination, day of the cells in each treated arm, day of the last
        visit, schedule of looks in words, and sites.
    endpoint, endpoint_day, analysis, missing, unit, scale
        The primary endpoint and how it is analysed.
    estimand_true, estimand_bank_error
        The true effect in each treated arm, averaged over the parameter sets, and how far it may lie from that in ever
        more people; None where unknown.
    power, mcse, total_error, sets_low95, sets_high95, power_low95
        Share of trials that reject in the wanted scenario, averaged over the parameter sets; its error of the
        simulation, and that with the parameters; where it lies in 95 % of the sets; and the lower end of its interval
        by the error of the simulation, which decides.
    null_rate, null_mcse, null_total_error, null_rate_high95
        The same in the null scenario, with the upper end.
    expected_n, expected_duration_days, cost, cost_under_null
        Mean patients, days and cost in the wanted scenario, with their errors; mean cost in the null one.
    keeps_null_rate, reaches_power, on_frontier
        Whether it meets the goal, and whether no other design beats it in cost and power.
    """

    total: int
    baseline_day: tuple[float, float]
    cells_day: tuple[float, ...]
    last_visit_day: float
    endpoint: str
    endpoint_day: float
    analysis: str
    missing: str
    unit: str
    scale: str
    looks: str
    sites: int
    estimand_true: tuple[float | None, ...]
    estimand_bank_error: tuple[float | None, ...]
    power: float
    mcse: float
    total_error: float | None
    sets_low95: float | None
    sets_high95: float | None
    power_low95: float
    null_rate: float
    null_mcse: float
    null_total_error: float | None
    null_rate_high95: float
    expected_n: float
    expected_n_mcse: float
    expected_n_total_error: float | None
    expected_duration_days: float
    expected_duration_mcse: float
    expected_duration_total_error: float | None
    cost: float
    cost_mcse: float
    cost_total_error: float | None
    cost_under_null: float
    keeps_null_rate: bool
    reaches_power: bool
    on_frontier: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Search(Result):
    """Designs tried for one goal.

    `frontier` and `cheapest` are places in `designs`: those that no other beats in cost and power, cheapest first, and
    the cheapest that reaches the power, None where none does. `varied` counts the choices of each list.
    """

    kind: ClassVar[str] = "trial_search"

    name: str
    question: str
    seed: int
    replicates: int
    parameter_sets: int
    goal: SearchGoal
    cost: TrialPrices
    varied: Mapping[str, int]
    designs: tuple[SearchedDesign, ...]
    frontier: tuple[int, ...]
    cheapest: int | None
    assumptions: tuple[Assumption, ...]
    numerics: Numerics
    provenance: Provenance


def search_result(
    search: SearchSpec, simulated: Sequence[SimulatedCombination], *, numerics: Numerics, provenance: Provenance
) -> Search:
    """Return the result of a search; designs stand in the order of the combinations."""
    costs, goal = cost_model(search.cost), search.goal
    points = [_candidate(each, costs) for each in simulated]
    front = frontier(points, most_null_rate=goal.most_null_rate)
    return Search(
        name=search.name,
        question=search.question,
        seed=provenance.seed,
        replicates=len(simulated[0].wanted.rejects),
        parameter_sets=simulated[0].bank.sets,
        goal=goal,
        cost=search.cost,
        varied={name: max(1, len(getattr(search, name))) for name in _CHOICES},
        designs=tuple(
            _design(search, each, point, costs, on_frontier=place in front)
            for place, (each, point) in enumerate(zip(simulated, points, strict=True))
        ),
        frontier=tuple(front),
        cheapest=cheapest(points, power=goal.power, most_null_rate=goal.most_null_rate),
        assumptions=(*_prices(search.cost), *_assumptions(simulated)),
        numerics=numerics,
        provenance=provenance,
    )


def _candidate(simulated: SimulatedCombination, costs: CostModel) -> Candidate:
    wanted, nesting = simulated.wanted, simulated.nesting
    return Candidate(
        cost=nested_mean(_cost(simulated, wanted, costs), nesting).value,
        found=nested_rate(wanted.rejects, nesting),
        rejected=nested_rate(simulated.null.rejects, nesting),
        replicates=len(nesting),
    )


def _cost(simulated: SimulatedCombination, ends: TrialEnds, costs: CostModel) -> Float[ndarray, " replicate"]:
    return costs.of(ends.enrolled, ends.day, sites=simulated.combination.plan.pace.sites)


def _design(
    search: SearchSpec, simulated: SimulatedCombination, point: Candidate, costs: CostModel, *, on_frontier: bool
) -> SearchedDesign:
    wanted, nesting, plan = simulated.wanted, simulated.nesting, simulated.combination.plan
    enrolled, day, cost, cost_under_null = (
        nested_mean(values, nesting)
        for values in (
            wanted.enrolled.astype(np.float64),
            wanted.day,
            _cost(simulated, wanted, costs),
            _cost(simulated, simulated.null, costs),
        )
    )
    primary, power, null_rate = plan.primary, point.found, point.rejected
    return SearchedDesign(
        total=plan.total,
        baseline_day=plan.baseline_day,
        cells_day=tuple(each.day for each in plan.treatments),
        last_visit_day=plan.visits[-1],
        endpoint=primary.name,
        endpoint_day=primary.day,
        analysis=primary.method.name,
        missing=primary.missing,
        unit=primary.kind.unit,
        scale=primary.method.scale,
        looks=_looks(search, simulated),
        sites=plan.pace.sites,
        estimand_true=tuple(known(each.value) for each in simulated.truths),
        estimand_bank_error=tuple(known(each.bank_error) for each in simulated.truths),
        power=power.value,
        mcse=power.mcse,
        total_error=known(power.total_error),
        sets_low95=known(power.sets_low95),
        sets_high95=known(power.sets_high95),
        power_low95=point.power_low95,
        null_rate=null_rate.value,
        null_mcse=null_rate.mcse,
        null_total_error=known(null_rate.total_error),
        null_rate_high95=point.null_rate_high95,
        expected_n=enrolled.value,
        expected_n_mcse=enrolled.mcse,
        expected_n_total_error=known(enrolled.total_error),
        expected_duration_days=day.value,
        expected_duration_mcse=day.mcse,
        expected_duration_total_error=known(day.total_error),
        cost=cost.value,
        cost_mcse=cost.mcse,
        cost_total_error=known(cost.total_error),
        cost_under_null=cost_under_null.value,
        keeps_null_rate=point.null_rate_high95 <= search.goal.most_null_rate,
        reaches_power=point.power_low95 >= search.goal.power,
        on_frontier=on_frontier,
    )


def _looks(search: SearchSpec, simulated: SimulatedCombination) -> str:
    plan = simulated.combination.plan
    if search.looks:
        return search.looks[simulated.combination.looks].name
    return f"{len(plan.looks)} as in the base design" if plan.has_looks else "none but the end"


def _prices(prices: TrialPrices) -> list[Assumption]:
    items = {"each patient enrolled": prices.patient, "each month of the trial": prices.month, "each site": prices.site}
    return [
        Assumption(what=f"cost of {what}, {prices.currency}", value=item.amount, source=item.source)
        for what, item in items.items()
    ]


def _assumptions(simulated: Sequence[SimulatedCombination]) -> list[Assumption]:
    """Return what the designs assume, each row once."""
    rows: list[Assumption] = []
    for each in simulated:
        listed = assumptions(each.combination.plan, each.bank)
        rows += [row for row in listed if row not in rows]
    return rows

"""The search as plain JSON values: what the command prints, runs store and the report is made from."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cordwise.stats.monte_carlo import mean, rate
from cordwise.trial.assumptions import assumptions
from cordwise.trial.plan.methods import METHODS
from cordwise.trial.result import without_nan
from cordwise.trial.search.answer import answer
from cordwise.trial.search.cost import CostModel, cost_model
from cordwise.trial.search.file import CostTable, Search, SearchFile
from cordwise.trial.search.frontier import Candidate, cheapest, frontier
from cordwise.trial.search.replicates import SimulatedDesign, TrialEnds


def search_json(search: Search, simulated: Sequence[SimulatedDesign], *, seed: int, replicates: int) -> dict[str, Any]:
    """Return the result of a search; rows stand in the order of the combinations."""
    file, costs = search.file, cost_model(search.file.cost)
    points = [_candidate(each, costs) for each in simulated]
    front = frontier(points, most_null_rate=file.goal.most_null_rate)
    chosen = cheapest(points, power=file.goal.power, most_null_rate=file.goal.most_null_rate)
    rows = [_row(file, each, point, costs) for each, point in zip(simulated, points, strict=True)]
    for place, row in enumerate(rows):
        row["on_frontier"] = place in front
    values: dict[str, Any] = {
        "kind": "trial_search",
        "name": file.name,
        "question": file.question,
        "seed": seed,
        "replicates": replicates,
        "bank_patients": len(simulated[0].ids),
        "goal": file.goal.model_dump(mode="json"),
        "cost": file.cost.model_dump(mode="json"),
        "varied": _varied(file),
        "designs": rows,
        "frontier": front,
        "cheapest": chosen,
        "assumptions": [*_costs(file.cost), *_assumptions(simulated)],
    }
    values["answer"] = answer(values)
    return {key: without_nan(value) for key, value in values.items()}


def _candidate(simulated: SimulatedDesign, costs: CostModel) -> Candidate:
    wanted, null = simulated.wanted, simulated.null
    return Candidate(
        cost=float(_cost(simulated, wanted, costs).mean()),
        found=int(wanted.rejects.sum()),
        rejected=int(null.rejects.sum()),
        replicates=len(wanted.rejects),
    )


def _cost(simulated: SimulatedDesign, ends: TrialEnds, costs: CostModel) -> np.ndarray:
    return costs.of(ends.enrolled, ends.day, sites=simulated.combination.plan.pace.sites)


def _row(file: SearchFile, simulated: SimulatedDesign, point: Candidate, costs: CostModel) -> dict[str, Any]:
    wanted, null = simulated.wanted, simulated.null
    power, null_rate, cost = rate(wanted.rejects), rate(null.rejects), mean(_cost(simulated, wanted, costs))
    return {
        **_design(file, simulated),
        "estimand_true": [each.value for each in simulated.truth],
        "estimand_bank_error": [each.bank_error for each in simulated.truth],
        "power": power.value,
        "mcse": power.mcse,
        "power_low95": point.power_low95,
        "null_rate": null_rate.value,
        "null_mcse": null_rate.mcse,
        "null_rate_high95": point.null_rate_high95,
        "expected_n": float(wanted.enrolled.mean()),
        "expected_duration_days": float(wanted.day.mean()),
        "cost": cost.value,
        "cost_mcse": cost.mcse,
        "cost_under_null": float(_cost(simulated, null, costs).mean()),
        "keeps_null_rate": point.null_rate_high95 <= file.goal.most_null_rate,
        "reaches_power": point.power_low95 >= file.goal.power,
    }


def _design(file: SearchFile, simulated: SimulatedDesign) -> dict[str, Any]:
    tried, plan = simulated.combination, simulated.combination.plan
    primary = plan.primary
    return {
        "total": plan.total,
        "baseline_day": list(plan.baseline_day),
        "cells_day": [each.day for each in plan.treatments],
        "last_visit_day": plan.visits[-1],
        "endpoint": primary.name,
        "endpoint_day": primary.spec.day,
        "analysis": primary.analysis,
        "missing": primary.spec.missing,
        "unit": primary.unit,
        "scale": METHODS[primary.analysis].scale,
        "looks": file.looks[tried.looks].name if file.looks else _base_looks(len(plan.looks), plan.has_looks),
        "sites": plan.pace.sites,
    }


def _base_looks(count: int, has_looks: bool) -> str:
    return f"{count} as in the base design" if has_looks else "none but the end"


def _varied(file: SearchFile) -> dict[str, int]:
    return {name: max(1, len(getattr(file, name))) for name in ("windows", "endpoints", "looks", "totals")}


def _costs(cost: CostTable) -> list[dict[str, Any]]:
    items = {"each patient enrolled": cost.patient, "each month of the trial": cost.month, "each site": cost.site}
    return [
        {
            "what": f"cost of {what}, {cost.currency}",
            "value": item.amount,
            "source": item.source,
            "status": "judgement",
        }
        for what, item in items.items()
    ]


def _assumptions(simulated: Sequence[SimulatedDesign]) -> list[dict[str, Any]]:
    """Return what the designs assume, each row once."""
    rows: list[dict[str, Any]] = []
    for each in simulated:
        listed = assumptions(each.combination.plan, bank_patients=len(each.ids))
        rows += [row for row in listed if row not in rows]
    return rows

"""The comparison as plain JSON values: what the command prints, runs store and the report is made from."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from cordwise.base.codec import to_plain
from cordwise.stats.monte_carlo import MonteCarloEstimate, mean
from cordwise.trial.assumptions import assumptions
from cordwise.trial.characteristics.findings import ScenarioFinding
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.compare.answer import answer, question
from cordwise.trial.compare.contrasts import contrasts, scenario_of
from cordwise.trial.compare.entrants import Compared, draws_are_shared, shared_patients
from cordwise.trial.plan.plan import PlannedScenario, Treatment, TrialPlan


def comparison_json(compared: Sequence[Compared], *, seed: int, replicates: int) -> dict[str, Any]:
    """Return the result of a comparison; values that do not exist are None."""
    values: dict[str, Any] = {
        "kind": "trial_comparison",
        "question": question(compared),
        "seed": seed,
        "replicates": replicates,
        "designs": [_design(each) for each in compared],
        "patients": _patients(compared),
        "scenarios": [_scenario(compared, name) for name in scenario_names(compared)],
        "differences": _differences(compared),
        "assumptions": _assumptions(compared),
    }
    values["answer"] = answer(values)
    return {key: to_plain(value) for key, value in values.items()}


def scenario_names(compared: Sequence[Compared]) -> list[str]:
    """Return the names of all scenarios, in the order in which the designs first name them."""
    return list(dict.fromkeys(each.scenario.name for design in compared for each in design.findings.scenarios))


def _design(compared: Compared) -> dict[str, Any]:
    plan, primary = compared.plan, compared.plan.primary
    one_sided = plan.has_looks
    return {
        "label": compared.label,
        "name": plan.design.name,
        "question": plan.design.question,
        "endpoint": primary.name,
        "measure": primary.measure,
        "unit": primary.kind.unit,
        "analysis": primary.method.name,
        "scale": primary.method.scale,
        "alpha": primary.alpha / 2 if one_sided else primary.alpha,
        "sides": 1 if one_sided else 2,
        "grades": list(plan.design.population.grades),
        "levels": plan.design.population.levels,
        "baseline_day": list(plan.baseline_day),
        "endpoint_day": primary.day,
        "treatments": [treatment_words(each) for each in plan.treatments],
        "total": plan.total,
        "looks": len(plan.looks) if plan.has_looks else 0,
        "adapts": plan.adaptation is not None,
        "bank_patients": len(compared.ids),
    }


def treatment_words(treatment: Treatment) -> str:
    """Return what a treated arm gets, in words."""
    product = treatment.product.replace("_", " ").replace("msc", "MSC")
    when = f"grown from marrow drawn on day {treatment.day:g}" if treatment.process else f"on day {treatment.day:g}"
    return f"{product}, {treatment.route}, {_cells(treatment.dose_cells)} cells, {when}"


def _cells(count: float) -> str:
    """Return a number of cells as design files write it, such as 1.5e8."""
    mantissa, power = f"{count:e}".split("e")
    return f"{float(mantissa):g}e{int(power)}"


def _patients(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """Return, for every two designs, how many simulated patients they share and whether trials enrol the same."""
    return [
        {
            "designs": [one.label, other.label],
            "shared": shared_patients(one, other),
            "of": [len(set(one.ids.tolist())), len(set(other.ids.tolist()))],
            "draws": "the same" if draws_are_shared(one, other) else "their own",
        }
        for one, other in combinations(compared, 2)
    ]


def _assumed(scenario: PlannedScenario) -> tuple[float, ...]:
    """Return what a scenario assumes of the cells, whatever it is called and whichever arm has them."""
    return (scenario.translation, scenario.onset_days, *sorted(scenario.log_odds.values()))


def _scenario(compared: Sequence[Compared], name: str) -> dict[str, Any]:
    found = [scenario_of(each, name) for each in compared]
    present = [each for each in found if each]
    return {
        "name": name,
        "description": present[0].scenario.description,
        "is_null": present[0].scenario.is_null,
        "same_assumption": len({_assumed(each.scenario) for each in present}) == 1,
        "results": [
            _cell(design, each) if each else {"design": design.label, "is_missing": True}
            for design, each in zip(compared, found, strict=True)
        ],
    }


def _cell(compared: Compared, finding: ScenarioFinding) -> dict[str, Any]:
    stops, primary = finding.stops, finding.primary
    return {
        "design": compared.label,
        "is_missing": False,
        "reject_rate": finding.reject.value,
        "mcse": finding.reject.mcse,
        "expected_n": float(stops.enrolled.mean()),
        "expected_n_mcse": mean(stops.enrolled.astype(float)).mcse,
        "expected_duration_days": float(stops.day.mean()),
        "expected_duration_mcse": mean(stops.day).mcse,
        "arms": [
            {
                "arm": arm.characteristics.arm,
                "estimand_true": arm.characteristics.truth,
                "estimand_bank_error": arm.characteristics.truth_bank_error,
                "bias": arm.characteristics.bias.value,
                "bias_mcse": arm.characteristics.bias.mcse,
                "coverage": arm.characteristics.coverage.value,
                "coverage_mcse": arm.characteristics.coverage.mcse,
                "theory_reject_rate": arm.theory,
                "failures": arm.characteristics.failures,
            }
            for arm in primary.arms
        ],
        "required": None
        if primary.required is None
        else {"power": POWER, "relation": primary.required.relation, "n_per_arm": primary.required.n_per_arm},
    }


def _differences(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    return [
        {
            "scenario": each.scenario,
            "design": each.label,
            "against": each.against,
            "error": each.how,
            **_both("reject_rate", "mcse", each.reject),
            **_both("expected_n", "expected_n_mcse", each.enrolled),
            **_both("expected_duration_days", "expected_duration_mcse", each.day),
        }
        for each in contrasts(compared)
    ]


def _both(value: str, error: str, simulated: MonteCarloEstimate) -> dict[str, float]:
    return {value: simulated.value, error: simulated.mcse}


def _assumptions(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """Return the assumptions of all designs, once where they share them, else with the design's label."""
    rows = [(each, to_plain(assumptions(each.plan, bank_patients=len(each.ids)))) for each in compared]
    shared = [row for row in rows[0][1] if all(row in others for _, others in rows[1:])]
    own = [
        {**row, "what": f"{each.label}: {row['what']}"} for each, listed in rows for row in listed if row not in shared
    ]
    return [*shared, *own, *(_no_adaptation(each.label, each.plan) for each in compared if each.plan.adaptation)]


def _no_adaptation(label: str, plan: TrialPlan) -> dict[str, Any]:
    kind = plan.adaptation.kind if plan.adaptation else ""
    what = f"{label}: compared as planned, without its adaptation ({kind.replace('_', ' ')})"
    return {"what": what, "value": "as stated", "source": "simplification", "status": "judgement"}

"""What a design leaves open, decided: the customary choice for each kind of measure, in words a reader can check."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from cordwise.trial.design.conduct import Randomisation, RandomisationTable
from cordwise.trial.design.endpoints import AnalysisName, Endpoint, EndpointTable, Estimand, MissingRule, Strategy
from cordwise.trial.design.measures import MEASURES, Kind
from cordwise.trial.design.people import Population
from cordwise.trial.design.treatment import Arm

_ANALYSIS: Mapping[Kind, AnalysisName] = {
    "binary": "n_minus_1_chi_square",
    "score": "ancova",
    "ordinal": "proportional_odds",
    "composite": "net_benefit",
}
_MISSING: Mapping[Kind, MissingRule] = {
    "binary": "non_improver",
    "score": "complete_case",
    "ordinal": "complete_case",
    "composite": "complete_case",
}
STRATEGY_OF: Mapping[str, tuple[Strategy, ...]] = {
    "non_improver": ("composite",),
    "worst_score": ("composite",),
    "complete_case": ("hypothetical", "principal_stratum", "treatment_policy"),
    "modelled": ("hypothetical", "treatment_policy"),
    "last_seen": ("while_on_treatment",),
    "multiple_imputation": ("hypothetical", "treatment_policy"),
    "jump_to_reference": ("treatment_policy",),
    "copy_increments": ("treatment_policy",),
    "delta": ("hypothetical", "treatment_policy"),
}
_SUMMARY: Mapping[str, str] = {
    "proportional_odds": "common odds ratio for a better category",
    "score_test": "common odds ratio for a better category",
    "sliding_ordinal": "common odds ratio for doing better than expected at that baseline",
    "transitional_ordinal": "common odds ratio for a better grade of a muscle, given the muscle above",
    "rank_sum": "chance that a treated patient does better minus the chance of doing worse",
    "van_elteren": "chance that a treated patient does better minus the chance of doing worse, within strata",
    "net_benefit": "chance that a treated patient does better minus the chance of doing worse",
    "win_odds": "odds that a treated patient does better, ties shared",
    "win_ratio": "ratio of pairs in which the treated patient does better to those in which he does worse",
    "single_arm_exact": "share of patients, against a fixed benchmark",
}
_LOSSES: Mapping[Strategy, str] = {
    "composite": "withdrawal counts as the worst outcome",
    "hypothetical": "withdrawal: the outcome had the patient stayed",
    "treatment_policy": "withdrawal: the outcome whatever happened",
    "while_on_treatment": "withdrawal: the outcome when last seen",
    "principal_stratum": "only patients who would not have withdrawn",
}
_BLOCK = 2  # blocks are twice the sum of the ratio where the file does not say


def complete_randomisation(given: RandomisationTable, arms: int) -> Randomisation:
    """Return the randomisation with its ratio and block size."""
    ratio = given.ratio or (1,) * arms
    decided: dict[str, Any] = {"ratio": ratio, "block_size": given.block_size or _BLOCK * sum(ratio)}
    return Randomisation(**_tables(given) | decided)


def complete_endpoint(
    given: EndpointTable, population: Population, arms: Sequence[Arm], *, is_primary: bool
) -> Endpoint:
    """Return the endpoint with its analysis, its rule for missing values and its estimand in words."""
    kind = MEASURES[given.measure].kind
    analysis = given.analysis or _ANALYSIS[kind]
    missing = given.missing or ("modelled" if analysis == "mmrm" else _MISSING[kind])
    strategy = given.estimand.strategy or STRATEGY_OF[missing][0]
    estimand = Estimand(
        population=given.estimand.population or _population(population),
        treatment=given.estimand.treatment or _treatment(arms),
        variable=given.estimand.variable or _variable(given),
        intercurrent_events=given.estimand.intercurrent_events or _LOSSES[strategy],
        strategy=strategy,
        events=given.estimand.events,
        summary=given.estimand.summary or _summary(kind, analysis),
    )
    decided: dict[str, Any] = {"analysis": analysis, "missing": missing, "estimand": estimand, "primary": is_primary}
    return Endpoint(**_tables(given) | decided)


def _tables(given: RandomisationTable | EndpointTable) -> dict[str, Any]:
    return {each.name: getattr(given, each.name) for each in fields(given)}


def _population(population: Population) -> str:
    first, last = population.baseline_day
    grades = ", ".join(population.grades)
    return f"AIS {grades}, levels {population.levels}, examined on days {first:g} to {last:g} after injury"


def _treatment(arms: Sequence[Arm]) -> str:
    control = next((arm.name for arm in arms if arm.control), "no control")
    return f"{' or '.join(arm.name for arm in arms if not arm.control)} against {control}"


def _variable(endpoint: EndpointTable) -> str:
    by_both = ", by the grades of two examinations" if endpoint.confirmed else ""
    return f"{endpoint.measure.replace('_', ' ')} on day {endpoint.day:g}{by_both}"


def _summary(kind: Kind, analysis: str) -> str:
    return _SUMMARY.get(analysis, "difference in the share of patients" if kind == "binary" else "difference in means")

"""The charts of a trial, each drawn from its result, with the title that says what it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cordwise.present.charts.theme import Spec
from cordwise.present.trial.charts.boundary import boundaries_and_paths
from cordwise.present.trial.charts.endings import endings
from cordwise.present.trial.charts.enrolment_day import size_by_day
from cordwise.present.trial.charts.example_trials import example_forest
from cordwise.present.trial.charts.operating import reject_rates
from cordwise.present.trial.charts.outcomes import assumed_outcomes, outcome_rows
from cordwise.present.trial.charts.parameter_sets import power_over_sets
from cordwise.present.trial.charts.sample_size import power_by_size
from cordwise.present.trial.tables import arm_in_words
from cordwise.trial.result import TrialResult

_SHARED = ("$schema", "config", "datasets")


@dataclass(frozen=True, slots=True)
class TitledSpec:
    """A Vega-Lite specification with its title and, where there is one for each endpoint, whose it is."""

    title: str
    spec: Spec
    endpoint: str = ""


def rates(result: TrialResult) -> list[TitledSpec]:
    """Return how often the trial rejects in every scenario."""
    primary = result.scenarios[0].primary[0]
    title = f"How often does the trial reject? Primary endpoint: {primary.name}"
    return [TitledSpec(title, reject_rates(result.scenarios, primary.nominal, title=title))]


def parameter_sets(result: TrialResult) -> list[TitledSpec]:
    """Return how far the reject rate differs between parameter sets; nothing where that is not known."""
    if all(each.sets_low95 is None for each in result.scenarios):
        return []
    title = "How far does the power differ between parameter sets?"
    return [TitledSpec(title, power_over_sets(result.scenarios, result.by_parameter_set, title=title))]


def sizes(result: TrialResult) -> list[TitledSpec]:
    """Return the reject rate by the number of patients, for each endpoint."""
    curve, found = result.sample_size_curve, []
    for endpoint in dict.fromkeys(row.endpoint for row in curve):
        title = f"How many patients does each arm need? {endpoint}"
        found.append(TitledSpec(title, power_by_size(curve, endpoint, title=title), endpoint))
    return found


def outcomes(result: TrialResult) -> list[TitledSpec]:
    """Return the mean outcomes that every scenario assumes, for each endpoint."""
    found = []
    for name, unit in {each.name: each.unit for each in result.scenarios[0].endpoints}.items():
        if outcome_rows(result.scenarios, name):
            title = f"What each scenario assumes: {name}"
            found.append(TitledSpec(title, assumed_outcomes(result.scenarios, name, unit, title=title), name))
    return found


def enrolment_days(result: TrialResult) -> list[TitledSpec]:
    """Return the patients that a fixed effect takes, by the day of enrolment."""
    title = "How many patients does a fixed effect take, by the day of enrolment?"
    return [TitledSpec(title, size_by_day(result.enrolment_days, title=title))] if result.enrolment_days else []


def boundaries(result: TrialResult) -> list[TitledSpec]:
    """Return the boundaries with the paths of the example trials; nothing where the trial has no looks."""
    if result.design.looks is None:
        return []
    examples = result.example_trials
    arm = arm_in_words(result, examples[0].arm) if examples else ""
    title = f"Where does the trial stop?{arm}"
    return [TitledSpec(title, boundaries_and_paths(result.scenarios, examples, title=title))]


def ends(result: TrialResult) -> list[TitledSpec]:
    """Return how the trials of each scenario end."""
    title = "How do the trials end?"
    return [TitledSpec(title, endings(result.scenarios, title=title))]


def examples(result: TrialResult) -> list[TitledSpec]:
    """Return the first trials of every scenario that gave an estimate."""
    shown = [each for each in result.example_trials if each.estimate is not None]
    if not shown:
        return []
    primary, truths = result.scenarios[0].primary[0], {}
    for each in result.scenarios:
        truths[each.name] = each.primary[0].estimand_true
    scale = f"difference ({primary.unit})" if primary.scale == "difference" else primary.scale
    title = f"How far does one trial stray? {shown[0].endpoint}{arm_in_words(result, shown[0].arm)}"
    return [TitledSpec(title, example_forest(shown, truths, scale=scale, title=title))]


CHARTS: Mapping[str, Callable[[TrialResult], list[TitledSpec]]] = {
    "rates": rates,
    "parameter_sets": parameter_sets,
    "sizes": sizes,
    "outcomes": outcomes,
    "enrolment_days": enrolment_days,
    "boundaries": boundaries,
    "endings": ends,
    "example_trials": examples,
}


def chart_of(name: str, result: TrialResult) -> Spec:
    """Return one chart of a result by its name; those of several endpoints stand in a column."""
    specs = [each.spec for each in CHARTS[name](result)]
    return specs[0] if len(specs) == 1 else _column(specs)


def _column(specs: Sequence[Spec]) -> Spec:
    parts = [{key: each for key, each in spec.items() if key not in _SHARED} for spec in specs]
    data = {name: rows for spec in specs for name, rows in spec["datasets"].items()}
    return {"$schema": specs[0]["$schema"], "config": specs[0]["config"], "vconcat": parts, "datasets": data}

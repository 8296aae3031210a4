"""The sections on what a trial's simulation shows: reject rates beside theory, and the outcomes assumed."""

from collections.abc import Mapping
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Section, figure
from cordwise.present.trial.charts.operating import reject_rates
from cordwise.present.trial.charts.outcomes import assumed_outcomes, outcome_rows
from cordwise.present.trial.tables import endpoints_table, primary_of, scenarios_table, treated_arms

Result = Mapping[str, Any]


def operating_section(result: Result) -> Section:
    """Return the reject rates and the operating characteristics of every endpoint, arm and scenario."""
    scenarios = result["scenarios"]
    primary = primary_of(scenarios[0])
    title = f"How often does the trial reject? Primary endpoint: {primary['name']}"
    rates = "; ".join(f"{row['name']} {numbers.rate(row['reject_rate'], row['mcse'])}" for row in scenarios)
    drawn = figure(
        reject_rates(scenarios, primary["nominal"], title=title),
        name="operating",
        title=title,
        description=f"Share of {numbers.count(result['replicates'])} simulated trials that reject: {rates}.",
    )
    tables = (scenarios_table(scenarios), *endpoints_table(scenarios))
    return Section("operating", "How often the trial rejects", tuple(_words(result)), (drawn,), tables)


def _words(result: Result) -> list[str]:
    """Return how the rates are to be read."""
    primary, several = primary_of(result["scenarios"][0]), len(treated_arms(result)) > 1
    words = [
        f"{numbers.count(result['replicates'])} simulated trials for each scenario. "
        "MCSE: Monte Carlo standard error of a simulated rate. RMSE: root mean squared error of the estimate."
    ]
    if several:
        how = {"dunnett": "at Dunnett's level", "bonferroni": "at Bonferroni's level", "none": "without adjustment"}
        rule = "bonferroni" if primary["nominal"] != primary["alpha"] else result["design"]["multiplicity"]
        words.append(f"The trial rejects where any treated arm does; the arms are tested {how[rule]}.")
    if len(result["design"]["arms"]) == 1:
        words.append("Tested is whether the share is the benchmark; without an effect of the cells it may be another.")
    if primary["nominal"] is None:
        words.append("The primary analysis is Bayesian; without an effect no rate of rejection is promised.")
    if result["design"]["looks"]:
        words.append("Estimates and intervals are those of the look at which a trial ends, not adjusted for stopping.")
    return words


def outcomes_section(result: Result) -> Section:
    """Return the mean outcomes that every scenario assumes, endpoint by endpoint."""
    scenarios = result["scenarios"]
    figures = []
    units = {endpoint["name"]: endpoint["unit"] for endpoint in scenarios[0]["endpoints"]}
    for place, (name, unit) in enumerate(units.items()):
        rows = outcome_rows(scenarios, name)
        if not rows:
            continue
        title = f"What each scenario assumes: {name}"
        pairs = "; ".join(
            f"{row['scenario']} {numbers.number(row['other'], 2)} without, {numbers.number(row['mean'], 2)} with cells"
            for row in rows
            if row["arm"] == "treated"
        )
        spec = assumed_outcomes(scenarios, name, unit, title=title)
        figures.append(figure(spec, name=f"outcomes-{place}", title=title, description=f"Mean outcomes: {pairs}."))
    return Section("outcomes", "What each scenario assumes", figures=tuple(figures))

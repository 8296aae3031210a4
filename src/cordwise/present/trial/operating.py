"""The sections on what a trial's simulation shows: reject rates beside theory, and the outcomes assumed."""

from cordwise.present import numbers
from cordwise.present.html.page import Section, figure
from cordwise.present.trial import drawn
from cordwise.present.trial.charts.outcomes import outcome_rows
from cordwise.present.trial.tables import endpoints_table, scenarios_table
from cordwise.trial.result import TrialResult


def operating_section(result: TrialResult) -> Section:
    """Return the reject rates and the operating characteristics of every endpoint, arm and scenario."""
    scenarios = result.scenarios
    rates = "; ".join(f"{row.name} {numbers.rate(row.reject_rate, row.mcse)}" for row in scenarios)
    told = f"Share of {numbers.count(result.replicates)} simulated trials that reject: {rates}."
    figures = tuple(
        figure(each.spec, name="operating", title=each.title, description=told) for each in drawn.rates(result)
    )
    tables = (scenarios_table(scenarios), *endpoints_table(scenarios))
    return Section("operating", "How often the trial rejects", tuple(_words(result)), figures, tables)


def _words(result: TrialResult) -> list[str]:
    """Return how the rates are to be read."""
    primary, several = result.scenarios[0].primary[0], len(result.treated_arms) > 1
    words = [
        f"{numbers.count(result.replicates)} simulated trials for each scenario. "
        "MCSE: Monte Carlo standard error of a simulated rate. RMSE: root mean squared error of the estimate."
    ]
    if several:
        how = {"dunnett": "at Dunnett's level", "bonferroni": "at Bonferroni's level", "none": "without adjustment"}
        rule = "bonferroni" if primary.nominal != primary.alpha else result.design.multiplicity
        words.append(f"The trial rejects where any treated arm does; the arms are tested {how[rule]}.")
    if len(result.design.arms) == 1:
        words.append("Tested is whether the share is the benchmark; without an effect of the cells it may be another.")
    if primary.nominal is None:
        words.append("The primary analysis is Bayesian; without an effect no rate of rejection is promised.")
    if result.design.looks:
        words.append("Estimates and intervals are those of the look at which a trial ends, not adjusted for stopping.")
    return words


def outcomes_section(result: TrialResult) -> Section:
    """Return the mean outcomes that every scenario assumes, endpoint by endpoint."""
    figures = []
    for place, chart in enumerate(drawn.outcomes(result)):
        pairs = "; ".join(
            f"{row['scenario']} {numbers.number(row['other'], 2)} without, {numbers.number(row['mean'], 2)} with cells"
            for row in outcome_rows(result.scenarios, chart.endpoint)
            if row["arm"] == "treated"
        )
        told = f"Mean outcomes: {pairs}."
        figures.append(figure(chart.spec, name=f"outcomes-{place}", title=chart.title, description=told))
    return Section("outcomes", "What each scenario assumes", figures=tuple(figures))

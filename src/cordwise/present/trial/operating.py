"""The sections on what a trial's simulation shows: reject rates beside theory, and the outcomes assumed."""

from cordwise.present import numbers
from cordwise.present.html.page import Section, Table, figure, table
from cordwise.present.trial import drawn
from cordwise.present.trial.charts.outcomes import outcome_rows
from cordwise.present.trial.tables import endpoints_table, scenarios_table
from cordwise.trial.result import TrialResult

_REGISTRY_WORDS = (
    ": parameters are what all registries have in common, and registry is how far they differ, which the trial's own "
    "centres will too"
)


def operating_section(result: TrialResult) -> Section:
    """Return the reject rates and the operating characteristics of every endpoint, arm and scenario."""
    scenarios = result.scenarios
    rates = "; ".join(f"{row.name} {numbers.rate(row.reject_rate, row.mcse, row.total_error)}" for row in scenarios)
    told = f"Share of {numbers.count(result.replicates)} simulated trials that reject: {rates}."
    figures = tuple(
        figure(each.spec, name="operating", title=each.title, description=told) for each in drawn.rates(result)
    )
    tables = (scenarios_table(scenarios), *endpoints_table(scenarios))
    return Section("operating", "How often the trial rejects", tuple(_words(result)), figures, tables)


def assurance_section(result: TrialResult) -> Section:
    """Return the power over the parameter sets, its mean, and what the error of each rate consists of."""
    ranges = "; ".join(
        f"{row.name} {numbers.interval(row.reject_rate, row.sets_low95, row.sets_high95, 3)}"
        for row in result.scenarios
    )
    told = f"Mean over the parameter sets, and where 95 % of them lie: {ranges}."
    figures = tuple(
        figure(each.spec, name="parameter-sets", title=each.title, description=told)
        for each in drawn.parameter_sets(result)
    )
    words = (
        "A trial happens in one world, and the evidence leaves open which: each parameter set stands for one. The mean "
        "of the power over the sets is the assurance. More replicates and more simulated people make the first two "
        f"parts of the error smaller, only more evidence the others. The sets are those of {result.registry}"
        f"{_REGISTRY_WORDS if any(row.error.registry is not None for row in result.scenarios) else ''}.",
    )
    return Section("assurance", "Assurance, and what its error consists of", words, figures, (errors_table(result),))


def errors_table(result: TrialResult) -> Table:
    """Return the parts of the error of each scenario's reject rate."""
    headings = {
        "Scenario": False,
        "Mean over the sets": True,
        "95\u202f% of the sets": True,
        "Error: replicates": True,
        "people": True,
        "parameters": True,
        "registry": True,
        "least that shows": True,
        "total": True,
        "95\u202f% for one set": True,
    }
    rows = [
        (
            row.name,
            numbers.number(row.reject_rate, 3),
            numbers.between(row.sets_low95, row.sets_high95, 3),
            *(
                numbers.number(each, 4)
                for each in (
                    row.error.replicates,
                    row.error.bank,
                    row.error.parameters,
                    row.error.registry,
                    row.error.resolution,
                    row.total_error,
                )
            ),
            numbers.between(row.low95, row.high95, 3),
        )
        for row in result.scenarios
    ]
    caption = (
        "Reject rate over the parameter sets, and the standard errors it has; a deviation between sets below the least "
        "that shows cannot be told from none with so many replicates; the last column is the range over sets with each "
        "half widened by 1.96 errors of the simulation, added as squares"
    )
    return table(caption, headings, rows)


def _words(result: TrialResult) -> list[str]:
    """Return how the rates are to be read."""
    primary, several = result.scenarios[0].primary[0], len(result.treated_arms) > 1
    words = [
        f"{numbers.count(result.replicates)} simulated trials for each scenario. "
        "MCSE: standard error of the simulation, of replicates and simulated people together. Total error: that "
        "with how far the parameter sets differ. RMSE: root mean squared error of the estimate."
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

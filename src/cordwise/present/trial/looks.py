"""The section on a trial's looks: its boundaries, when trials stop, and what that saves."""

from collections.abc import Callable, Sequence

from cordwise.present import numbers
from cordwise.present.html.page import Figure, Section, Table, figure, table
from cordwise.present.trial import drawn
from cordwise.present.trial.charts.endings import ending_shares
from cordwise.present.trial.tables import months
from cordwise.trial.characteristics.scenario_result import LookResult, ScenarioResult
from cordwise.trial.design.stopping import Looks
from cordwise.trial.result import TrialResult

FAMILIES = {
    "obrien_fleming": "O'Brien-Fleming",
    "pocock": "Pocock",
    "wang_tsiatis": "Wang-Tsiatis",
    "lan_demets_obrien_fleming": "Lan-DeMets spending of O'Brien-Fleming's kind",
    "lan_demets_pocock": "Lan-DeMets spending of Pocock's kind",
    "hwang_shih_decani": "Hwang-Shih-DeCani spending",
    "kim_demets": "Kim-DeMets power spending",
    "haybittle_peto": "Haybittle-Peto",
    "user": "alpha spent as the design file says",
}


def looks_section(result: TrialResult) -> tuple[Section, ...]:
    """Return the looks with their boundaries and how trials end; nothing where the trial has one analysis alone."""
    scenarios, rules = result.scenarios, result.design.looks
    if rules is None:
        return ()
    largest = result.design.size.total
    words = (
        f"Looks at the primary endpoint, one-sided for a benefit. {_boundary_words(rules)} "
        f"Of {numbers.count(largest)} planned patients the trials enrol on average "
        f"{_each(scenarios, lambda item: numbers.number(item.expected_n, 0))}.",
    )
    tables = (_limits_table(scenarios[0].looks), _stops_table(scenarios), *_after_stopping_table(scenarios))
    return (Section("looks", "Looks and early stopping", words, (*_paths(result), *_ends(result)), tables),)


def _boundary_words(looks: Looks) -> str:
    """Return the boundaries in words."""
    family = FAMILIES[looks.boundary]
    parameter = "" if looks.parameter is None else f" with parameter {numbers.value(looks.parameter)}"
    futility = looks.futility
    if futility is None:
        return f"Boundary: {family}{parameter}; the trial never gives up early."
    force = "binding" if futility.binding else "not binding"
    scale = futility.scale.replace("_", " ")
    values = ", ".join(numbers.value(value) for value in futility.values)
    return f"Boundary: {family}{parameter}; futility on the scale of {scale} ({values}), {force}."


def _each(scenarios: Sequence[ScenarioResult], told: Callable[[ScenarioResult], str]) -> str:
    """Return one value a scenario, each with the scenario's name."""
    return "; ".join(f"{told(item)} ({item.name})" for item in scenarios)


def _paths(result: TrialResult) -> tuple[Figure, ...]:
    """Return the boundaries with the paths of the example trials."""
    limits = "; ".join(
        f"look {row.look} at {numbers.share(row.information)}: {numbers.number(row.efficacy_z, 2)}"
        for row in result.scenarios[0].looks
    )
    description = f"Efficacy limits of z by information: {limits}. Thin lines are the single trials."
    return tuple(
        figure(each.spec, name="looks", title=each.title, description=description) for each in drawn.boundaries(result)
    )


def _ends(result: TrialResult) -> tuple[Figure, ...]:
    """Return how the trials of each scenario end."""
    told = "; ".join(
        f"{item.name}: "
        + ", ".join(f"{kind} {numbers.share(share)}" for kind, share in ending_shares(item).items() if share)
        for item in result.scenarios
    )
    return tuple(
        figure(each.spec, name="endings", title=each.title, description=f"{told}.") for each in drawn.ends(result)
    )


def _limits_table(looks: Sequence[LookResult]) -> Table:
    """Return the looks: when, with how many patients, and at which limits; the same in every scenario."""
    headings = {
        "Look": True,
        "Endpoint known": True,
        "Enrolled by then": True,
        "Information": True,
        "Months": True,
        "Efficacy: z at least": True,
        "Futility: z below": True,
    }
    rows = [
        (
            str(row.look),
            numbers.number(row.patients_analysed, 0),
            numbers.number(row.patients_enrolled, 0),
            numbers.share(row.information),
            months(row.day),
            numbers.number(row.efficacy_z, 3),
            _futility(row, is_last=row is looks[-1]),
        )
        for row in looks
    ]
    return table("The looks (means over the simulated trials)", headings, rows)


def _futility(row: LookResult, *, is_last: bool) -> str:
    """Return the limit of futility; the last look has none, and a rule in points has none of z."""
    return "none" if is_last or row.futility_z is None else numbers.number(row.futility_z, 3)


def _stops_table(scenarios: Sequence[ScenarioResult]) -> Table:
    """Return the share of trials that stop at each look, scenario by scenario."""
    headings = {"Scenario": False, "Look": True, "Stops with a finding": True, "Gives up": True, "Still running": True}
    rows = []
    for scenario in scenarios:
        left = 1.0
        for row in scenario.looks:
            is_last = row is scenario.looks[-1]
            left -= row.stopped_for_efficacy + row.stopped_for_futility
            found = numbers.rate(row.stopped_for_efficacy, None, row.stopped_for_efficacy_total_error)
            futile = numbers.rate(row.stopped_for_futility, None, row.stopped_for_futility_total_error)
            running = "-" if is_last else numbers.share(max(left - scenario.stopped_for_harm, 0.0))
            rows.append((scenario.name, str(row.look), found, "-" if is_last else futile, running))
    harmed = any(item.stopped_for_harm for item in scenarios)
    caption = "When the trials stop" + (" (those that harm stops are not among the running)" if harmed else "")
    return table(caption, headings, rows)


def _after_stopping_table(scenarios: Sequence[ScenarioResult]) -> tuple[Table, ...]:
    """Return how the estimate at the stop compares with the median-unbiased one; nothing where that is not known."""
    headings = {
        "Scenario": False,
        "True value": True,
        "Bias at the stop": True,
        "Median-unbiased: lies above the truth": True,
        "Its interval covers": True,
    }
    rows = []
    for scenario in scenarios:
        row = scenario.primary[0]
        found = row.after_stopping
        if found is None:
            continue
        above, covers = found.above_truth, found.coverage
        rows.append(
            (
                scenario.name,
                numbers.signed(row.estimand_true, 3),
                numbers.estimate(row.bias, row.bias_mcse, 3, row.bias_total_error),
                numbers.rate(above.value, above.mcse, above.total_error),
                numbers.rate(covers.value, covers.mcse, covers.total_error),
            )
        )
    caption = "The estimate at the stop, and by the stage-wise ordering (which allows for futility only where it binds)"
    return (table(caption, headings, rows),) if rows else ()

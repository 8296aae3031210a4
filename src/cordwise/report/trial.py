"""The report of a trial design: how often it rejects, how many patients it needs, and what that rests on."""

from collections.abc import Iterator, Mapping
from typing import Any

from cordwise.report import numbers
from cordwise.report.charts.operating import reject_rates
from cordwise.report.charts.outcomes import assumed_outcomes, outcome_rows
from cordwise.report.charts.sample_size import power_by_size
from cordwise.report.closing import assumptions, credibility, provenance
from cordwise.report.page import Page, Section, figure
from cordwise.report.patient import patient_section
from cordwise.report.trial_tables import design_table, endpoints_table, required_table, scenarios_table

Result = Mapping[str, Any]


def trial_page(result: Result) -> Page:
    """Return the report of a simulated trial."""
    sections = (
        _operating(result),
        _sample_size(result),
        _outcomes(result),
        patient_section(result.get("patient")),
        Section("design", "The design", tables=(design_table(result["design"]),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    name = result["design"].get("name") or "trial design"
    return Page(f"Trial design: {name}", result["question"], (result["answer"],), sections)


def primary_of(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return the primary endpoint of a scenario, or its first where none is marked."""
    return next((item for item in scenario["endpoints"] if item["primary"]), scenario["endpoints"][0])


def _operating(result: Result) -> Section:
    """Return the reject rates and the operating characteristics of every endpoint and scenario."""
    scenarios = result["scenarios"]
    primary = primary_of(scenarios[0])
    title = f"How often does the trial reject? Primary endpoint: {primary['name']}"
    rates = "; ".join(f"{row['name']} {numbers.rate(row['reject_rate'], row['mcse'])}" for row in scenarios)
    drawn = figure(
        reject_rates(scenarios, primary["alpha"], title=title),
        name="operating",
        title=title,
        description=f"Share of {numbers.count(result['replicates'])} simulated trials that reject: {rates}.",
    )
    words = (
        f"{numbers.count(result['replicates'])} simulated trials for each scenario. "
        "MCSE: Monte Carlo standard error of a simulated rate.",
    )
    tables = (scenarios_table(scenarios), *endpoints_table(scenarios))
    return Section("operating", "How often the trial rejects", words, (drawn,), tables)


def _sample_size(result: Result) -> Section:
    """Return one power curve for each endpoint, and the sizes that reach the planned power."""
    heading = "How many patients each arm needs"
    curve = result.get("sample_size_curve") or []
    endpoints = list(dict.fromkeys(row["endpoint"] for row in curve))
    figures = []
    for place, endpoint in enumerate(endpoints):
        title = f"How many patients does each arm need? {endpoint}"
        largest = max(row["n_per_arm"] for row in curve if row["endpoint"] == endpoint)
        at_largest = "; ".join(
            f"{row['scenario']} {numbers.rate(row['reject_rate'], row['mcse'])}"
            for row in curve
            if row["endpoint"] == endpoint and row["n_per_arm"] == largest
        )
        figures.append(
            figure(
                power_by_size(curve, endpoint, title=title),
                name=f"sample-size-{place}",
                title=title,
                description=f"Share of trials that reject with {numbers.count(largest)} patients an arm: {at_largest}.",
            )
        )
    required = result.get("required_size")
    return Section(
        "sample-size", heading, figures=tuple(figures), tables=(required_table(required),) if required else ()
    )


def _outcomes(result: Result) -> Section:
    """Return the mean outcomes that every scenario assumes, endpoint by endpoint."""
    scenarios = result["scenarios"]
    figures = []
    for place, endpoint in enumerate(scenarios[0]["endpoints"]):
        rows = outcome_rows(scenarios, endpoint["name"])
        if not rows:
            continue
        title = f"What each scenario assumes: {endpoint['name']}"
        pairs = "; ".join(
            f"{row['scenario']} {numbers.number(row['other'], 2)} without, {numbers.number(row['mean'], 2)} with cells"
            for row in rows
            if row["arm"] == "treated"
        )
        spec = assumed_outcomes(scenarios, endpoint["name"], endpoint["unit"], title=title)
        figures.append(figure(spec, name=f"outcomes-{place}", title=title, description=f"Mean outcomes: {pairs}."))
    return Section("outcomes", "What each scenario assumes", figures=tuple(figures))


def _theory_pairs(result: Result) -> Iterator[tuple[float, float]]:
    """Yield, where theory exists, the distance between simulation and theory and its Monte Carlo error."""
    for scenario in result["scenarios"]:
        for endpoint in scenario["endpoints"]:
            theory = endpoint.get("theory_reject_rate")
            if theory is not None and endpoint["mcse"]:
                yield abs(endpoint["reject_rate"] - theory), endpoint["mcse"]


def _credibility(result: Result) -> list[tuple[str, str]]:
    """Return the credibility statements of a simulated trial, each from what the result holds."""
    pairs = list(_theory_pairs(result))
    nulls = [row for row in result["scenarios"] if row["is_null"]]
    verification = [
        f"Without an effect the trial rejects in {numbers.rate(row['reject_rate'], row['mcse'])} of simulations, "
        f"against a planned {numbers.value(primary_of(row)['alpha'])}."
        for row in nulls
    ]
    if pairs:
        furthest = max(distance / error for distance, error in pairs)
        verification.append(
            f"Theory and simulation were compared for {len(pairs)} endpoints and scenarios; they differ by at most "
            f"{numbers.number(furthest)} MCSE."
        )
    return [
        ("Model influence", "High: patients, their recovery and the effect of cells are all simulated."),
        ("Decision consequence", "For planning a trial; no decision about a patient's care rests on it."),
        ("Verification", " ".join(verification) or "No scenario without an effect and no theory to compare with."),
        (
            "Validation",
            "The effect of cells in people is assumed by the scenarios, not validated; "
            "`cordwise population check` compares recovery without cells with any registry's figures.",
        ),
        ("Not judged", "Safety, cost, and whether centres could enrol as assumed."),
    ]

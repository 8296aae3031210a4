"""The sections on what a trial estimates and how the simulation was done: estimands, ADEMP summary, credibility."""

from collections.abc import Iterator

from cordwise.present import numbers
from cordwise.present.html.closing import facts
from cordwise.present.html.page import Section, table
from cordwise.trial.design.endpoints import Endpoint
from cordwise.trial.result import TrialResult

ATTRIBUTES = {
    "Population": "population",
    "Treatment": "treatment",
    "Variable": "variable",
    "Intercurrent events": "intercurrent_events",
    "Population-level summary": "summary",
}


def estimand_section(result: TrialResult) -> Section:
    """Return the five attributes of ICH E9(R1) of every endpoint, one endpoint a column."""
    endpoints = result.design.endpoints
    headings = {"Attribute": False, **{item.name: False for item in endpoints}}
    rows = [[label, *(str(getattr(item.estimand, key)) for item in endpoints)] for label, key in ATTRIBUTES.items()]
    rows.append(["Strategy for withdrawal", *(_words(item.estimand.strategy) for item in endpoints)])
    rows.append(["Values that are missing", *(_words(item.missing) for item in endpoints)])
    rows += [
        [f"Strategy for: {event.name}", *(_strategy(item, event.name) for item in endpoints)]
        for event in result.design.intercurrent_events
    ]
    words = (
        "Attributes after ICH E9(R1). Both outcomes of every simulated patient are known, so the true value of each "
        "estimand is known in every parameter set, and bias and coverage are measured against it.",
    )
    listed = table("What each endpoint estimates", headings, rows)
    return Section("estimands", "What the trial estimates", words, tables=(listed,))


def _strategy(endpoint: Endpoint, event: str) -> str:
    """Return the strategy for one intercurrent event; what is not named follows the treatment policy."""
    return _words(endpoint.estimand.events.get(event, "treatment_policy"))


def _words(name: object) -> str:
    """Return a key as words."""
    return str(name).replace("_", " ")


def study_section(result: TrialResult) -> Section:
    """Return the simulation study in the order of ADEMP: aims, data, estimands, methods, performance."""
    scenarios, design = result.scenarios, result.design
    endpoints = design.endpoints
    names = ", ".join(f"{row.name} ({row.description})" for row in scenarios)
    worst = max((row.mcse for row in scenarios if row.mcse is not None), default=None)
    rows = [
        ("Aims", result.question),
        (
            "Data",
            f"{numbers.count(result.replicates)} trials of {numbers.count(design.size.total)} patients for "
            f"each of {len(scenarios)} scenarios. Each trial happens in one of "
            f"{len(result.by_parameter_set[0].parameter_set)} parameter sets, and draws without replacement from one "
            "group of its simulated people, whose outcome is known in every arm. "
            f"Scenarios: {names}. All of them draw the same people, lists and losses.",
        ),
        ("Estimands", "; ".join(f"{item.name}: {item.estimand.summary}" for item in endpoints)),
        (
            "Methods",
            "; ".join(f"{item.name}: {_words(item.analysis)}, {_words(item.missing)}" for item in endpoints),
        ),
        (
            "Performance",
            "Reject rate, bias, root mean squared error and coverage, each against the true value in the parameter set "
            "in which the trial happens. The MCSE is the error of the simulation: that of the number of replicates and "
            "that of the people simulated, as the scatter between groups of people in the same set tells it. The total "
            "error adds how far the sets differ. The largest MCSE of a scenario's reject rate is "
            f"{numbers.number(worst, 4)}.",
        ),
    ]
    return Section("study", "The simulation study in brief (ADEMP)", tables=(facts("Aims to performance", rows),))


def credibility_statements(result: TrialResult) -> list[tuple[str, str]]:
    """Return the credibility statements of a simulated trial, each from what the result holds."""
    verification = [*_null_words(result), *_theory_words(result)]
    return [
        ("Model influence", "High: patients, their recovery and the effect of cells are all simulated."),
        ("Decision consequence", "For planning a trial; no decision about a patient's care rests on it."),
        ("Verification", " ".join(verification) or "No scenario without an effect and no theory to compare with."),
        (
            "Validation",
            "The effect of cells in people is assumed by the scenarios, not validated; "
            f"recovery without cells is that of {result.registry}, and `cordwise population cross-validate` says how "
            "well registries were forecast that the fit had not seen.",
        ),
        ("Not judged", f"{_safety_words(result)}cost, and whether centres could enrol as assumed."),
    ]


def _safety_words(result: TrialResult) -> str:
    """Return what of safety is left unjudged."""
    return "Harms other than the one the safety rule watches, " if result.design.safety else "Safety, "


def _null_words(result: TrialResult) -> Iterator[str]:
    """Yield how often the trial rejects without an effect, beside what is promised."""
    for row in result.scenarios:
        if row.is_null:
            nominal = row.primary[0].nominal
            promise = "no rate is promised" if nominal is None else f"against a promised {numbers.value(nominal)}"
            yield (
                f"Without an effect the trial rejects in {numbers.rate(row.reject_rate, row.mcse, row.total_error)} of "
                f"simulations; {promise}."
            )


def _theory_words(result: TrialResult) -> Iterator[str]:
    """Yield how far simulation and theory lie apart at most, where theory exists."""
    pairs = list(_theory_pairs(result))
    if pairs:
        distance, error = max(pairs, key=lambda pair: pair[0] / pair[1])
        yield (
            f"Theory and simulation were compared for {len(pairs)} endpoints, arms and scenarios; they differ by at "
            f"most {numbers.number(distance / error)} MCSE ({numbers.number(distance, 3)})."
        )


def _theory_pairs(result: TrialResult) -> Iterator[tuple[float, float]]:
    """Yield, where theory exists, the distance between simulation and theory and its Monte Carlo error."""
    for scenario in result.scenarios:
        for endpoint in scenario.endpoints:
            theory = endpoint.theory_reject_rate
            if theory is not None and endpoint.mcse:
                yield abs(endpoint.reject_rate - theory), endpoint.mcse

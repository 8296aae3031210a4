"""The result of a trial in words: the answer, and the text that a command prints."""

from collections.abc import Sequence
from itertools import groupby

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.trial.characteristics.enrolment_day import FIXED_SHARE, EnrolmentDay, falls
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.decide.adaptive import AdaptationFinding
from cordwise.trial.result import EndpointResult, ScenarioResult, TrialResult

SHARE_UNIT = "share of patients"
_HEADINGS = ("scenario", "endpoint", "true", "rejects", "theory", "coverage")


def answer(result: TrialResult) -> str:
    """Return what the simulated trials say about the design, in plain words."""
    null = next(each for each in result.scenarios if each.is_null)
    sentences = [_size(result, null), *(_power(result, each) for each in result.assumed), _verdict(result.assumed)]
    sentences += [_timing(list(rows)) for _, rows in groupby(result.enrolment_days, key=lambda each: each.endpoint)]
    if result.adaptation is not None:
        sentences.append(adaptation_words(result.adaptation))
    return " ".join(sentences)


def adaptation_words(found: AdaptationFinding) -> str:
    """Return how the trial behaves with its change on the way."""
    parts = [
        f"{row.name}: rejects in {row.reject_rate:.3f} (MCSE {row.mcse:.3f}) with {row.expected_n:.0f} "
        f"patients on average, changed in {row.changed:.2f}"
        for row in found.scenarios
    ]
    return f"With its adaptation the trial behaves so: {'; '.join(parts)}."


def text(result: TrialResult) -> str:
    """Return what the command prints: question, answer, single trials, a line for each scenario and endpoint."""
    rows = [_row(scenario, endpoint) for scenario in result.scenarios for endpoint in scenario.endpoints]
    run = f"{result.replicates} simulated trials in each scenario, seed {result.seed}."
    tables = (*_examples(result), *columns([_HEADINGS, *rows]), *_looks(result), *_days(result))
    closing = ("", run, result.numerics.words, CONTEXT_OF_USE)
    return "\n".join((result.question, "", answer(result), "", *tables, *closing))


def _size(result: TrialResult, null: ScenarioResult) -> str:
    design, primary = result.design, null.primary[0]
    planned = f"{primary.alpha / 2:g} on the side of a benefit" if design.looks else f"{primary.alpha:g}"
    against = "with no promised rate" if primary.nominal is None else f"against a planned {planned}"
    if len(design.arms) == 1:
        truth = 100 * _number(primary.estimand_true)
        against += f" at the benchmark, from which they are {truth:+.1f} percentage points away without help"
    return (
        f"With {design.size.total} patients the trial rejects in {_reject_rate(null)} of simulated trials when "
        f"the cells change nothing, {against} (primary endpoint: {primary.name})."
    )


def _power(result: TrialResult, scenario: ScenarioResult) -> str:
    arms = scenario.primary
    truth = " and ".join(_difference(each) + (f" ({each.arm})" if len(arms) > 1 else "") for each in arms)
    found = f"the true {arms[0].scale} is {truth} and the trial rejects in {_reject_rate(scenario)}"
    early = f", after {scenario.expected_n:.0f} patients on average" if result.design.looks else ""
    return f"If {scenario.description}, {found}{early}{_needed(result, scenario)}."


def _difference(endpoint: EndpointResult) -> str:
    truth = _number(endpoint.estimand_true)
    if endpoint.scale != "difference":
        return f"{truth:+.2f}"
    if endpoint.unit == SHARE_UNIT:
        return f"{100 * truth:+.1f} percentage points"
    return f"{truth:+.2f} {endpoint.unit}"


def _needed(result: TrialResult, scenario: ScenarioResult) -> str:
    arms = scenario.primary
    asked = (scenario.name, arms[0].name)
    required = next((row for row in result.required_size if (row.scenario, row.endpoint) == asked), None)
    if required is None:
        return ""
    where = f" to find {arms[0].arm} better" if len(arms) > 1 else ""
    size = f"{required.relation} {required.n_per_arm} patients per arm"
    return f"; without looks a power of {POWER:g}{where} takes {size}"


def _verdict(assumed: Sequence[ScenarioResult]) -> str:
    able = [each.name for each in assumed if each.reject_rate >= POWER]
    if not able:
        return f"As designed, the trial reaches a power of {POWER:g} in none of these scenarios."
    return f"As designed, the trial reaches a power of {POWER:g} in: {', '.join(able)}."


def _timing(rows: Sequence[EnrolmentDay]) -> str:
    early, late = rows[0], rows[-1]
    fixed = f"{100 * FIXED_SHARE:g} percentage points" if early.fixed_effect < 1 else f"{early.fixed_effect:g} points"
    sizes = f"{early.n_per_arm:.0f} per arm on day {early.day:g}, {late.n_per_arm:.0f} on day {late.day:g}"
    if falls(rows):
        return (
            f"For a fixed effect of {fixed} on {early.endpoint}, the patients needed fall with every later day of "
            f"enrolment, because less natural recovery is still to come: {sizes}."
        )
    most = max(rows, key=lambda each: each.n_per_arm)
    return (
        f"For a fixed effect of {fixed} on {early.endpoint}, the patients needed do not fall with every later day: "
        f"{sizes}, and most, {most.n_per_arm:.0f}, on day {most.day:g}."
    )


def _reject_rate(scenario: ScenarioResult) -> str:
    return f"{scenario.reject_rate:.3f} (MCSE {scenario.mcse:.3f})"


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _examples(result: TrialResult) -> list[str]:
    """Return three single trials of each scenario, to be seen before any average."""
    rows = [
        (
            row.scenario,
            _signed(row.estimate),
            "-" if row.low is None else f"{row.low:+.3f} to {_number(row.high):+.3f}",
            f"{row.p:.3f}",
            str(row.patients),
            row.ends,
        )
        for row in result.example_trials
    ]
    headings = ("single trials", "estimate", "interval", "p", "patients", "how it ends")
    return [*columns([headings, *rows]), ""] if rows else []


def _looks(result: TrialResult) -> list[str]:
    """Return the table of looks, empty where a trial has none."""
    rows = [
        (
            scenario.name,
            str(look.look),
            f"{look.patients_analysed:.0f}",
            "-" if look.efficacy_z is None else f"{look.efficacy_z:.3f}",
            f"{look.stopped_for_efficacy:.3f}",
            f"{look.stopped_for_futility:.3f}",
        )
        for scenario in result.scenarios
        for look in scenario.looks
    ]
    headings = ("scenario", "look", "patients", "z limit", "stops for efficacy", "for futility")
    return ["", *columns([headings, *rows])] if rows else []


def _days(result: TrialResult) -> list[str]:
    """Return how the patients needed fall with the day of enrolment."""
    found = result.enrolment_days
    endpoints = list(dict.fromkeys(row.endpoint for row in found))
    needed = {(row.day, row.endpoint): f"{row.n_per_arm:.0f}" for row in found}
    rows = [
        (f"{day:g}", *(needed[day, endpoint] for endpoint in endpoints)) for day in sorted({row.day for row in found})
    ]
    return ["", *columns([("patients per arm, enrolled on day", *endpoints), *rows])] if rows else []


def _row(scenario: ScenarioResult, endpoint: EndpointResult) -> tuple[str, ...]:
    theory, several = endpoint.theory_reject_rate, len({each.arm for each in scenario.endpoints}) > 1
    coverage = endpoint.coverage
    return (
        scenario.name,
        f"{endpoint.name}, {endpoint.arm}" if several else endpoint.name,
        _signed(endpoint.estimand_true),
        f"{endpoint.reject_rate:.3f} (MCSE {endpoint.mcse:.3f})",
        "-" if theory is None else f"{theory:.3f}",
        "-" if coverage is None else f"{coverage:.3f} (MCSE {_number(endpoint.coverage_mcse):.3f})",
    )


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"

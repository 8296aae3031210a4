"""The result of a trial in words: the answer, and the text that a command prints."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.present.numbers import errors
from cordwise.trial.analyse.simulated_value import ErrorParts
from cordwise.trial.characteristics.enrolment_day import FIXED_SHARE, EnrolmentDay, falls
from cordwise.trial.characteristics.sample_size import POWER
from cordwise.trial.characteristics.scenario_result import EndpointResult, ScenarioResult
from cordwise.trial.compare.result import PatientsPerArm
from cordwise.trial.decide.adaptive import AdaptationFinding
from cordwise.trial.result import SizeForPower, TrialResult

SHARE_UNIT = "share of patients"
_HEADINGS = ("scenario", "endpoint", "true", "rejects", "one set, 95 %", "theory", "coverage")


def answer(result: TrialResult) -> str:
    """Return what the simulated trials say about the design, in plain words: first how often it finds an effect."""
    null = next(each for each in result.scenarios if each.is_null)
    sentences = [
        *(_power(result, each) for each in result.assumed),
        _verdict(result.assumed),
        _size(result, null),
        *_errors(result),
        *_precision(result),
    ]
    sentences += [_timing(list(rows)) for _, rows in groupby(result.enrolment_days, key=lambda each: each.endpoint)]
    if result.adaptation is not None:
        sentences.append(adaptation_words(result.adaptation))
    return " ".join(sentences)


def adaptation_words(found: AdaptationFinding) -> str:
    """Return how the trial behaves with its change on the way."""
    parts = [
        f"{row.name}: rejects in {rate_words(row.reject_rate, row.mcse, row.total_error)} with "
        f"{patients_words(row.expected_n, row.expected_n_total_error)} on average, "
        f"changed in {rate_words(row.changed, row.changed_mcse, row.changed_total_error)}"
        for row in found.scenarios
    ]
    return f"With its adaptation the trial behaves so: {'; '.join(parts)}."


def text(result: TrialResult) -> str:
    """Return what the command prints: question, answer, single trials, a line for each scenario and endpoint."""
    rows = [_row(scenario, endpoint) for scenario in result.scenarios for endpoint in scenario.endpoints]
    sets = min(len(result.by_parameter_set[0].parameter_set), result.replicates)
    whose = f"natural recovery is that of {result.registry}"
    run = (
        f"{result.replicates} simulated trials in each scenario, in {sets} parameter sets; {whose}; seed {result.seed}."
    )
    tables = (*_examples(result), *columns([_HEADINGS, *rows]), *_looks(result), *_days(result))
    matched = result.case_mix.lines() if result.case_mix else ()
    closing = ("", run, *matched, result.numerics.words, CONTEXT_OF_USE)
    return "\n".join((result.question, "", answer(result), "", *tables, *closing))


def _size(result: TrialResult, null: ScenarioResult) -> str:
    design, primary = result.design, null.primary[0]
    planned = f"{primary.alpha / 2:g} on the side of a benefit" if design.looks else f"{primary.alpha:g}"
    against = "with no promised rate" if primary.nominal is None else f"against a planned {planned}"
    by_both = ", by the grades of two examinations" if design.primary.confirmed else ""
    if len(design.arms) == 1:
        truth = 100 * _number(primary.estimand_true)
        against += f" at the benchmark, from which they are {truth:+.1f} percentage points away without help"
    return (
        f"With {design.size.total} patients the trial rejects in {_reject_rate(null)} of simulated trials when "
        f"the cells change nothing, {against} (primary endpoint: {primary.name}{by_both})."
    )


def _power(result: TrialResult, scenario: ScenarioResult) -> str:
    arms = scenario.primary
    truth = " and ".join(_difference(each) + (f" ({each.arm})" if len(arms) > 1 else "") for each in arms)
    found = f"the true {arms[0].scale} is {truth} and the trial's assurance is {_reject_rate(scenario)}"
    early = ""
    if result.design.looks:
        early = f", after {patients_words(scenario.expected_n, scenario.expected_n_total_error)} on average"
    return f"If {scenario.description}, {found}{_over_sets(scenario)}{early}{_needed(result, scenario)}."


def _over_sets(scenario: ScenarioResult) -> str:
    """Return between which rates the parameter sets lie."""
    if scenario.sets_low95 is None or scenario.sets_high95 is None:
        return ""
    if not (scenario.error.parameters or scenario.error.registry):
        return f", with no more than {scenario.error.resolution or 0.0:.2f} or so between parameter sets"
    return f": 95 % of the parameter sets lie between {scenario.sets_low95:.2f} and {scenario.sets_high95:.2f}"


def _errors(result: TrialResult) -> Iterator[str]:
    """Yield what the error of the most uncertain rate consists of, and what makes each part smaller."""
    known = [each for each in result.scenarios if each.total_error is not None]
    if not known:
        yield "The replicates are too few to tell how far the parameter sets differ, so that no total error is known."
        return
    worst = max(known, key=lambda each: each.total_error or 0.0)
    parts = worst.error
    yield (
        f"Assurance is the power averaged over the parameter sets that the evidence leaves open. The total error is "
        f"largest for the scenario {worst.name}: {parts.replicates:.3f} of it are due to the number of replicates, "
        f"{parts.bank:.3f} to the people simulated (both together are the MCSE), and {parts.parameters or 0.0:.3f} to "
        f"the parameters{_between_registries(parts)}; that only more evidence makes smaller. With so many replicates a "
        "deviation between sets "
        f"of less than about {parts.resolution or 0.0:.2f} cannot be told from none: a total error that is smaller may "
        "be as large as that."
    )


def _between_registries(parts: ErrorParts) -> str:
    return "" if parts.registry is None else f" and {parts.registry:.3f} to how registries differ"


def _precision(result: TrialResult) -> Iterator[str]:
    """Yield whether a precision that was asked for has been reached, and what stands in the way where it was not."""
    wanted = (result.provenance.options or {}).get("precision")
    if not isinstance(wanted, float):
        return
    worst = max(result.scenarios, key=lambda each: each.mcse)
    if worst.mcse <= wanted:
        yield f"The precision of {wanted:g} that was asked for is reached; it counts replicates and people."
    elif worst.error.bank > wanted:
        yield (
            f"The precision of {wanted:g} that was asked for is not reached, and more replicates would not reach it: "
            f"the people simulated alone leave an error of {worst.error.bank:.4f}."
        )
    else:
        yield f"The precision of {wanted:g} that was asked for takes more replicates."


def _difference(endpoint: EndpointResult) -> str:
    """Return the true effect, and where it lies in 95 % of the parameter sets."""
    truth, low, high = _number(endpoint.estimand_true), endpoint.estimand_low95, endpoint.estimand_high95
    ends = [] if low is None or high is None else [low, high]
    if endpoint.scale == "difference" and endpoint.unit == SHARE_UNIT:
        shown, unit = [f"{100 * each:+.1f}" for each in (truth, *ends)], " percentage points"
    else:
        shown = [f"{each:+.2f}" for each in (truth, *ends)]
        unit = f" {endpoint.unit}" if endpoint.scale == "difference" else ""
    spread = f" ({shown[1]} to {shown[2]} over the sets)" if ends else ""
    return f"{shown[0]}{unit}{spread}"


def _needed(result: TrialResult, scenario: ScenarioResult) -> str:
    arms = scenario.primary
    asked = (scenario.name, arms[0].name)
    required = next((row for row in result.required_size if (row.scenario, row.endpoint) == asked), None)
    if required is None:
        return ""
    where = f" to find {arms[0].arm} better" if len(arms) > 1 else ""
    return f"; without looks an assurance of {POWER:g}{where} takes {size_words(required)}"


def patients_words(mean: float, total_error: float | None) -> str:
    """Return a mean number of patients with its error; a number that no trial changes has none."""
    return f"{mean:.0f}{errors(None, total_error or None, 1)} patients"


def size_words(required: SizeForPower | PatientsPerArm) -> str:
    """Return the patients per arm for a power with their errors, and what 95 % of the parameter sets take."""
    size = f"{required.relation} {required.n_per_arm} patients per arm"
    known = [f"total error {required.total_error:.0f}"] if required.total_error is not None else []
    if required.low95 != required.high95:
        low, high = (
            f"more than {required.largest}" if end is None else str(end) for end in (required.low95, required.high95)
        )
        known.append(f"{low} to {high} over the sets")
    return f"{size} ({'; '.join(known)})" if known else size


def _verdict(assumed: Sequence[ScenarioResult]) -> str:
    able = [each.name for each in assumed if each.reject_rate >= POWER]
    if not able:
        return f"As designed, the trial reaches an assurance of {POWER:g} in none of these scenarios."
    return f"As designed, the trial reaches an assurance of {POWER:g} in: {', '.join(able)}."


def _timing(rows: Sequence[EnrolmentDay]) -> str:
    early, late = rows[0], rows[-1]
    fixed = f"{100 * FIXED_SHARE:g} percentage points" if early.fixed_effect < 1 else f"{early.fixed_effect:g} points"
    sizes = f"{_day_size(early)} per arm on day {early.day:g}, {_day_size(late)} on day {late.day:g}"
    if falls(rows):
        return (
            f"For a fixed effect of {fixed} on {early.endpoint}, the patients needed fall with every later day of "
            f"enrolment, because less natural recovery is still to come: {sizes}."
        )
    most = max(rows, key=lambda each: each.n_per_arm)
    return (
        f"For a fixed effect of {fixed} on {early.endpoint}, the patients needed do not fall with every later day: "
        f"{sizes}, and most, {_day_size(most)}, on day {most.day:g}."
    )


def _day_size(row: EnrolmentDay) -> str:
    """Return the patients per arm that a fixed effect takes, with their error."""
    return f"{row.n_per_arm:.0f}{errors(row.mcse, None, 0)}"


def _reject_rate(scenario: ScenarioResult) -> str:
    return rate_words(scenario.reject_rate, scenario.mcse, scenario.total_error)


def rate_words(value: float | None, mcse: float | None, total_error: float | None) -> str:
    """Return a simulated rate with its errors, as text prints it."""
    return "-" if value is None else f"{value:.3f}{errors(mcse, total_error, 3)}"


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
            rate_words(
                look.stopped_for_efficacy, look.stopped_for_efficacy_mcse, look.stopped_for_efficacy_total_error
            ),
            rate_words(
                look.stopped_for_futility, look.stopped_for_futility_mcse, look.stopped_for_futility_total_error
            ),
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
    needed = {(row.day, row.endpoint): _day_size(row) for row in found}
    rows = [
        (f"{day:g}", *(needed[day, endpoint] for endpoint in endpoints)) for day in sorted({row.day for row in found})
    ]
    return ["", *columns([("patients per arm, enrolled on day", *endpoints), *rows])] if rows else []


def _row(scenario: ScenarioResult, endpoint: EndpointResult) -> tuple[str, ...]:
    theory, several = endpoint.theory_reject_rate, len({each.arm for each in scenario.endpoints}) > 1
    return (
        scenario.name,
        f"{endpoint.name}, {endpoint.arm}" if several else endpoint.name,
        _signed(endpoint.estimand_true),
        rate_words(endpoint.reject_rate, endpoint.mcse, endpoint.total_error),
        "-" if endpoint.total_error is None else f"{endpoint.low95:.2f}-{endpoint.high95:.2f}",
        "-" if theory is None else f"{theory:.3f}",
        rate_words(endpoint.coverage, endpoint.coverage_mcse, endpoint.coverage_total_error),
    )


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"

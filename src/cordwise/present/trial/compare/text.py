"""A comparison of designs in words: its question, its answer, and the text that the command prints."""

from collections.abc import Iterator, Sequence

from scipy.special import ndtri

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.present.numbers import errors
from cordwise.present.trial.text import rate_words, size_words
from cordwise.trial.compare.differences import DesignDifference
from cordwise.trial.compare.result import (
    ArmInScenario,
    ComparedScenario,
    Comparison,
    DesignInScenario,
    MissingScenario,
    SharedPatients,
)

_DAYS_PER_YEAR = 365.25
_LIMIT = float(ndtri(0.975))  # standard errors of a 95 % interval
_HEADINGS = ("scenario", "design", "rejects", "patients", "years", "true (its error)", "bias", "for assurance 0.8")


def question(result: Comparison) -> str:
    """Return the question that the designs together ask."""
    labels = " or ".join(each.label for each in result.designs)
    return f"Which design would show an effect of the cells more often: {labels}?"


def answer(result: Comparison) -> str:
    """Return what the comparison shows, in plain words."""
    sentences = [
        _setting(result),
        *(_found(result, each) for each in result.scenarios if not each.is_null),
        *_missing(result),
        *_scales(result),
        "A higher power says that a design would more often find such an effect, not that its cells work better.",
    ]
    return " ".join(sentences)


def text(result: Comparison) -> str:
    """Return the text that the command prints: question, answer, designs side by side, and how far they part."""
    rows = [_row(scenario, each) for scenario in result.scenarios for each in scenario.results]
    lines = (
        question(result),
        "",
        answer(result),
        "",
        *columns([_HEADINGS, *rows]),
        "",
        *columns(
            [
                ("scenario", "difference in the share that rejects", "value", "95 % of the sets"),
                *(_difference_row(each) for each in result.differences),
            ]
        ),
        "",
        f"{result.replicates} simulated trials of each design in each scenario, seed {result.seed}.",
        result.numerics.words,
        CONTEXT_OF_USE,
    )
    return "\n".join(lines)


def _setting(result: Comparison) -> str:
    null = next(each for each in result.scenarios if each.is_null)
    rejects = "; ".join(f"{_rate(each)} with {each.design}" for each in null.results)
    return (
        f"The {len(result.designs)} designs were simulated in the same {result.designs[0].parameter_sets} parameter "
        f"sets, {result.replicates} trials each in every scenario; {_shared(result.patients)}. "
        f"When the cells change nothing, the share of trials that reject is {rejects}."
    )


def _shared(patients: Sequence[SharedPatients]) -> str:
    if all(each.draws == "the same" for each in patients):
        return "all enrol the same people in the same order"
    return ", ".join(
        f"{each.designs[0]} and {each.designs[1]} share {each.shared} of {min(each.of)} patients" for each in patients
    )


def _found(result: Comparison, scenario: ComparedScenario) -> str:
    """Return what every design finds in a scenario, those after the first with their difference from it."""
    apart = {each.design: each for each in result.differences if each.scenario == scenario.name}
    rejects = "; ".join(
        f"{_rate(each)} with {each.design}{_difference(apart.get(each.design))}" for each in scenario.found
    )
    return f"If {scenario.description}, the share is {rejects}. {_needed(scenario.found)}"


def _difference(difference: DesignDifference | None) -> str:
    """Return how far a design parts from the first, and whether by more than simulation error."""
    if difference is None:
        return ""
    if difference.reject_rate == difference.mcse == 0:
        return ", no different from the first"
    errors_of = errors(difference.mcse, difference.total_error, 3)
    found = f", {difference.reject_rate:+.3f} against the first{errors_of}"
    is_chance = abs(difference.reject_rate) <= _LIMIT * difference.mcse
    return f"{found}, within the error of the simulation" if is_chance else found


def _needed(present: Sequence[DesignInScenario]) -> str:
    sizes = [each.required for each in present if each.required]
    listed = " and ".join(size_words(each) for each in sizes)
    return f"An assurance of {sizes[0].power:g} without looks takes {listed}." if sizes else ""


def _missing(result: Comparison) -> Iterator[str]:
    for scenario in result.scenarios:
        without = [each.design for each in scenario.results if isinstance(each, MissingScenario)]
        if without:
            yield f"The scenario {scenario.name} is missing from {' and '.join(without)}."
        if not scenario.same_assumption:
            yield f"The scenario {scenario.name} does not assume the same of the cells in every design."


def _scales(result: Comparison) -> Iterator[str]:
    if len({(each.scale, each.unit) for each in result.designs}) > 1:
        yield "The primary endpoints have different scales, so that their effects cannot be set beside each other."
    if len({each.sides for each in result.designs}) > 1:
        yield "Designs with looks count rejections on the side of a benefit only, the others on both sides."


def _rate(found: DesignInScenario | MissingScenario) -> str:
    if isinstance(found, MissingScenario):
        return "not simulated"
    return rate_words(found.reject_rate, found.mcse, found.total_error)


def _row(scenario: ComparedScenario, found: DesignInScenario | MissingScenario) -> tuple[str, ...]:
    if isinstance(found, MissingScenario):
        return (scenario.name, found.design, "missing from this design", "", "", "", "", "")
    return (
        scenario.name,
        found.design,
        _rate(found),
        f"{found.expected_n:.0f}{errors(None, found.expected_n_total_error or None, 1)}",
        f"{found.expected_duration_days / _DAYS_PER_YEAR:.1f}",
        " ".join(_truth(arm) for arm in found.arms),
        " ".join(_signed(arm.bias) for arm in found.arms),
        size_words(found.required) if found.required else "-",
    )


def _truth(arm: ArmInScenario) -> str:
    error = arm.estimand_bank_error
    return _signed(arm.estimand_true) + (f" ({error:.3f})" if error is not None else "")


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _difference_row(difference: DesignDifference) -> tuple[str, ...]:
    return (
        difference.scenario,
        f"{difference.design} minus {difference.against}",
        f"{difference.reject_rate:+.3f}{errors(difference.mcse, difference.total_error, 3)}",
        "-"
        if difference.sets_low95 is None
        else f"{difference.sets_low95:+.3f} to {difference.sets_high95 or 0.0:+.3f}",
    )

"""A sweep in words: its answer, and its text."""

from collections.abc import Mapping, Sequence

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.present.numbers import errors
from cordwise.present.trial.text import rate_words
from cordwise.trial.characteristics.scenario_result import ScenarioResult
from cordwise.trial.plan.accrual import DAYS_PER_MONTH
from cordwise.trial.sweep import Scalar, Sweep, SweptDesign


def answer(result: Sweep) -> str:
    """Return what the sweep shows, in plain words."""
    varied = " and ".join(f"{path} ({', '.join(map(shown, values))})" for path, values in result.grid.items())
    sentences = [
        f"The design was simulated with every combination of {varied}: {len(result.designs)} designs, "
        f"{result.replicates} trials each in every scenario, in the same {result.parameter_sets} parameter sets.",
        *(_scenario(result, name) for name in scenario_names(result)),
        "A higher power says that a design would more often find such an effect, not that its cells work better.",
    ]
    return " ".join(sentences)


def text(result: Sweep) -> str:
    """Return question, answer, and one line for each combination and scenario."""
    headings = (*result.grid, "scenario", "rejects", "true", "coverage", "patients", "months")
    rows = [_row(design, scenario) for design in result.designs for scenario in design.scenarios]
    run = f"{result.replicates} simulated trials of each design in each scenario, seed {result.seed}."
    table = columns([headings, *rows])
    return "\n".join((result.question, "", answer(result), "", *table, "", run, result.numerics.words, CONTEXT_OF_USE))


def scenario_names(result: Sweep) -> tuple[str, ...]:
    """Return the names of all scenarios, in the order in which the combinations name them."""
    return tuple(dict.fromkeys(scenario.name for design in result.designs for scenario in design.scenarios))


def shown(value: Scalar) -> str:
    """Return a value of the grid as a reader writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else value


def described(values: Mapping[str, Scalar]) -> str:
    """Return a combination in words."""
    return ", ".join(f"{path} = {shown(value)}" for path, value in values.items())


def _scenario(result: Sweep, name: str) -> str:
    found = [(design, each) for design in result.designs for each in design.scenarios if each.name == name]
    lowest, highest = _ends(found)
    opening = "When the cells change nothing" if found[0][1].is_null else f"If {found[0][1].description}"
    if lowest[1].reject_rate == highest[1].reject_rate:
        return f"{opening}, each of them rejects in {_rate(lowest[1])} of simulated trials."
    return (
        f"{opening}, they reject in {_rate(lowest[1])} ({described(lowest[0].values)}) to {_rate(highest[1])} "
        f"({described(highest[0].values)}) of simulated trials."
    )


def _ends(
    found: Sequence[tuple[SweptDesign, ScenarioResult]],
) -> tuple[tuple[SweptDesign, ScenarioResult], tuple[SweptDesign, ScenarioResult]]:
    def rate(pair: tuple[SweptDesign, ScenarioResult]) -> float:
        return pair[1].reject_rate

    return min(found, key=rate), max(found, key=rate)


def _rate(scenario: ScenarioResult) -> str:
    return rate_words(scenario.reject_rate, scenario.mcse, scenario.total_error)


def _row(design: SweptDesign, scenario: ScenarioResult) -> tuple[str, ...]:
    true = scenario.estimand_true
    return (
        *map(shown, design.values.values()),
        scenario.name,
        _rate(scenario),
        "-" if true is None else f"{true:+.3f}",
        rate_words(scenario.coverage, scenario.coverage_mcse, scenario.coverage_total_error),
        f"{scenario.expected_n:.0f}{errors(None, scenario.expected_n_total_error or None, 1)}",
        f"{scenario.expected_duration_days / DAYS_PER_MONTH:.0f}",
    )

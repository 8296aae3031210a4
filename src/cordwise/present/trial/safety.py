"""Tables for a monitoring board: when harm stops the trial, and how likely that is at any true rate of the event."""

from itertools import groupby

from cordwise.present import numbers
from cordwise.present.html.page import Table, table
from cordwise.trial.design.file import DesignTables
from cordwise.trial.design.stopping import Safety
from cordwise.trial.plan.plan import safety_rule
from cordwise.trial.result import TrialResult

TRUE_RATES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)  # shown, as multiples of the tolerable rate
HIGHEST_RATE = 0.95


def board_tables(result: TrialResult, safety: Safety) -> tuple[Table, ...]:
    """Return the board's boundary with its exact characteristics, and how often simulated trials stop."""
    from cordwise.stats.sequential.safety import safety_characteristics, stopping_table

    rule, treated = safety_rule(safety), _treated(result.design)
    rates = [factor * rule.tolerable for factor in TRUE_RATES if factor * rule.tolerable < HIGHEST_RATE]
    found = safety_characteristics(rule, treated, rates)
    chances = list(zip(rates, found.stop_chance, found.expected_patients, strict=True))
    return (_boundary(stopping_table(rule, treated).tolist()), _chances(chances, treated), _simulated(result))


def _treated(design: DesignTables) -> int:
    """Return how many patients are treated in the whole trial."""
    ratio = design.randomisation.ratio
    controls = sum(part for arm, part in zip(design.arms, ratio, strict=True) if arm.control is not None)
    return round(design.size.total * (1 - controls / sum(ratio)))


def _boundary(least: list[int]) -> Table:
    """Return the boundary, one row for each number of events that stops; patients count from 1."""
    stops = [(patients, events) for patients, events in enumerate(least, start=1) if events <= patients]
    headings = {"Treated patients so far": True, "Stop at so many with the event": True}
    rows = []
    for events, group in groupby(stops, key=lambda pair: pair[1]):
        patients = [each for each, _ in group]
        rows.append((numbers.between(patients[0], patients[-1], 0), numbers.count(events)))
    return table("The board's boundary", headings, rows)


def _chances(chances: list[tuple[float, float, float]], treated: int) -> Table:
    """Return the exact chance of a stop at several true rates of the event."""
    headings = {"True rate": True, "Chance of a stop": True, "Treated patients by then, mean": True}
    rows = [
        (numbers.number(100 * rate, 1) + "\u202f%", numbers.probability(chance), numbers.number(patients))
        for rate, chance, patients in chances
    ]
    return table(
        f"Exact characteristics of the boundary over {numbers.count(treated)} treated patients", headings, rows
    )


def _simulated(result: TrialResult) -> Table:
    """Return how often harm stops the simulated trials of each scenario, which may end earlier for other reasons."""
    headings = {"Scenario": False, "Stopped for harm": True}
    rows = [
        (row.name, numbers.rate(row.stopped_for_harm, None, row.stopped_for_harm_total_error))
        for row in result.scenarios
    ]
    return table("Share of simulated trials that the safety rule stops", headings, rows)

"""Tables of dose-escalation designs."""

from collections.abc import Sequence
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Table, table
from cordwise.present.trial.tables import months
from cordwise.trial.escalation.result import DoseDecisions, DoseSkeleton, Escalation

NONE = "-"


def characteristics_table(result: Escalation) -> Table:
    """Return how often each design is right, how many it overdoses, and what it costs, scenario by scenario."""
    headings = {
        "Scenario": False,
        "Design": False,
        "Selects the right dose": True,
        "Selects too high": True,
        "Overdosed": True,
        "Patients": True,
        "Toxicities": True,
        "Months": True,
    }
    rows = [
        (
            found.name,
            design.name,
            numbers.rate(found.correct_rate, found.correct_rate_mcse),
            numbers.share(found.overdose_selected_rate),
            numbers.share(found.overdosed_share),
            numbers.number(found.expected_n),
            numbers.number(found.expected_toxicities),
            months(found.expected_duration_days),
        )
        for place in range(len(result.design.scenarios))
        for design in result.designs
        for found in [design.scenarios[place]]
    ]
    return table("How each design does in each scenario", headings, rows)


def selection_table(result: Escalation, place: int) -> Table:
    """Return, for one scenario, what each design selects; exact chances stand below simulated ones where known."""
    scenario = result.designs[0].scenarios[place]
    doses = [f"Dose {dose}" for dose in range(1, len(scenario.rates) + 1)]
    headings = {"Design": False, "None": True, **dict.fromkeys(doses, True)}
    rows = [["assumed rate", NONE, *map(numbers.share, scenario.rates)]]
    for design in result.designs:
        found = design.scenarios[place]
        rows.append([design.name, *map(numbers.share, found.selected)])
        if found.selected_exact is not None:
            rows.append([f"{design.name}, exact", *map(numbers.share, found.selected_exact)])
    right = scenario.right_dose
    aim = "no dose is right" if right is None else f"dose {right} is right"
    return table(f"Selected dose: {scenario.name} ({aim})", headings, rows)


def exposure_table(result: Escalation, place: int) -> Table:
    """Return, for one scenario, the mean number of patients at each dose, and of toxicities among them."""
    scenario = result.designs[0].scenarios[place]
    headings = {"Design": False} | {f"Dose {dose}": True for dose in range(1, len(scenario.rates) + 1)}
    rows = [
        [
            design.name,
            *(
                f"{numbers.number(treated)} ({numbers.number(toxic)})"
                for treated, toxic in zip(found.patients, found.toxicities, strict=True)
            ),
        ]
        for design in result.designs
        for found in [design.scenarios[place]]
    ]
    return table(f"Mean patients at each dose (with toxicity): {scenario.name}", headings, rows)


def decision_table(decisions: DoseDecisions) -> Table:
    """Return the table an investigator reads at each decision: toxicities that move the dose, by patients treated."""
    headings = {
        "Patients at the dose": True,
        "Go up: toxicities at most": True,
        "Go down: at least": True,
        "Close the dose: at least": True,
    }
    columns = (
        decisions.patients,
        decisions.escalate_at_most,
        decisions.deescalate_at_least,
        decisions.close_at_least,
    )
    rows = [[_count(value) for value in row] for row in zip(*columns, strict=True)]
    return table(f"Decisions of {decisions.design}", headings, rows)


def skeleton_table(skeletons: Sequence[DoseSkeleton]) -> Table:
    """Return the rates that each model starts from."""
    headings = {"Design": False, "Model": False}
    headings |= {f"Dose {dose}": True for dose in range(1, len(skeletons[0].rates) + 1)}
    rows = [[each.design, each.model, *(numbers.number(rate, 3) for rate in each.rates)] for each in skeletons]
    return table("Toxicity rates assumed by the model before the first patient", headings, rows)


def _count(value: int | None) -> str:
    """Return a count; where nothing of the kind can happen, a dash."""
    return NONE if value is None else numbers.count(value)


def characteristics_rows(result: Escalation) -> list[dict[str, Any]]:
    """Return a row for each scenario and design, with every number that does not belong to a dose."""
    return [
        {
            "scenario": found.name,
            "design": design.name,
            "right_dose": found.right_dose,
            "correct_rate": found.correct_rate,
            "correct_rate_mcse": found.correct_rate_mcse,
            "overdose_selected_rate": found.overdose_selected_rate,
            "overdose_selected_rate_mcse": found.overdose_selected_rate_mcse,
            "overdosed_share": found.overdosed_share,
            "overdosed_share_mcse": found.overdosed_share_mcse,
            "expected_n": found.expected_n,
            "expected_n_mcse": found.expected_n_mcse,
            "expected_toxicities": found.expected_toxicities,
            "expected_toxicities_mcse": found.expected_toxicities_mcse,
            "expected_duration_days": found.expected_duration_days,
            "expected_duration_days_mcse": found.expected_duration_days_mcse,
        }
        for design in result.designs
        for found in design.scenarios
    ]


def dose_rows(result: Escalation) -> list[dict[str, Any]]:
    """Return a row for each scenario, design and dose; dose 0 is no dose, where nobody is treated."""
    return [
        {
            "scenario": found.name,
            "design": design.name,
            "dose": dose,
            "toxicity_rate": found.rates[dose - 1] if dose else None,
            "selected": selected,
            "selected_mcse": found.selected_mcse[dose],
            "selected_exact": found.selected_exact[dose] if found.selected_exact else None,
            "patients": found.patients[dose - 1] if dose else None,
            "toxicities": found.toxicities[dose - 1] if dose else None,
        }
        for design in result.designs
        for found in design.scenarios
        for dose, selected in enumerate(found.selected)
    ]


def decision_rows(result: Escalation) -> list[dict[str, Any]]:
    """Return a row for each design that has a decision table and each number of patients treated at the dose."""
    return [
        {
            "design": each.design,
            "patients": patients,
            "escalate_at_most": each.escalate_at_most[place],
            "deescalate_at_least": each.deescalate_at_least[place],
            "close_at_least": each.close_at_least[place],
        }
        for each in result.decision_tables
        for place, patients in enumerate(each.patients)
    ]

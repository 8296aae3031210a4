"""Tables of dose-escalation designs."""

from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Table, table
from cordwise.present.trial.tables import months

NONE = "-"


def characteristics_table(designs: list[dict[str, Any]]) -> Table:
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
            found["name"],
            design["name"],
            numbers.rate(found["correct_rate"], found["correct_rate_mcse"]),
            numbers.share(found["overdose_selected_rate"]),
            numbers.share(found["overdosed_share"]),
            numbers.number(found["expected_n"]),
            numbers.number(found["expected_toxicities"]),
            months(found["expected_duration_days"]),
        )
        for place in range(len(designs[0]["scenarios"]))
        for design in designs
        for found in [design["scenarios"][place]]
    ]
    return table("How each design does in each scenario", headings, rows)


def selection_table(designs: list[dict[str, Any]], place: int) -> Table:
    """Return, for one scenario, what each design selects; exact chances stand below simulated ones where known."""
    scenario = designs[0]["scenarios"][place]
    doses = [f"Dose {dose}" for dose in range(1, len(scenario["rates"]) + 1)]
    headings = {"Design": False, "None": True, **dict.fromkeys(doses, True)}
    rows = [["assumed rate", NONE, *map(numbers.share, scenario["rates"])]]
    for design in designs:
        found = design["scenarios"][place]
        rows.append([design["name"], *map(numbers.share, found["selected"])])
        if found["selected_exact"] is not None:
            rows.append([f"{design['name']}, exact", *map(numbers.share, found["selected_exact"])])
    right = scenario["right_dose"]
    aim = "no dose is right" if right is None else f"dose {right} is right"
    return table(f"Selected dose: {scenario['name']} ({aim})", headings, rows)


def exposure_table(designs: list[dict[str, Any]], place: int) -> Table:
    """Return, for one scenario, the mean number of patients at each dose, and of toxicities among them."""
    scenario = designs[0]["scenarios"][place]
    headings = {"Design": False} | {f"Dose {dose}": True for dose in range(1, len(scenario["rates"]) + 1)}
    rows = [
        [
            design["name"],
            *(
                f"{numbers.number(treated)} ({numbers.number(toxic)})"
                for treated, toxic in zip(found["patients"], found["toxicities"], strict=True)
            ),
        ]
        for design in designs
        for found in [design["scenarios"][place]]
    ]
    return table(f"Mean patients at each dose (with toxicity): {scenario['name']}", headings, rows)


def decision_table(decisions: dict[str, Any]) -> Table:
    """Return the table an investigator reads at each decision: toxicities that move the dose, by patients treated."""
    headings = {
        "Patients at the dose": True,
        "Go up: toxicities at most": True,
        "Go down: at least": True,
        "Close the dose: at least": True,
    }
    columns = ("patients", "escalate_at_most", "deescalate_at_least", "close_at_least")
    rows = [[_count(value) for value in row] for row in zip(*(decisions[key] for key in columns), strict=True)]
    return table(f"Decisions of {decisions['design']}", headings, rows)


def skeleton_table(skeletons: list[dict[str, Any]]) -> Table:
    """Return the rates that each model starts from."""
    headings = {"Design": False, "Model": False}
    headings |= {f"Dose {dose}": True for dose in range(1, len(skeletons[0]["rates"]) + 1)}
    rows = [[row["design"], row["model"], *(numbers.number(rate, 3) for rate in row["rates"])] for row in skeletons]
    return table("Toxicity rates assumed by the model before the first patient", headings, rows)


def _count(value: float | None) -> str:
    """Return a count; where nothing of the kind can happen, a dash."""
    return NONE if value is None else numbers.count(value)

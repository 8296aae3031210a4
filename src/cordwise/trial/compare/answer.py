"""The answer of a comparison in one paragraph, built from the numbers of the result."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scipy.special import ndtri

from cordwise.trial.compare.entrants import Compared

Values = Mapping[str, Any]
_LIMIT = float(ndtri(0.975))  # standard errors of a 95 % interval


def question(compared: Sequence[Compared]) -> str:
    """Return the question that the designs together ask."""
    return f"Which design would show an effect of the cells more often: {' or '.join(each.label for each in compared)}?"


def answer(values: Values) -> str:
    """Return what the comparison shows, in plain words."""
    assumed = [each for each in values["scenarios"] if not each["is_null"]]
    sentences = [
        _setting(values),
        *(_found(values, each) for each in assumed),
        *_missing(values),
        *_scales(values),
        *_patients(values),
        "A higher power says that a design would more often find such an effect, not that its cells work better.",
    ]
    return " ".join(sentences)


def _setting(values: Values) -> str:
    null = next(each for each in values["scenarios"] if each["is_null"])
    rejects = "; ".join(f"{_rate(each)} with {each['design']}" for each in null["results"])
    return (
        f"The {len(values['designs'])} designs were simulated on virtual patients of the same seed, "
        f"{values['replicates']} trials each in every scenario; {_shared(values['patients'])}. "
        f"When the cells change nothing, the share of trials that reject is {rejects}."
    )


def _shared(patients: Sequence[Values]) -> str:
    if all(each["draws"] == "the same" for each in patients):
        return "all enrol the same patients in the same order"
    parts = []
    for each in patients:
        one, other = each["designs"]
        most = min(each["of"])
        parts.append(f"{one} and {other} share {each['shared']} of {most} patients")
    return ", ".join(parts)


def _found(values: Values, scenario: Values) -> str:
    """Return what every design finds in a scenario, those after the first with their difference from it."""
    apart = {row["design"]: row for row in values["differences"] if row["scenario"] == scenario["name"]}
    present = [each for each in scenario["results"] if not each["is_missing"]]
    rejects = "; ".join(
        f"{_rate(each)} with {each['design']}{_difference(apart.get(each['design']))}" for each in present
    )
    return f"If {scenario['description']}, the share is {rejects}. {_needed(present)}"


def _difference(row: Values | None) -> str:
    """Return how far a design parts from the first, and whether by more than simulation error."""
    if row is None:
        return ""
    if row["reject_rate"] == row["mcse"] == 0:
        return ", no different from the first"
    found = f", {row['reject_rate']:+.3f} against the first (MCSE {row['mcse']:.3f})"
    is_chance = abs(row["reject_rate"]) <= _LIMIT * row["mcse"]
    return f"{found}, within the error of the simulation" if is_chance else found


def _needed(present: Sequence[Values]) -> str:
    sizes = [each["required"] for each in present if each["required"]]
    listed = " and ".join(f"{each['relation']} {each['n_per_arm']}" for each in sizes)
    return f"A power of {sizes[0]['power']:g} without looks takes {listed} patients per arm." if sizes else ""


def _missing(values: Values) -> Iterator[str]:
    for scenario in values["scenarios"]:
        without = [each["design"] for each in scenario["results"] if each["is_missing"]]
        if without:
            yield f"The scenario {scenario['name']} is missing from {' and '.join(without)}."
        if not scenario["same_assumption"]:
            yield f"The scenario {scenario['name']} does not assume the same of the cells in every design."


def _scales(values: Values) -> Iterator[str]:
    if len({(each["scale"], each["unit"]) for each in values["designs"]}) > 1:
        yield "The primary endpoints have different scales, so that their effects cannot be set beside each other."
    if len({each["sides"] for each in values["designs"]}) > 1:
        yield "Designs with looks count rejections on the side of a benefit only, the others on both sides."


def _patients(values: Values) -> Iterator[str]:
    if any(each["draws"] != "the same" for each in values["patients"]):
        yield (
            "MCSE is the error of the simulated trials; what other simulated patients would change is given with each "
            "true effect."
        )


def _rate(cell: Values) -> str:
    return "not simulated" if cell["is_missing"] else f"{cell['reject_rate']:.3f} (MCSE {cell['mcse']:.3f})"

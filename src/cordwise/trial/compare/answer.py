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
        *(f"{_rates(each)}{_parting(values, each)}" for each in assumed),
        *_missing(values),
        *_scales(values),
        "A higher power says that a design would more often find such an effect, not that its cells work better.",
    ]
    return " ".join(sentences)


def _setting(values: Values) -> str:
    null = next(each for each in values["scenarios"] if each["is_null"])
    rejects = "; ".join(f"{each['design']} {_rate(each)}" for each in null["results"])
    return (
        f"{len(values['designs'])} designs were simulated on virtual patients of the same seed, {values['replicates']} "
        f"trials each in every scenario; {_shared(values['patients'])}. When the cells change nothing they reject in: "
        f"{rejects}."
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


def _rates(scenario: Values) -> str:
    present = [each for each in scenario["results"] if not each["is_missing"]]
    rejects = "; ".join(f"{each['design']} {_rate(each)}{_needed(each)}" for each in present)
    return f"If {scenario['description']}, they reject in: {rejects}."


def _needed(cell: Values) -> str:
    required = cell["required"]
    if required is None:
        return ""
    return f", and a power of {required['power']:g} takes {required['relation']} {required['n_per_arm']} per arm"


def _parting(values: Values, scenario: Values) -> str:
    """Return whether each design parts from the first by more than simulation error."""
    rows = [each for each in values["differences"] if each["scenario"] == scenario["name"]]
    return "".join(f" {_difference(each)}" for each in rows)


def _difference(row: Values) -> str:
    found = f"{row['design']} minus {row['against']}: {row['reject_rate']:+.3f} (MCSE {row['mcse']:.3f})"
    if row["reject_rate"] == 0:
        return f"{row['design']} and {row['against']} do not differ."
    if abs(row["reject_rate"]) <= _LIMIT * row["mcse"]:
        return f"{found}, within the error of the simulation."
    return f"{found}."


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


def _rate(cell: Values) -> str:
    return "not simulated" if cell["is_missing"] else f"{cell['reject_rate']:.3f} (MCSE {cell['mcse']:.3f})"

"""The designs that are set side by side: each with a label of its own and its primary endpoint only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin
from cordwise.trial.design.file import Design, read_design
from cordwise.trial.plan.plan import TrialPlan, plan_trial


@dataclass(frozen=True, slots=True)
class ComparedDesign:
    """A design of the comparison: the label that tells it from the others, and its plan."""

    label: str
    plan: TrialPlan


def read_designs(designs: Sequence[Design | str | Path]) -> tuple[Design, ...]:
    """Return the designs, those given by a path or as the name of a shipped example read and checked.

    Raises
    ------
    InputError
        A file is missing or wrong; every fault in any of them is told at once.
    """
    read: list[Design] = []
    faults: dict[Fault, None] = {}
    for each in designs:
        try:
            read.append(each if isinstance(each, Design) else read_design(each))
        except InputError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise InputError(faults)
    return tuple(read)


def compared_designs(designs: Sequence[Design]) -> tuple[ComparedDesign, ...]:
    """Return the designs planned, with labels: their names, with the file or a number where these agree."""
    names = [design.name for design in designs]
    labels = [
        design.name if names.count(design.name) == 1 else f"{design.name} ({design.origin.name})" for design in designs
    ]
    return tuple(
        ComparedDesign(label, plan_trial(primary_only(design)))
        for label, design in zip(_numbered(labels), designs, strict=True)
    )


def primary_only(design: Design) -> Design:
    """Return the design with its primary endpoint alone; its visits, and so its duration, stay."""
    return replace(design, endpoints=(design.primary,))


def origin_of(designs: Sequence[Design]) -> Origin:
    """Return what a run keeps of the designs: the first as its input, the others and what all name by their names."""
    first, kept = designs[0].origin, dict[str, bytes]()
    for number, origin in enumerate((each.origin for each in designs), start=1):
        named = dict(origin.companions) if number == 1 else {origin.name: origin.data, **origin.companions}
        for name, data in named.items():
            kept[name if kept.get(name, data) == data else f"design_{number}_{name}"] = data
    return Origin(first.name, first.data, MappingProxyType(kept))


def _numbered(labels: Sequence[str]) -> list[str]:
    taken: Counter[str] = Counter()
    numbered = []
    for label in labels:
        taken[label] += 1
        numbered.append(f"{label}, number {taken[label]}" if labels.count(label) > 1 else label)
    return numbered

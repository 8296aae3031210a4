"""The designs that are set side by side: each with a label of its own and its primary endpoint only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.base.errors import Fault, InputError
from cordwise.trial.characteristics.findings import TrialFindings
from cordwise.trial.design.file import Design, read_design
from cordwise.trial.plan.plan import TrialPlan, plan_trial


@dataclass(frozen=True, slots=True)
class Entrant:
    """A design in the comparison; files that it names are found beside its own."""

    label: str
    plan: TrialPlan
    path: Path = Path()


@dataclass(frozen=True, slots=True)
class Compared:
    """An entrant simulated: what was found, and who its patients are."""

    entrant: Entrant
    findings: TrialFindings
    ids: Int[ndarray, " patient"]

    @property
    def label(self) -> str:
        """Return the design's label."""
        return self.entrant.label

    @property
    def plan(self) -> TrialPlan:
        """Return the design's plan."""
        return self.entrant.plan


def read_entrants(paths: Sequence[Path]) -> tuple[Entrant, ...]:
    """Read and check design files; every fault in any of them is reported at once."""
    designs: list[tuple[Path, Design]] = []
    faults: dict[Fault, None] = {}
    for path in paths:
        try:
            designs.append((path, read_design(path)))
        except InputError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise InputError(faults)
    return entrants(designs)


def entrants(designs: Sequence[tuple[Path, Design]]) -> tuple[Entrant, ...]:
    """Return the designs with labels that tell them apart: their names, with the file or a number where these agree."""
    names = [design.name for _, design in designs]
    labels = [
        design.name if names.count(design.name) == 1 else f"{design.name} ({path.name})" for path, design in designs
    ]
    return tuple(
        Entrant(label, plan_trial(primary_only(design)), path)
        for label, (path, design) in zip(_numbered(labels), designs, strict=True)
    )


def primary_only(design: Design) -> Design:
    """Return the design with its primary endpoint alone; its visits, and so its duration, stay."""
    return replace(design, endpoints=(design.primary,))


def _numbered(labels: Sequence[str]) -> list[str]:
    taken: Counter[str] = Counter()
    numbered = []
    for label in labels:
        taken[label] += 1
        numbered.append(f"{label}, number {taken[label]}" if labels.count(label) > 1 else label)
    return numbered


def shared_patients(one: PatientBank | Compared, other: PatientBank | Compared) -> int:
    """Return how many of the simulated patients stand in both banks; a patient drawn more than once counts once."""
    return len(np.intersect1d(one.ids, other.ids))


def draws_are_shared(one: Compared, other: Compared) -> bool:
    """Return whether replicate r of both designs enrols the same patients in the same order."""
    return one.plan.total == other.plan.total and np.array_equal(one.ids, other.ids)

"""The result of an experiment: what was read in each condition, and its effect against another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cordwise.base.assumptions import Assumption
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.parameters import Species
from cordwise.cord.self_check import Numerics
from cordwise.experiment.effect import PairedEffect, ReadoutSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFindings:
    """Read-outs and effects of one condition on one day after injury, by the names of the read-outs."""

    day: float
    readouts: Mapping[str, ReadoutSummary]
    effect: Mapping[str, PairedEffect]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFindings:
    """What was read in one condition: on the last day, and on every day.

    Effects count from the condition named `compared_with`; a comparator names itself.
    """

    name: str
    description: str
    readouts: Mapping[str, ReadoutSummary]
    effect: Mapping[str, PairedEffect]
    by_day: tuple[DayFindings, ...]
    compared_with: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class ExperimentResult(Result):
    """An experiment done on the same simulated subjects in every condition.

    Attributes
    ----------
    readout_days
        Days after injury, rising.
    subjects, worlds
        Subjects of a condition, and sets of rates over which the experiment is repeated.
    left_out
        Subjects of all sets of rates together without a credible cord in some condition.
    compared_with
        The condition from which effects are counted where a condition says nothing else.
    """

    kind: ClassVar[str] = "experiment"
    name: str
    question: str
    source: str
    species: Species
    readout_days: tuple[float, ...]
    subjects: int
    worlds: int
    left_out: int
    numerics: Numerics
    seed: int
    compared_with: str
    conditions: tuple[ConditionFindings, ...]
    assumptions: tuple[Assumption, ...]
    provenance: Provenance

    @property
    def compared(self) -> tuple[ConditionFindings, ...]:
        """Return the conditions that are compared with another."""
        return tuple(each for each in self.conditions if each.name != self.comparator_of(each))

    def comparator_of(self, condition: ConditionFindings) -> str:
        """Return the name of the condition that a condition is compared with."""
        return condition.compared_with or self.compared_with

    @property
    def has_one_comparator(self) -> bool:
        """Tell whether all conditions are compared with the same one."""
        return all(self.comparator_of(each) == self.compared_with for each in self.compared)

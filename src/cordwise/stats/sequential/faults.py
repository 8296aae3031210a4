"""Faults of a specification of boundaries, all at once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cordwise.base.errors import Fault
from cordwise.stats.sequential.spec import (
    PARAMETERS,
    SPENDING_FAMILIES,
    BetaSpending,
    BoundarySpec,
    FutilityLimits,
    Number,
)

MOST_LOOKS = 20
_SAME = 1e-9  # difference that rounding may leave between sums of alpha


def boundary_faults(spec: BoundarySpec, information: Sequence[Number], alpha: float) -> list[Fault]:
    """Return every fault of a specification, its looks and its alpha."""
    looks = len(information)
    faults = [*_alpha_faults(alpha), *_information_faults(information), *_parameter_faults(spec.family, spec.parameter)]
    if spec.family == "user":
        faults += _cumulative_faults("cumulative_alpha", spec.cumulative_alpha, alpha, looks)
    if isinstance(spec.futility, FutilityLimits):
        faults += _limit_faults(spec.futility, looks)
    elif isinstance(spec.futility, BetaSpending):
        faults += _beta_faults(spec, spec.futility, alpha, looks)
    return faults


def _alpha_faults(alpha: float) -> Iterator[Fault]:
    if not 0 < alpha < 1:
        yield Fault("alpha", "a one-sided error above 0 and below 1", f"{alpha:g}")


def _information_faults(information: Sequence[Number]) -> Iterator[Fault]:
    if not 1 <= len(information) <= MOST_LOOKS:
        yield Fault("information", f"1 to {MOST_LOOKS} looks", f"{len(information)}")
        return
    if any(not later > earlier for earlier, later in pairwise((0.0, *information))):
        yield Fault("information", "fractions above 0 that rise from look to look", f"{list(information)}")
    if abs(information[-1] - 1) > _SAME:
        yield Fault("information", "1 at the last look", f"{information[-1]:g}")


def _parameter_faults(family: str, parameter: float | None, where: str = "parameter") -> Iterator[Fault]:
    wanted = PARAMETERS.get(family)
    if wanted and (parameter is None or (family == "kim_demets" and parameter <= 0)):
        yield Fault(where, f"{wanted}, for {family}", f"{parameter}")
    if not wanted and parameter is not None:
        yield Fault(where, f"none, for {family} has no parameter", f"{parameter:g}")


def _cumulative_faults(where: str, cumulative: tuple[float, ...], total: float, looks: int) -> Iterator[Fault]:
    if len(cumulative) != looks:
        yield Fault(where, f"one value for each of the {looks} looks", f"{len(cumulative)} values")
    elif any(later < earlier for earlier, later in pairwise((0.0, *cumulative))):
        yield Fault(where, "values that do not fall from look to look", f"{list(cumulative)}")
    elif abs(cumulative[-1] - total) > _SAME:
        yield Fault(where, f"{total:g} spent by the last look", f"{cumulative[-1]:g}")


def _limit_faults(rule: FutilityLimits, looks: int) -> Iterator[Fault]:
    if len(rule.limits) != looks - 1:
        yield Fault("futility.limits", f"{looks - 1} values, one for each look before the last", f"{len(rule.limits)}")
    is_chance = rule.scale not in ("z", "effect")
    if is_chance and any(limit <= 0 or limit >= 1 for limit in rule.limits):
        yield Fault("futility.limits", f"above 0 and below 1 on the scale {rule.scale}", f"{list(rule.limits)}")
    if rule.scale == "design_conditional_power" and rule.drift is None:
        yield Fault("futility.drift", "the mean of the final z under the design's effect", "nothing")
    if rule.scale == "effect" and not (rule.final_information or 0) > 0:
        yield Fault("futility.final_information", "the information at the last look, above 0", "nothing")


def _beta_faults(spec: BoundarySpec, rule: BetaSpending, alpha: float, looks: int) -> Iterator[Fault]:
    if not 0 < rule.beta < 1 - alpha:
        yield Fault("futility.beta", "a type II error above 0 and below 1 - alpha", f"{rule.beta:g}")
    yield from _parameter_faults(rule.family, rule.parameter, "futility.parameter")
    if rule.family == "user":
        yield from _cumulative_faults("futility.cumulative", rule.cumulative, rule.beta, looks)
        if rule.cumulative[-2:-1] == rule.cumulative[-1:]:
            yield Fault("futility.cumulative", "some of beta left to the last look", f"{list(rule.cumulative)}")
    if rule.binding and spec.family not in SPENDING_FAMILIES:
        yield Fault("futility.binding", "a spending function for efficacy beside binding beta spending", spec.family)

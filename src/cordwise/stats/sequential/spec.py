"""Specifications of group-sequential boundaries, and the limits that follow from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float, Num
from numpy import ndarray

SpendingName = Literal["lan_demets_obrien_fleming", "lan_demets_pocock", "hwang_shih_decani", "kim_demets", "user"]
Family = Literal["obrien_fleming", "pocock", "wang_tsiatis", "haybittle_peto"] | SpendingName
Scale = Literal["z", "p", "conditional_power", "design_conditional_power", "predictive_power", "effect"]

Number = float | int
Numbers = Number | Sequence[Number] | Num[ndarray, "..."]

SPENDING_FAMILIES: tuple[Family, ...] = (
    "lan_demets_obrien_fleming",
    "lan_demets_pocock",
    "hwang_shih_decani",
    "kim_demets",
    "user",
)
PARAMETERS: dict[Family, str] = {
    "wang_tsiatis": "delta",
    "haybittle_peto": "z value before the last look",
    "hwang_shih_decani": "gamma",
    "kim_demets": "rho above 0",
}


@dataclass(frozen=True, slots=True)
class FutilityLimits:
    """Stop for futility below a limit on a scale of the user's choice, one limit for each look before the last.

    Attributes
    ----------
    scale
        `z`; `p`, one-sided, stop above it; `conditional_power` under the current trend; `design_conditional_power`
        under the design's drift; `predictive_power` under a flat prior; `effect`, in the endpoint's own unit.
    limits
        One value for each look before the last; NaN where the look cannot stop for futility.
    binding
        Whether the efficacy limits are lowered because the trial is sure to stop.
    drift
        Mean of the final z under the design's effect; needed by `design_conditional_power`.
    final_information
        Information of the effect's estimate at the last look, one over its variance; needed by `effect`.
    """

    scale: Scale
    limits: tuple[Number, ...]
    binding: bool = False
    drift: Number | None = None
    final_information: Number | None = None


@dataclass(frozen=True, slots=True)
class BetaSpending:
    """Stop for futility so that the type II error `beta` is spent by a spending function of the information.

    Attributes
    ----------
    family, parameter
        The spending function and its parameter.
    beta
        Type II error in all.
    cumulative
        For `user`: the beta spent by each look.
    binding
        Whether the efficacy limits are lowered because the trial is sure to stop.
    """

    family: SpendingName
    beta: Number
    parameter: Number | None = None
    cumulative: tuple[Number, ...] = ()
    binding: bool = False


@dataclass(frozen=True, slots=True)
class BoundarySpec:
    """A family of group-sequential boundaries with its parameter and its futility rule.

    Attributes
    ----------
    family
        Constant families, Haybittle-Peto, spending functions, or `user` with its own spending.
    parameter
        Delta of Wang-Tsiatis, gamma of Hwang-Shih-DeCani, rho of Kim-DeMets, early z of Haybittle-Peto.
    cumulative_alpha
        For `user`: the one-sided alpha spent by each look.
    futility
        The rule for stopping early without success, or None.
    """

    family: Family
    parameter: Number | None = None
    cumulative_alpha: tuple[Number, ...] = ()
    futility: FutilityLimits | BetaSpending | None = None


@dataclass(frozen=True, slots=True)
class Boundaries:
    """One-sided limits of the z value at each look: success above `efficacy`, futility below `futility`.

    Attributes
    ----------
    information
        Fraction of the final information at each look; the last is 1.
    efficacy, futility
        Limits of z; futility is minus infinity where a look cannot stop for it, and equals efficacy at the last look
        where there is a futility rule.
    binding
        Whether the efficacy limits count on the futility rule being obeyed.
    cumulative_alpha
        One-sided alpha spent by each look.
    """

    information: Float[ndarray, " look"]
    efficacy: Float[ndarray, " look"]
    futility: Float[ndarray, " look"]
    binding: bool
    cumulative_alpha: Float[ndarray, " look"]

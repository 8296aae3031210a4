"""Sacral sparing: whether anything of the lowest segments still reaches the brain."""

from jaxtyping import Int8
from numba import njit
from numpy import ndarray

from cordwise.isncsci.anatomy import SACRAL_DERMATOME


@njit(cache=True, error_model="numpy")
def feels_at_s4_5(light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"]) -> bool:
    """Return whether a side has any light touch or pin prick at S4-5."""
    return light_touch[SACRAL_DERMATOME] > 0 or pin_prick[SACRAL_DERMATOME] > 0


@njit(cache=True, error_model="numpy")
def has_sacral_sensation(
    light_touch: Int8[ndarray, "side dermatome"], pin_prick: Int8[ndarray, "side dermatome"], deep_anal_pressure: bool
) -> bool:
    """Return whether deep anal pressure or any score at S4-5, on either side, is felt."""
    right = feels_at_s4_5(light_touch[0], pin_prick[0])
    return deep_anal_pressure or right or feels_at_s4_5(light_touch[1], pin_prick[1])


@njit(cache=True, error_model="numpy")
def is_complete(sacral_sensation: bool, voluntary_anal_contraction: bool) -> bool:
    """Return whether the injury is complete: nothing felt and nothing moved at the lowest sacral segments."""
    return not (sacral_sensation or voluntary_anal_contraction)

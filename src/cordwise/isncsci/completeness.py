"""Sacral sparing: sensation or voluntary contraction at the lowest sacral segments, S4-5 (2019 revision)."""

from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.anatomy import S4_5, SACRAL_DERMATOME
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.reasons import Decision, Reason

# Compiled code takes plain numbers.
_CONTRACTION, _PRESSURE, _SILENT = int(Reason.CONTRACTION), int(Reason.PRESSURE), int(Reason.SACRUM_SILENT)
_RIGHT, _LEFT = int(Reason.RIGHT_SACRAL_SENSATION), int(Reason.LEFT_SACRAL_SENSATION)


@compilable
def feels_at_s4_5(light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"]) -> bool:
    """Return whether a side has any light touch or pin prick at S4-5."""
    return light_touch[SACRAL_DERMATOME] > 0 or pin_prick[SACRAL_DERMATOME] > 0


@compilable
def sacral_sensation(
    light_touch: Int8[ndarray, "side dermatome"], pin_prick: Int8[ndarray, "side dermatome"], deep_anal_pressure: bool
) -> Decision:
    """Return whether deep anal pressure or any score at S4-5, on either side, is felt; 1 if so."""
    if deep_anal_pressure:
        return Decision(1, _PRESSURE, S4_5)
    if feels_at_s4_5(light_touch[0], pin_prick[0]):
        return Decision(1, _RIGHT, S4_5)
    if feels_at_s4_5(light_touch[1], pin_prick[1]):
        return Decision(1, _LEFT, S4_5)
    return Decision(0, _SILENT, S4_5)


@compilable
def completeness(sensation: Decision, voluntary_anal_contraction: bool) -> Decision:
    """Return whether the injury is complete, with nothing felt or moved at the lowest sacral segments; 1 if so."""
    if voluntary_anal_contraction:
        return Decision(0, _CONTRACTION, S4_5)
    return Decision(1 - sensation.value, sensation.reason, S4_5)

"""What a solver needs of the model beside its kinetics and the impact, in plain arithmetic: the axis and the drivers.

Written for one cell of one patient, so that a compiled loop, a tracer of expressions or plain floats can call it.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.barrier import oedema_diffusivity
from cordwise.cord.course import plan_course
from cordwise.cord.engine.axis import Axis, couplings, right_half
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import LEVERS, Forcing
from cordwise.cord.inflammation import alarmin_diffusivity
from cordwise.cord.kinetics import Rates, State
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product import Depot, Graft, Regimen, grafts

NAMES = Rates._fields
GRAFT, MATRIX = NAMES.index("graft"), NAMES.index("matrix")
OF_STATE = tuple(NAMES.index(name) for name in State._fields)


@dataclass(frozen=True, slots=True)
class SolverCase:
    """One simulated patient: the injury at the centre, its standard deviation along the cord, and the cells given."""

    severity: float
    width_mm: float
    regimen: Regimen | None = None


@dataclass(frozen=True, slots=True)
class SolverSetting:
    """What a case is solved with: the axis, the parameters with the translation of the product, and the product."""

    axis: Axis
    exchange: Float[ndarray, "2 cell"]
    parameters: TissueParameters
    grafts: tuple[Graft, ...]
    depots: tuple[Depot, ...]
    foreign: bool


def setting_of(regimen: Regimen | None, parameters: TissueParameters) -> SolverSetting:
    """Return what all patients who are given one regimen share."""
    course = plan_course((1.0,), regimen=regimen, parameters=parameters, plastic_days=None)
    placed = grafts(regimen, course.parameters)
    return SolverSetting(course.axis, couplings(course.axis), course.parameters, placed, course.depots, course.foreign)


def on_half_the_axis(setting: SolverSetting) -> SolverSetting:
    """Return the same on the cells right of the centre; the left ones are their mirror image."""
    half = right_half(setting.axis)
    return replace(setting, axis=half, exchange=couplings(half))


DIFFUSIVITIES = {"alarmin": alarmin_diffusivity, "oedema": oedema_diffusivity}


def levers_at_rest() -> Float[ndarray, " driver"]:
    """Return the values of the levers while no drug or device acts."""
    return np.array([Forcing._field_defaults[name] for name in LEVERS])


def field_name(name: str) -> str:
    """Return the full name of a field that the kinetics call by a shorter one."""
    return next(field for field in FIELDS if field == name or field.startswith(f"{name}_"))


def in_order_of_fields(values: Float[ndarray, "time name cell"]) -> Float[ndarray, "time field cell"]:
    """Return fields in the order in which the engine stores them."""
    order = [field_name(name) for name in NAMES]
    return values[:, [order.index(field) for field in FIELDS]]

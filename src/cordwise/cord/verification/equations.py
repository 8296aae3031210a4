"""What a solver needs of the model beside its kinetics, in plain arithmetic: the impact, the axis and the drivers.

Written for one cell of one patient, so that a compiled loop, a tracer of expressions or plain floats can call it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.course import plan_course
from cordwise.cord.engine.axis import Axis, couplings
from cordwise.cord.engine.compiled import scalar
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import Forcing
from cordwise.cord.injury import axons_at_risk, grey_left, impact_leak, mean_fibres_left
from cordwise.cord.kinetics import Rates, State
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product import PRODUCTS, Depot, Graft, Regimen, depots, grafts
from cordwise.cord.response import above

NAMES = Rates._fields
GRAFT, MATRIX = NAMES.index("graft"), NAMES.index("matrix")
OF_STATE = tuple(NAMES.index(name) for name in State._fields)
TIMED_DRIVERS = 4  # the first drivers are courses over time; the others are levers


class Impact(NamedTuple):
    """What the blow leaves in one cell: the fields that it sets (the others start at 0), and the axons exposed."""

    alarmin: float
    debris: float
    leak: float
    grey: float
    axon: float
    myelin: float
    exposed_axons: float


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated patient: the injury at the centre, its standard deviation along the cord, and the cells given."""

    severity: float
    width_mm: float
    regimen: Regimen | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a case is solved with: the axis, the parameters with the translation of the product, and the product."""

    axis: Axis
    exchange: Float[ndarray, "2 cell"]
    parameters: TissueParameters
    grafts: tuple[Graft, ...]
    depots: tuple[Depot, ...]
    foreign: bool


def setting_of(regimen: Regimen | None, parameters: TissueParameters) -> Setting:
    """Return what all patients who are given one regimen share."""
    course = plan_course((1.0,), regimen=regimen, parameters=parameters, plastic_days=None)
    p = course.parameters
    return Setting(
        course.axis,
        couplings(course.axis),
        p,
        grafts(regimen, p),
        depots(regimen, p),
        regimen is not None and PRODUCTS[regimen.product].foreign,
    )


@scalar
def impact(injury: float, p: TissueParameters) -> Impact:
    """Return what the blow leaves where the injury has the given size."""
    return Impact(
        alarmin=p.impact_alarmin * injury,
        debris=injury,
        leak=impact_leak(injury, p),
        grey=grey_left(injury, p),
        axon=1.0,
        myelin=1.0,
        exposed_axons=axons_at_risk(injury, p) * mean_fibres_left(injury, p),
    )


@scalar
def share_in_lesion(edge_mm: float, inner_mm: float, cell_mm: float) -> float:
    """Return the weight of a cell in the average over the lesion, whose edges lie at both sides of the centre."""
    return min(above(1.0, inner_mm / edge_mm), cell_mm / edge_mm) / 2


@scalar
def alarmin_diffusivity(p: TissueParameters) -> float:
    """Return how fast alarmin spreads (mm2/d)."""
    return p.alarmin_diffusion


@scalar
def oedema_diffusivity(p: TissueParameters) -> float:
    """Return how fast tissue water spreads (mm2/d)."""
    return p.oedema_diffusion * p.length_scale * p.length_scale


DIFFUSIVITIES = {"alarmin": alarmin_diffusivity, "oedema": oedema_diffusivity}


def levers_at_rest() -> Float[ndarray, " driver"]:
    """Return the values of the levers while no drug or device acts."""
    return np.array([Forcing._field_defaults[name] for name in Forcing._fields[TIMED_DRIVERS:]])


def field_name(name: str) -> str:
    """Return the full name of a field that the kinetics call by a shorter one."""
    return next(field for field in FIELDS if field == name or field.startswith(f"{name}_"))


def in_order_of_fields(values: Float[ndarray, "time name cell"]) -> Float[ndarray, "time field cell"]:
    """Return fields in the order in which the engine stores them."""
    order = [field_name(name) for name in NAMES]
    return values[:, [order.index(field) for field in FIELDS]]

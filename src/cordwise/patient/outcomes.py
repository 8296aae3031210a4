"""What a batch of simulated patients scores at each visit."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float, Int, Int8, Int16
from numpy import ndarray
from scipy.special import expit, logit

from cordwise.base.batches import of_rows
from cordwise.base.randomness import Streams
from cordwise.cord.courses import TissueCourses
from cordwise.isncsci import classify_exams
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.examination import draw_exam_noise, examine_with_noise
from cordwise.patient.function import independence, walking
from cordwise.patient.outcome_parameters import bank_parameter
from cordwise.patient.parameters import AnyParameters
from cordwise.patient.patients import VirtualPatients

BASELINE = "baseline"
"""Name of the visit that selects a patient, which names its random streams."""
_SIDES, _MUSCLES = 2, 10
_ARMS_MAXIMUM = 50  # points of UEMS
_SCIM_MAXIMUM, _SELF_CARE_MAXIMUM = 100, 20


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Scores of every patient at every visit; sides are right then left, muscles C5 to T1 then L2 to S1."""

    ais: Int8[ndarray, "patient time"]  # 0 = A to 4 = E
    neurological_level: Int8[ndarray, "patient time"]
    uems: Int16[ndarray, "patient time"]
    lems: Int16[ndarray, "patient time"]
    weaker_leg: Int16[ndarray, "patient time"]  # motor score of the leg that has less, 0-25
    light_touch: Int16[ndarray, "patient time"]
    pin_prick: Int16[ndarray, "patient time"]
    scim: Float[ndarray, "patient time"]
    self_care: Float[ndarray, "patient time"]  # the part of `scim` that is self-care, 0-20
    wisci: Float[ndarray, "patient time"]
    motor_level: Int8[ndarray, "patient time side"]  # number of `LEVELS`
    muscles: Int8[ndarray, "patient time side muscle"]  # grades 0-5

    def __getitem__(self, chosen: ndarray | slice) -> "Outcomes":
        """Return the outcomes of some of the patients."""
        return of_rows(self, chosen)

    def then(self, later: "Outcomes") -> "Outcomes":
        """Return these visits followed by later ones of the same patients."""
        pairs = ((getattr(self, field.name), getattr(later, field.name)) for field in fields(self))
        return Outcomes(*(np.concatenate(pair, axis=1) for pair in pairs))

    def of_visits(self, numbers: Sequence[int]) -> "Outcomes":
        """Return the outcomes of some of the visits."""
        return Outcomes(*(getattr(self, field.name)[:, numbers] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class VisitNoise:
    """Everything random about the visits of a batch of patients."""

    examination: Float[ndarray, "patient time cell"]
    function: Float[ndarray, "patient time"]

    def __getitem__(self, chosen: ndarray | slice) -> "VisitNoise":
        """Return the noise of some of the patients."""
        return VisitNoise(self.examination[chosen], self.function[chosen])


def draw_visit_noise(streams: Streams, labels: Sequence[str], ids: ndarray) -> VisitNoise:
    """Draw the noise of the visits called `labels`; a visit keeps its noise whatever other visits are asked."""
    function = [streams(f"function/{label}").normals(1, ids) for label in labels]
    return VisitNoise(draw_exam_noise(streams, labels, ids), np.concatenate(function, axis=1))


def assess(
    patients: VirtualPatients,
    days: Float[ndarray, "patient time"],
    parameters: AnyParameters,
    noise: VisitNoise,
    world: Counterfactual,
) -> Outcomes:
    """Examine, classify and score the patients at their visits in one world."""
    return assess_courses(patients, days, parameters, noise, world.courses(patients, days, parameters))


def assess_courses(
    patients: VirtualPatients,
    days: Float[ndarray, "patient time"],
    parameters: AnyParameters,
    noise: VisitNoise,
    courses: TissueCourses,
) -> Outcomes:
    """Examine, classify and score the patients at their visits, whose tissue is given."""
    exams = examine_with_noise(patients, days, parameters, noise.examination, courses)
    found, shape = classify_exams(exams), days.shape
    uems, lems = found.totals.uems.reshape(shape), found.totals.lems.reshape(shape)
    legs = np.minimum(found.totals.ler_right, found.totals.ler_left)
    touch, pin = found.totals.light_touch.reshape(shape), found.totals.pin_prick.reshape(shape)
    scim = independence(uems, lems, touch + pin, days, patients.scim_deviate[:, None], noise.function, parameters)
    return Outcomes(
        ais=found.ais.reshape(shape),
        neurological_level=found.neurological_level.reshape(shape),
        uems=uems,
        lems=lems,
        weaker_leg=legs.reshape(shape),
        light_touch=touch,
        pin_prick=pin,
        scim=scim,
        self_care=self_care_part(scim, uems),
        wisci=walking(uems, lems, days, patients.wisci_deviate[:, None], parameters),
        motor_level=found.motor_level.reshape(*shape, _SIDES),
        muscles=exams.motor.reshape(*shape, _SIDES, _MUSCLES),
    )


def self_care_part(scim: Float[ndarray, "*batch"], uems: Int[ndarray, "*batch"]) -> Float[ndarray, "*batch"]:
    """Return the self-care items of SCIM III, 0-20: the part of the whole that goes with what the arms can do.

    The log odds of the share reached rise with those of the whole and with the motor score of the arms; the rest of the
    whole stays within the 80 points of its own items. No published table splits the whole, so the split is a judgement.
    """
    half_point = 0.5 / _SCIM_MAXIMUM
    whole = logit(np.clip(scim / _SCIM_MAXIMUM, half_point, 1 - half_point))
    arms = bank_parameter("self_care_arms") * uems / _ARMS_MAXIMUM
    share = expit(bank_parameter("self_care_intercept") + bank_parameter("self_care_slope") * whole + arms)
    least = np.maximum(scim - (_SCIM_MAXIMUM - _SELF_CARE_MAXIMUM), 0)
    return np.clip(np.rint(_SELF_CARE_MAXIMUM * share), least, np.minimum(scim, _SELF_CARE_MAXIMUM))


def follow(
    patients: VirtualPatients,
    days: Float[ndarray, "patient time"],
    labels: Sequence[str],
    parameters: AnyParameters,
    streams: Streams,
    world: Counterfactual,
) -> Outcomes:
    """Assess patients at visits whose noise is drawn from `streams`."""
    return assess(patients, days, parameters, draw_visit_noise(streams, labels, patients.ids), world)

"""From tissue to examination: one compiled pass that writes the cells of an ISNCSCI examination for every visit."""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.compiling import njit
from cordwise.base.randomness import Streams
from cordwise.cord.courses import COURSES, TissueCourses
from cordwise.cord.geometry import cord_geometry
from cordwise.isncsci import MYOTOMES, Exams
from cordwise.patient.parameters import AnyParameters, PopulationParameters, along
from cordwise.patient.patients import VirtualPatients
from cordwise.patient.sacral import is_felt, sacral_noise, sphincter_drive
from cordwise.patient.sensation import felt_share, local_sensation, sensory_score
from cordwise.patient.strength import (
    VisitState,
    lesion_profile,
    motor_pool,
    motor_score,
    muscle_drive,
    odds_along,
    spared_share,
    zone_profile,
)

# Columns of one visit's noise: 20 muscles, 56 dermatomes for touch, 56 for pin prick, then five of the whole visit.
_TOUCH, _PIN, _MOTOR_VISIT = 20, 76, 132
_TOUCH_VISIT, _PIN_VISIT, _CONTRACTION_VISIT, _PRESSURE_VISIT = 133, 134, 135, 136
_NOISE_CELLS = 137
_SIDES, _MUSCLES, _DERMATOMES = 2, 10, 28
_CST, _RST, _DC, _STT = 0, 1, 2, 3
_NORMAL = 2
_TOUCH_LASTING, _PIN_LASTING, _CONTRACTION_LASTING, _PRESSURE_LASTING = 0, 1, 2, 3  # columns of `sacral_noise`


class _PatientArrays(NamedTuple):
    """The part of `VirtualPatients` that compiled code reads."""

    centre_mm: ndarray
    tract_log_odds: ndarray
    width_mm: ndarray
    grey_loss: ndarray
    block: ndarray
    block_days: ndarray
    acute_block: ndarray
    plasticity: ndarray
    sprouting: ndarray
    sacral_deviate: ndarray
    anal_contraction_deviate: ndarray
    sacral_noise: ndarray
    muscle_trait: ndarray
    touch_trait: ndarray
    pin_trait: ndarray
    motor_lamination: ndarray
    sensory_lamination: ndarray


class _Places(NamedTuple):
    muscle_mm: ndarray
    dermatome_mm: ndarray
    corticospinal_weight: ndarray


class _Cells(NamedTuple):
    motor: ndarray
    light_touch: ndarray
    pin_prick: ndarray
    contraction: ndarray
    pressure: ndarray


def closed_form_courses(
    days: Float[ndarray, "patient time"], plastic_days: Float[ndarray, " patient"] | float
) -> TissueCourses:
    """Return the courses of tissue that stands as it will after a year, with plastic growth of one time constant."""
    ones, growth = np.ones_like(days), -np.expm1(-days / along(plastic_days, 1))
    return TissueCourses(
        axon_log_odds=0 * ones, conduction=ones, growth=growth, grey_loss=ones, node_repair_days=days * ones
    )


def draw_exam_noise(streams: Streams, labels: Sequence[str], ids: ndarray) -> Float[ndarray, "patient time noise"]:
    """Draw the rater and visit noise of each patient's visits; a visit's label names its stream."""
    noise = np.empty((len(ids), len(labels), _NOISE_CELLS), np.float32)
    for visit, label in enumerate(labels):
        noise[:, visit] = streams(f"exam/{label}").normals(_NOISE_CELLS, ids)
    return noise


def examine(
    patients: VirtualPatients,
    days: Float[ndarray, "patient time"] | Float[ndarray, " time"],
    parameters: AnyParameters,
    streams: Streams,
    *,
    courses: TissueCourses,
    labels: Sequence[str],
) -> Exams:
    """Examine every patient at every visit.

    Parameters
    ----------
    patients
        Simulated patients.
    days
        Days after injury of each visit, for each patient or for all.
    parameters
        The population's parameters.
    streams
        Random streams; a visit's noise depends on its label and the patient only.
    courses
        What the tissue has become at each visit.
    labels
        One name for each visit.

    Returns
    -------
    Exams
        Flattened: exam `patient * len(labels) + visit`.
    """
    days = np.broadcast_to(np.asarray(days, float), (len(patients), len(labels)))
    return examine_with_noise(patients, days, parameters, draw_exam_noise(streams, labels, patients.ids), courses)


def examine_with_noise(
    patients: VirtualPatients,
    days: Float[ndarray, "patient time"],
    parameters: AnyParameters,
    noise: Float[ndarray, "patient time noise"],
    courses: TissueCourses,
) -> Exams:
    """Examine with noise drawn before, so that many parameter sets can meet the same examiners."""
    exams = _empty_exams(days.size)
    cord = cord_geometry(parameters.cord_length_mm)
    survival, conduction, growth, grey, nodes = (np.ascontiguousarray(getattr(courses, name)) for name in COURSES)
    packed = parameters.packed()
    _examine_all(
        packed,
        parameters.number_of(len(patients)),
        _as_arrays(patients),
        np.array(days, order="C"),  # its own copy: a kind of array more is a compilation more
        (survival, conduction, growth, grey, nodes),
        noise,
        _Places(cord.muscle_mm, cord.dermatome_mm, _corticospinal_weights(packed)),
        _Cells(
            exams.motor,
            exams.light_touch,
            exams.pin_prick,
            exams.voluntary_anal_contraction,
            exams.deep_anal_pressure,
        ),
    )
    return exams


def _empty_exams(count: int) -> Exams:
    return Exams(
        motor=np.zeros((count, _SIDES, _MUSCLES), np.int8),
        light_touch=np.zeros((count, _SIDES, _DERMATOMES), np.int8),
        pin_prick=np.zeros((count, _SIDES, _DERMATOMES), np.int8),
        voluntary_anal_contraction=np.zeros(count, bool),
        deep_anal_pressure=np.zeros(count, bool),
        lowest_non_key_muscle=np.zeros((count, _SIDES), np.int8),
    )


def _corticospinal_weights(packed: ndarray) -> Float[ndarray, "set muscle"]:
    """Return the weight of the corticospinal tract in each muscle's drive, one row a parameter set."""
    hand = {name: packed[f"hand_share_{name.lower()}"] for name in ("C7", "C8", "T1")}
    none, own = np.zeros(len(packed)), packed["corticospinal_weight"][:, None]
    lean = packed["hand_weight"][:, None] * np.stack([hand.get(name, none) for name in MYOTOMES], axis=1)
    return own + (1 - own) * lean


def _as_arrays(patients: VirtualPatients) -> _PatientArrays:
    return _PatientArrays(**{name: np.ascontiguousarray(getattr(patients, name)) for name in _PatientArrays._fields})


@njit(cache=True, error_model="numpy")
def _visit_state(
    i: int,
    day: float,
    axon_log_odds: float,
    conduction: float,
    growth: float,
    grey_loss: float,
    node_repair_days: float,
    patient: _PatientArrays,
    p: PopulationParameters,
) -> VisitState:
    block = patient.block[i] * np.exp(-node_repair_days / patient.block_days[i])
    acute = patient.acute_block[i] * np.exp(-day / p.acute_block_days)
    motor_block = p.motor_block * block + p.acute_motor_block * acute
    sensory_block = p.sensory_block * block + p.acute_sensory_block * acute
    return VisitState(
        patient.width_mm[i] * (1.0 + p.width_with_block * block),
        axon_log_odds - motor_block,
        axon_log_odds - sensory_block,
        conduction,
        growth,
        min(1.0, patient.grey_loss[i] * grey_loss),
        patient.plasticity[i],
        patient.sprouting[i] * (1.0 - np.exp(-day / p.sprouting_days)),
        p.spinal_shock * np.exp(-day / p.spinal_shock_days),
        p.sacral_log_odds + p.sacral_block_spared * motor_block,
        p.sacral_log_odds + p.sacral_block_spared * sensory_block,
    )


@njit(cache=True, error_model="numpy")
def _write_motor(
    i: int,
    side: int,
    corticospinal_weight: ndarray,
    visit: VisitState,
    noise: ndarray,
    patient: _PatientArrays,
    places: _Places,
    p: PopulationParameters,
    grades: ndarray,
) -> None:
    centre, log_odds = patient.centre_mm[i], patient.tract_log_odds[i, side]
    corticospinal, other = exp(log_odds[_CST] + visit.motor_shift), exp(log_odds[_RST] + visit.motor_shift)
    lamination = p.motor_lamination + patient.motor_lamination[i]
    for muscle in range(_MUSCLES):
        place = places.muscle_mm[muscle]
        profile = lesion_profile(place, centre, visit.width_mm)
        along = odds_along(lamination, place, centre, p.cord_length_mm)
        first, second = spared_share(corticospinal * along, profile), spared_share(other * along, profile)
        drive = muscle_drive(first, second, corticospinal_weight[muscle], profile, visit, p)
        drive *= motor_pool(zone_profile(place, centre, visit.width_mm * p.motor_neuron_zone_ratio), visit)
        trait = patient.muscle_trait[i, side, muscle]
        grades[muscle] = motor_score(drive, profile, trait, noise[_MOTOR_VISIT], noise[_MUSCLES * side + muscle], p)


@njit(cache=True, error_model="numpy")
def _write_sensation(
    i: int,
    side: int,
    visit: VisitState,
    noise: ndarray,
    patient: _PatientArrays,
    places: _Places,
    p: PopulationParameters,
    touch: ndarray,
    pin: ndarray,
) -> float:
    """Score one side's dermatomes; return the larger of the two shares at S4-5, which deep pressure needs."""
    centre, log_odds = patient.centre_mm[i], patient.tract_log_odds[i, side]
    dorsal, spinothalamic = exp(log_odds[_DC] + visit.sensory_shift), exp(log_odds[_STT] + visit.sensory_shift)
    touch_noise, pin_noise = noise[_TOUCH_VISIT], noise[_PIN_VISIT]
    lamination = p.sensory_lamination + patient.sensory_lamination[i]
    felt, told = 1.0, 1.0
    for row in range(_DERMATOMES):
        place, is_last = places.dermatome_mm[row], row == _DERMATOMES - 1
        profile = lesion_profile(place, centre, visit.width_mm)
        is_intact = profile < p.intact_profile
        if is_intact and not is_last:
            touch[row] = pin[row] = _NORMAL
            continue
        along = odds_along(lamination, place, centre, places.dermatome_mm[_DERMATOMES - 1])
        if is_last:
            along *= exp(patient.sacral_deviate[i] + visit.sacral_sensory)
            touch_noise = sacral_noise(touch_noise, patient.sacral_noise[i, _TOUCH_LASTING], p)
            pin_noise = sacral_noise(pin_noise, patient.sacral_noise[i, _PIN_LASTING], p)
        local = local_sensation(zone_profile(place, centre, visit.width_mm), visit, p)
        felt = felt_share(dorsal * along, profile, local, visit, p)
        told = felt_share(spinothalamic * along, profile, local, visit, p)
        rater = p.sensory_rater_noise * noise[_TOUCH + _DERMATOMES * side + row]
        trait = patient.touch_trait[i, side, row]
        deviate = p.touch_visit_noise * touch_noise
        touch[row] = sensory_score(felt, profile, trait, deviate, rater, p.touch_first_cut, p.touch_cut_ratio, p)
        rater = p.sensory_rater_noise * noise[_PIN + _DERMATOMES * side + row]
        trait = patient.pin_trait[i, side, row]
        deviate = p.pin_visit_noise * pin_noise
        pin[row] = sensory_score(told, profile, trait, deviate, rater, p.pin_first_cut, p.pin_cut_ratio, p)
        if is_intact:
            touch[row] = pin[row] = _NORMAL
    return max(felt, told)


@njit(cache=True, error_model="numpy")
def _anal_findings(
    i: int,
    visit: VisitState,
    noise: ndarray,
    pressure: float,
    patient: _PatientArrays,
    places: _Places,
    p: PopulationParameters,
) -> tuple[bool, bool]:
    place, centre = places.dermatome_mm[_DERMATOMES - 1], patient.centre_mm[i]
    profile = lesion_profile(place, centre, visit.width_mm)
    log_odds = 0.5 * (patient.tract_log_odds[i, 0, _CST] + patient.tract_log_odds[i, 1, _CST])
    log_odds += visit.motor_shift + visit.sacral_motor + 0.5 * (p.motor_lamination + patient.motor_lamination[i])
    log_odds += p.sacral_motor_share * patient.sacral_deviate[i] + patient.anal_contraction_deviate[i]
    local = local_sensation(zone_profile(place, centre, visit.width_mm), visit, p)
    drive = sphincter_drive(exp(log_odds), profile, local, visit, p)
    own = patient.sacral_noise[i]
    of_contraction = sacral_noise(noise[_CONTRACTION_VISIT], own[_CONTRACTION_LASTING], p)
    of_pressure = sacral_noise(noise[_PRESSURE_VISIT], own[_PRESSURE_LASTING], p)
    contraction = is_felt(drive, of_contraction, p.anal_contraction_cut, p)
    return contraction, is_felt(pressure, of_pressure, p.deep_pressure_cut, p)


@njit(cache=True, error_model="numpy")
def _examine_once(
    i: int,
    v: int,
    day: float,
    p: PopulationParameters,
    corticospinal_weight: ndarray,
    patient: _PatientArrays,
    courses: tuple[ndarray, ndarray, ndarray, ndarray, ndarray],
    noise: ndarray,
    places: _Places,
    exams: _Cells,
    row: int,
) -> None:
    survival, conduction, growth, grey, nodes = courses
    visit = _visit_state(i, day, survival[i, v], conduction[i, v], growth[i, v], grey[i, v], nodes[i, v], patient, p)
    pressure = 0.0
    for side in range(_SIDES):
        _write_motor(i, side, corticospinal_weight, visit, noise, patient, places, p, exams.motor[row, side])
        touch, pin = exams.light_touch[row, side], exams.pin_prick[row, side]
        pressure += 0.5 * _write_sensation(i, side, visit, noise, patient, places, p, touch, pin)
    contraction, felt = _anal_findings(i, visit, noise, pressure, patient, places, p)
    exams.contraction[row] = contraction
    exams.pressure[row] = felt


@njit(cache=True, nogil=True, error_model="numpy")
def _examine_all(
    packed: ndarray,
    number: ndarray,
    patient: _PatientArrays,
    days: ndarray,
    courses: tuple[ndarray, ndarray, ndarray, ndarray, ndarray],
    noise: ndarray,
    places: _Places,
    exams: _Cells,
) -> None:
    visits = days.shape[1]
    for i in range(days.shape[0]):
        p, weight = packed[number[i]], places.corticospinal_weight[number[i]]
        for v in range(visits):
            row = i * visits + v
            _examine_once(i, v, days[i, v], p, weight, patient, courses, noise[i, v], places, exams, row)

"""From spared paths and motor neurons to the strength of one muscle: compiled scalars of the examination kernel."""

from math import exp, log
from typing import NamedTuple

from cordwise.base.compiling import njit
from cordwise.patient.parameters import PopulationParameters

_FIRST_GRADE = 0.5  # rounding limits of grades 1 and 5 on the latent scale, and the steps between them
_GRADE_STEPS = 4.0
_TOP_GRADE = 5
_REACH = 6.0  # half-widths beyond which a Gaussian flank is below 2e-8
_SILENCE = 1e-9  # keeps the logarithm of no drive finite; far below any cut


class VisitState(NamedTuple):
    """What one patient's tissue and clocks are at one visit."""

    width_mm: float
    motor_shift: float  # of the log odds that a fibre survives and conducts
    sensory_shift: float
    conduction: float
    growth: float
    grey: float  # share of motor neurons lost at the lesion's centre
    plasticity: float
    sprouting: float
    shock: float
    sacral_motor: float  # further shift of the log odds at S4-5, which feels a part of the block only
    sacral_sensory: float


@njit(cache=True, error_model="numpy")
def lesion_profile(position_mm: float, centre_mm: float, width_mm: float) -> float:
    """Share of the lesion's tract loss that a place feels: all below the centre, a Gaussian flank above it."""
    return 1.0 if position_mm >= centre_mm else zone_profile(position_mm, centre_mm, width_mm)


@njit(cache=True, error_model="numpy")
def zone_profile(position_mm: float, centre_mm: float, width_mm: float) -> float:
    """Gaussian share of local loss, both ways from the lesion's centre; nothing where it could not be seen."""
    z = (position_mm - centre_mm) / width_mm
    return 0.0 if abs(z) > _REACH else exp(-0.5 * z * z)


@njit(cache=True, error_model="numpy")
def odds_along(lamination: float, position_mm: float, centre_mm: float, last_mm: float) -> float:
    """Factor on the odds of the fibres that serve a place: sacral fibres lie elsewhere than those of the lesion."""
    depth = max(0.0, position_mm - centre_mm) / (last_mm - centre_mm)
    return exp(lamination * (depth - 0.5))


@njit(cache=True, error_model="numpy")
def spared_share(odds: float, profile: float) -> float:
    """Share of a tract's fibres that reach a segment."""
    return 1.0 - profile / (1.0 + odds)


@njit(cache=True, error_model="numpy")
def plastic_drive(drive: float, visit: VisitState, p: PopulationParameters) -> float:
    """Drive after plastic growth, which favours paths that carry some drive already."""
    return drive * (1.0 + visit.plasticity * visit.growth * (drive + p.drive_floor) ** p.plasticity_exponent)


@njit(cache=True, error_model="numpy")
def muscle_drive(
    corticospinal: float, other: float, weight: float, profile: float, visit: VisitState, p: PopulationParameters
) -> float:
    """Drive at a muscle's segment from the shares of its two paths, after plasticity and shock; 1 = intact."""
    conduction = 1.0 - profile * (1.0 - visit.conduction)
    drive = plastic_drive((weight * corticospinal + (1.0 - weight) * other) * conduction, visit, p)
    return drive * (1.0 - visit.shock * profile * (1.0 - 0.5 * (corticospinal + other)))


@njit(cache=True, error_model="numpy")
def motor_pool(zone: float, visit: VisitState) -> float:
    """Share of a muscle's motor units that still answer, after sprouting of the surviving neurons."""
    pool = 1.0 - visit.grey * zone
    return min(1.0, pool * (1.0 + visit.sprouting * (1.0 - pool)))


@njit(cache=True, error_model="numpy")
def motor_score(
    drive: float,
    profile: float,
    trait: float,
    visit_noise: float,
    rater_noise: float,
    p: PopulationParameters,
) -> int:
    """Grade 0-5 that an examiner gives: logarithmic in drive, with the muscle's trait and two kinds of noise."""
    steps = log((drive + _SILENCE) / p.first_contraction_drive) / log(
        p.normal_strength_drive / p.first_contraction_drive
    )
    latent = _FIRST_GRADE + _GRADE_STEPS * steps
    if latent > p.silent_grade:
        fade = min(1.0, max(0.0, (_TOP_GRADE + p.trait_fade_grades - latent) / p.trait_fade_grades))
        latent += (
            trait * profile * fade + p.motor_rater_noise * rater_noise + p.motor_visit_noise * profile * visit_noise
        )
    if latent < _FIRST_GRADE:
        return 0
    return min(_TOP_GRADE, int(latent + _FIRST_GRADE))

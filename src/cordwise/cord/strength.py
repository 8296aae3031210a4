"""From spared paths and motor neurons to the strength of one muscle: compiled scalars used by the examination kernel."""

from math import exp, log
from typing import NamedTuple

from numba import njit

_FIRST_GRADE = 0.5  # rounding limits of grades 1 and 5 on the latent scale, and the steps between them
_GRADE_STEPS = 4.0
_TOP_GRADE = 5
_SILENCE = 1e-9  # keeps the logarithm of no drive finite; far below any cut


class VisitState(NamedTuple):
    """What one patient's tissue and clocks are at one visit."""

    width_mm: float
    block: float  # patient's slow conduction block, in units of the median at injury
    acute_block: float
    axon_log_odds: float
    conduction: float
    growth: float
    grey: float  # share of motor neurons lost at the lesion's centre
    plasticity: float
    sprouting: float
    shock: float


@njit(cache=True, error_model="numpy")
def lesion_profile(position_mm, centre_mm, width_mm):
    """Share of the lesion's tract loss that a place feels: all below the centre, a Gaussian flank above it."""
    if position_mm >= centre_mm:
        return 1.0
    z = (position_mm - centre_mm) / width_mm
    return exp(-0.5 * z * z)


@njit(cache=True, error_model="numpy")
def zone_profile(position_mm, centre_mm, width_mm):
    """Gaussian share of local loss, both ways from the lesion's centre."""
    z = (position_mm - centre_mm) / width_mm
    return exp(-0.5 * z * z)


@njit(cache=True, error_model="numpy")
def spared_share(log_odds, profile):
    """Share of a tract's fibres that reach a segment."""
    return 1.0 - profile / (1.0 + exp(log_odds))


@njit(cache=True, error_model="numpy")
def plastic_drive(drive, visit, p):
    """Drive after plastic growth, which favours paths that carry some drive already."""
    return drive * (1.0 + visit.plasticity * visit.growth * (drive + p.drive_floor) ** p.plasticity_exponent)


@njit(cache=True, error_model="numpy")
def muscle_drive(position_mm, centre_mm, cord_mm, weight, corticospinal, other, visit, p):
    """Drive that reaches a muscle through tracts, plasticity, shock and its own motor neurons; 1 = intact."""
    profile = lesion_profile(position_mm, centre_mm, visit.width_mm)
    depth = max(0.0, position_mm - centre_mm) / (cord_mm - centre_mm)
    shift = p.motor_lamination * (depth - 0.5) + visit.axon_log_odds
    shift -= p.motor_block * visit.block + p.acute_motor_block * visit.acute_block
    first, second = spared_share(corticospinal + shift, profile), spared_share(other + shift, profile)
    conduction = 1.0 - profile * (1.0 - visit.conduction)
    drive = plastic_drive((weight * first + (1.0 - weight) * second) * conduction, visit, p)
    drive *= 1.0 - visit.shock * profile * (1.0 - 0.5 * (first + second))
    pool = 1.0 - visit.grey * zone_profile(position_mm, centre_mm, visit.width_mm * p.motor_neuron_zone_ratio)
    return drive * min(1.0, pool * (1.0 + visit.sprouting * (1.0 - pool)))


@njit(cache=True, error_model="numpy")
def motor_score(drive, profile, trait, visit_noise, rater_noise, p):
    """Grade 0-5 that an examiner gives: logarithmic in drive, with the muscle's trait and two kinds of noise."""
    steps = log((drive + _SILENCE) / p.first_contraction_drive) / log(p.normal_strength_drive / p.first_contraction_drive)
    latent = _FIRST_GRADE + _GRADE_STEPS * steps
    if latent > p.silent_grade:
        fade = min(1.0, max(0.0, (_TOP_GRADE + p.trait_fade_grades - latent) / p.trait_fade_grades))
        latent += trait * profile * fade + p.motor_rater_noise * rater_noise + p.motor_visit_noise * profile * visit_noise
    if latent < _FIRST_GRADE:
        return 0
    return min(_TOP_GRADE, int(latent + _FIRST_GRADE))

"""The anal findings: compiled scalars used by the examination kernel."""

from math import exp

from numba import njit

from cordwise.cord.strength import plastic_drive, spared_share


@njit(cache=True, error_model="numpy")
def sphincter_drive(profile, log_odds, sacral_deviate, own_deviate, local, visit, p):
    """Motor drive of the anal sphincter from the mean corticospinal log odds of both sides."""
    shift = 0.5 * p.motor_lamination + visit.axon_log_odds + p.sacral_motor_share * sacral_deviate + own_deviate
    shift -= p.motor_block * visit.block + p.acute_motor_block * visit.acute_block
    conduction = 1.0 - profile * (1.0 - visit.conduction)
    return plastic_drive(spared_share(log_odds + shift, profile) * conduction, visit, p) * local


@njit(cache=True, error_model="numpy")
def is_felt(drive, noise, cut, p):
    """Whether an examiner finds it, with log-normal visit noise."""
    return drive * exp(p.sacral_visit_noise * noise) > cut

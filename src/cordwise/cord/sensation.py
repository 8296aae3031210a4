"""From spared paths and roots to the sensation of one dermatome: compiled scalars used by the examination kernel."""

from math import exp

from numba import njit

from cordwise.cord.strength import spared_share, zone_profile


@njit(cache=True, error_model="numpy")
def local_sensation(position_mm, centre_mm, visit, p):
    """Share of a dermatome's own entry zone that the grey loss leaves."""
    return 1.0 - p.sensory_root_loss * visit.grey * zone_profile(position_mm, centre_mm, visit.width_mm)


@njit(cache=True, error_model="numpy")
def felt_share(log_odds, profile, shift, local, visit, p):
    """Sensation that reaches consciousness through one tract, after plasticity; 1 = intact."""
    conduction = 1.0 - profile * (1.0 - visit.conduction)
    return spared_share(log_odds + shift, profile) * local * conduction * (1.0 + p.sensory_plasticity * visit.growth)


@njit(cache=True, error_model="numpy")
def sensory_shift(position_mm, centre_mm, last_mm, visit, p):
    """Shift of the log odds that a sensory path conducts from a dermatome."""
    depth = max(0.0, position_mm - centre_mm) / (last_mm - centre_mm)
    block = p.sensory_block * visit.block + p.acute_sensory_block * visit.acute_block
    return p.sensory_lamination * (depth - 0.5) + visit.axon_log_odds - block


@njit(cache=True, error_model="numpy")
def sensory_score(share, profile, trait, visit_deviate, rater_deviate, first_cut, cut_ratio, p):
    """Score 0, 1 or 2 of one modality; traits and visit noise fade out where the lesion does not reach."""
    if profile < p.intact_profile:
        return 2
    reach = min(1.0, profile / p.full_noise_profile)
    felt = share * exp(reach * (trait + visit_deviate) + rater_deviate)
    return int(felt > first_cut) + int(felt > first_cut * cut_ratio)

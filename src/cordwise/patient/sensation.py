"""From spared paths and roots to the sensation of one dermatome: compiled scalars of the examination kernel."""

from math import exp

from cordwise.base.compiling import njit
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.strength import VisitState, spared_share

_ALMOST_ALL = 0.99999  # keeps the odds of a share finite; plastic growth may carry it past 1


@njit(cache=True, error_model="numpy")
def local_sensation(zone: float, visit: VisitState, p: PopulationParameters) -> float:
    """Share of a dermatome's own entry zone that the grey loss leaves."""
    return 1.0 - p.sensory_root_loss * visit.grey * zone


@njit(cache=True, error_model="numpy")
def felt_share(odds: float, profile: float, local: float, visit: VisitState, p: PopulationParameters) -> float:
    """Sensation that reaches consciousness through one tract, after plasticity; 1 = intact."""
    conduction = 1.0 - profile * (1.0 - visit.conduction)
    return spared_share(odds, profile) * local * conduction * (1.0 + p.sensory_plasticity * visit.growth)


@njit(cache=True, error_model="numpy")
def sensory_score(
    share: float,
    profile: float,
    trait: float,
    visit_deviate: float,
    rater_deviate: float,
    first_cut: float,
    cut_ratio: float,
    p: PopulationParameters,
) -> int:
    """Score 0, 1 or 2 of one modality; traits and visit noise fade out towards places the lesion does not reach.

    All deviations act on the log odds, so that none makes a place abnormal whose fibres are all spared. `first_cut` is
    a share, `cut_ratio` the ratio of the odds of the two cuts.
    """
    reach = min(1.0, profile / p.full_noise_profile)
    spared = min(share, _ALMOST_ALL)
    odds = spared / (1.0 - spared) * exp(reach * (trait + visit_deviate) + rater_deviate)
    cut = first_cut / (1.0 - first_cut)
    return int(odds > cut) + int(odds > cut * cut_ratio)

"""The anal findings: compiled scalars of the examination kernel."""

from math import exp, sqrt

from cordwise.base.compiling import njit
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.strength import VisitState, plastic_drive, spared_share


@njit(cache=True, error_model="numpy")
def sphincter_drive(odds: float, profile: float, local: float, visit: VisitState, p: PopulationParameters) -> float:
    """Motor drive of the anal sphincter from the odds of its descending path."""
    conduction = 1.0 - profile * (1.0 - visit.conduction)
    return plastic_drive(spared_share(odds, profile) * conduction, visit, p) * local


@njit(cache=True, error_model="numpy")
def sacral_noise(of_visit: float, of_person: float, p: PopulationParameters) -> float:
    """Noise of a sacral finding, in units of that elsewhere: partly the visit's, partly lasting with the person."""
    lasting = p.sacral_noise_lasting
    return p.sacral_noise_ratio * (sqrt(1.0 - lasting) * of_visit + sqrt(lasting) * of_person)


@njit(cache=True, error_model="numpy")
def is_felt(
    drive: float,
    noise: float,
    cut: float,
    p: PopulationParameters,
) -> bool:
    """Whether an examiner finds it, with log-normal noise."""
    return drive * exp(p.sacral_visit_noise * noise) > cut

"""Detours: drive that reaches the legs through propriospinal cells, around cuts on different sides and levels.

A detour crosses at each level on whichever side is left, so that a cut on the other side at another level does not
remove it.  It closes with the plastic growth since the first cut, and sooner while fibres still pass directly.
"""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.experiment.cuts import TRACTS, fibres_left, levels_of
from cordwise.experiment.simulate import SimulatedCords
from cordwise.experiment.tables import setting
from cordwise.experiment.tract_shares import TractShares

_PROPRIOSPINAL = TRACTS.index("rest")
_DIRECT = TRACTS.index("ventrolateral")

Visits = Float[ndarray, "patient time"]


def detours(cords: SimulatedCords, shares: TractShares) -> Visits:
    """Return how far detours are closed, 0 to 1; 0 before the first cut."""
    if not len(cords.cut_days):
        return np.zeros_like(cords.growth)
    closed = -np.expm1(-setting("detour_growth", cords.species) * _growth_since_cut(cords))
    return np.where(cords.cut, 0.0, closed * _path(cords, shares))


def growth_beside_a_cut(cords: SimulatedCords) -> Visits:
    """Return the plastic growth beside a cut as a share of that of the tissue model, which knows no scar of a cut.

    The scar of a cut holds growth back as the full matrix of a severe lesion does; what digests matrix acts on it too.
    """
    half = np.asarray(cords.parameters.growth_matrix_half)[..., 0]
    matrix = np.einsum("ptc,pc->pt", cords.fields["matrix"], cords.near)
    grown, reached = np.zeros_like(cords.growth), np.zeros((len(cords.growth), 1))
    for number, factor in enumerate(cords.scar_factors):
        last = number == len(cords.scar_factors) - 1
        until = np.inf if last else cords.growth_at_scar[:, [number]]
        more = np.maximum(np.minimum(cords.growth, until) - reached, 0.0)
        grown += more * np.minimum((1 + matrix / half) / (1 + factor / half), 1.0)
        reached = until
    return np.divide(grown, cords.growth, out=np.ones_like(grown), where=cords.growth > 0)


def _growth_since_cut(cords: SimulatedCords) -> Visits:
    """Return the plastic growth since the first cut, each stretch between cuts weighed by what passes directly."""
    alone = setting("detour_without_direct", cords.species)
    grown = np.zeros_like(cords.growth)
    for number, start in enumerate(cords.cut_days):
        until = cords.growth_at_cuts[:, [number + 1]] if number + 1 < len(cords.cut_days) else np.inf
        more = np.minimum(cords.growth, until) - cords.growth_at_cuts[:, [number]]
        weight = alone + (1 - alone) * _direct(cords, start)
        grown += np.where(cords.days >= start, weight * np.maximum(more, 0.0), 0.0)
    return grown * growth_beside_a_cut(cords)[:, -1:]


def _direct(cords: SimulatedCords, day: float) -> float:
    """Return the share of direct fibres that all cuts have left from a day on, mean of both sides."""
    left = [fibres_left(cords.cuts, level, np.array([day]), cords.species)[_DIRECT] for level in levels_of(cords.cuts)]
    return float(np.min(left, axis=0).mean())


def _path(cords: SimulatedCords, shares: TractShares) -> Visits:
    """Return the share of propriospinal fibres on the way of a detour, which may change sides between levels."""
    levels = levels_of(cords.cuts)
    left = [fibres_left(cords.cuts, level, cords.days, cords.species)[_PROPRIOSPINAL].mean(axis=0) for level in levels]
    return np.minimum(np.min(left, axis=0), shares.uncut["rest"])

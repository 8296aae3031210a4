"""The share of a tract's fibres that pass the whole lesion: at each place some are cut, and the worst place decides.

Tracts are told apart by what the impact takes of each, by cuts, side by side, and the corticospinal one by what it
loses to each cause.  A side is that of the body.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import Species
from cordwise.experiment.cuts import SIDES, TRACTS, Cut, fibres_left, levels_of
from cordwise.experiment.simulate import SimulatedCords
from cordwise.experiment.tables import setting

Visits = Float[ndarray, "patient time"]
Sided = Float[ndarray, "patient time side"]


@dataclass(frozen=True, slots=True)
class TractShares:
    """The share of each tract that passes, side by side; of it what no block from outside stops, and what conducts.

    Fibres conduct that are not blocked and have no broken node.  `uncut` is what would pass if nothing were cut.
    """

    passing: Mapping[str, Sided]
    unblocked: Mapping[str, Sided]
    conducting: Mapping[str, Sided]
    uncut: Mapping[str, Visits]


def tract_shares(cords: SimulatedCords) -> TractShares:
    """Return the share of every tract."""
    centre, worst = {}, {}
    for tract in TRACTS:
        along = _along(cords, tract)
        centre[tract], worst[tract] = along[..., along.shape[-1] // 2], along.min(axis=-1)
    cut_only = tuple(cut for cut in cords.cuts if cut.kind == "cut")
    passing = _beyond(cords, cut_only, centre, worst)
    nodes = cords.fields["conducting"].min(axis=-1)[..., None]
    unblocked = passing if len(cut_only) == len(cords.cuts) else _beyond(cords, cords.cuts, centre, worst)
    return TractShares(passing, unblocked, {tract: nodes * share for tract, share in unblocked.items()}, worst)


def other_descending(shares: Mapping[str, Sided]) -> Sided:
    """Return the share of the descending fibres that are not corticospinal: ventrolateral and dorsolateral ones."""
    ventral = setting("other_ventrolateral")
    return ventral * shares["ventrolateral"] + (1 - ventral) * shares["dorsolateral"]


def descending(shares: Mapping[str, Sided], cords: SimulatedCords) -> Sided:
    """Return the share of all descending fibres, corticospinal and others weighed together."""
    weight = np.asarray(cords.parameters.cst_weight)
    return weight * shares["corticospinal"] + (1 - weight) * other_descending(shares)


def _along(cords: SimulatedCords, tract: str) -> Float[ndarray, "patient time cell"]:
    """Return the share of a tract that the impact and the time after it leave at each place."""
    at_risk, alive = cords.fields["at_risk"], cords.fields["cst_axon" if tract == "corticospinal" else "axon"]
    return _left_by_impact(cords, tract) * (1 - at_risk + at_risk * alive)


def _left_by_impact(cords: SimulatedCords, tract: str) -> Float[ndarray, "patient time cell"]:
    """Return the share of a tract that the impact leaves at each place."""
    if tract in ("dorsal_column", "spinothalamic"):
        full, power = setting(f"{tract}_loss", cords.species), cords.parameters.impact_loss_power
        return np.maximum(1 - full * cords.injury[:, None, :] ** power, 0.0)
    return cords.fields["cst_left" if tract == "corticospinal" else "other_left"]


def axons_kept(cords: SimulatedCords) -> Visits:
    """Return the share of the axons left by the impact that still live, at the worst place."""
    at_risk = cords.fields["at_risk"]
    kept = (1 - at_risk + at_risk * cords.fields["axon"]).min(axis=-1)
    return np.where(cords.cut[None, :], 0.0, kept)


def _beyond(
    cords: SimulatedCords, cuts: Sequence[Cut], centre: Mapping[str, Visits], worst: Mapping[str, Visits]
) -> dict[str, Sided]:
    """Return the share of each tract beyond the lesion and every cut, side by side."""
    left = {level: fibres_left(cuts, level, cords.days, cords.species) for level in levels_of(cuts)}
    shares = {}
    for at, tract in enumerate(TRACTS):
        sides = []
        for side in range(len(SIDES)):
            share = np.minimum(worst[tract], left[""][at, side] * centre[tract])
            for level in levels_of(cuts)[1:]:
                share = np.minimum(share, left[level][at, side])
            sides.append(np.where(cords.cut, 0.0, share))
        shares[tract] = np.stack(sides, axis=-1)
    return shares


def drive_weights(readout: str, species: Species) -> dict[str, float]:
    """Return the weight of each tract in the drive behind a score of animals, of sum 1."""
    if readout == "bbb":
        dorsal = setting("bbb_dorsal", species) / 2
        weights = {name: setting(f"bbb_{name}", species) for name in ("ventrolateral", "dorsolateral", "rest")}
        weights |= {"corticospinal": dorsal, "dorsal_column": dorsal}
    else:
        names = ("corticospinal", "dorsolateral", "ventrolateral", "dorsal_column")
        weights = {name: setting(f"{readout}_{name}", species) for name in names}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def weighed(shares: Mapping[str, Sided], weights: Mapping[str, float]) -> Visits:
    """Return the weighted mean of tracts, and the mean of both sides."""
    return sum((weight * shares[name].mean(axis=-1) for name, weight in weights.items()), np.zeros(()))

"""What is read of a cord on each day: scores, tracts, tissue, cells, inflammation, scar."""

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.tables import Row
from cordwise.cord.extent import length_above_mm
from cordwise.cord.parameters import Species
from cordwise.experiment.cuts import SIDES
from cordwise.experiment.detours import detours, growth_beside_a_cut
from cordwise.experiment.simulate import SimulatedCords
from cordwise.experiment.tables import has_setting, plain, setting, table
from cordwise.experiment.tract_shares import (
    Sided,
    TractShares,
    axons_kept,
    descending,
    drive_weights,
    other_descending,
    tract_shares,
    weighed,
)

Visits = Float[ndarray, "patient time"]
OneEach = Float[ndarray, "patient #time"]


def readout_rows(species: Species) -> tuple[Row, ...]:
    """Return the rows of the read-outs that a species has."""
    return tuple(row for row in table("readouts") if row["species"] in ("both", species))


def readout_names(species: Species) -> tuple[str, ...]:
    """Return the names of the read-outs that a species has."""
    return tuple(row["readout"] for row in readout_rows(species))


def readout_words(species: Species) -> tuple[str, ...]:
    """Return the names and aliases of the read-outs that a species has."""
    return tuple(name for row in readout_rows(species) for name in (row["readout"], *row["aliases"].split(";")) if name)


def usual_readouts(species: Species, *, sides_differ: bool) -> tuple[str, ...]:
    """Return the read-outs of a species when the file names none: those of single sides where the sides differ."""
    return tuple(name for name in readout_names(species) if sides_differ or not name.endswith(("_left", "_right")))


def find_readout(name: str, species: Species) -> str | None:
    """Return the read-out of a name or alias, or None."""
    said = plain(name)
    rows = readout_rows(species)
    return next((row["readout"] for row in rows if said in (row["readout"], *row["aliases"].split(";"))), None)


def read_out(cords: SimulatedCords) -> dict[str, Visits]:
    """Return every read-out of a batch of cords on each day."""
    shares = tract_shares(cords)
    tracts = _tracts(cords, shares)
    return _scores(cords, shares) | tracts | _tissue(cords) | _cells(cords) | _over_the_lesion(cords)


def _tracts(cords: SimulatedCords, shares: TractShares) -> dict[str, Visits]:
    passing = shares.passing
    sided = {
        "tract_cst": passing["corticospinal"],
        "tract_other": other_descending(passing),
        "tract_dorsolateral": passing["dorsolateral"],
        "tract_ventrolateral": passing["ventrolateral"],
        "tract_dorsal_column": passing["dorsal_column"],
        "tract_spinothalamic": passing["spinothalamic"],
    }
    means = {name: share.mean(axis=-1) for name, share in sided.items()}
    of_sides = {f"{name}_{side}": share[..., at] for name, share in sided.items() for at, side in enumerate(SIDES)}
    spared = descending(passing, cords).mean(axis=-1)
    return means | of_sides | {"spared_share": spared, "axons": axons_kept(cords)}


def spared_share(cords: SimulatedCords) -> Visits:
    """Return the share of descending fibres that pass the whole lesion."""
    return descending(tract_shares(cords).passing, cords).mean(axis=-1)


def _scores(cords: SimulatedCords, shares: TractShares) -> dict[str, Visits]:
    kept, half = conduction_kept(cords), np.asarray(cords.parameters.ruler_half_drive)[..., 0]
    direct, around = shares.conducting, detours(cords, shares)

    beside = growth_beside_a_cut(cords)

    def score(name: str, of: Callable[[Mapping[str, Sided]], Visits]) -> Visits:
        whole = of({tract: share[..., None] for tract, share in shares.uncut.items()})
        room = 1 - whole + beside * (whole - of(shares.passing))
        drive = drive_of(of(direct), room, kept, cords.growth, around, cords.species)
        return ruler(name, drive, half, cords.species)

    scores = {"ladder": ruler("ladder", _skilled_drive(cords, shares, beside) * kept, half, cords.species)}
    if cords.species == Species.RODENT:
        scores["bbb"] = score("bbb", lambda each: weighed(each, drive_weights("bbb", cords.species)))
    else:
        scores["total_motor"] = score("total_motor", lambda each: descending(each, cords).mean(axis=-1))
    return scores | {
        "conduction": kept,
        "plastic_gain": cords.growth,
        "detour": around,
        "conducting_share": descending(direct, cords).mean(axis=-1) * kept,
        "mep": direct["corticospinal"].mean(axis=-1) * kept,
        "ssep": direct["dorsal_column"].mean(axis=-1) * kept,
        **_latencies(cords),
    }


def _skilled_drive(cords: SimulatedCords, shares: TractShares, beside: Visits) -> Visits:
    """Return the drive of a skilled task, for which no tract stands in for another.

    Each grows into its own room, across the midline too.
    """
    grown = {}
    for tract, direct in shares.conducting.items():
        whole = shares.uncut[tract]
        room = 1 - whole + beside * (whole - shares.passing[tract].mean(axis=-1))
        reached = np.minimum(direct.mean(axis=-1) * (1 + room * cords.growth), 1.0)
        grown[tract] = reached[..., None]
    return weighed(grown, drive_weights("ladder", cords.species))


def _latencies(cords: SimulatedCords) -> dict[str, Visits]:
    """Return by how much potentials come later (ms): sensory ones by lost myelin, motor ones hardly.

    The first motor potential is that of the fastest fibres left, whose myelin is whole.
    """
    lost = np.maximum(1 - least_myelin(cords), 0.0)
    return {f"{name}_latency": setting(f"{name}_delay", cords.species) * lost for name in ("mep", "ssep")}


def drive_of(
    share: Visits, room: Visits, conduction: Visits, growth: Visits, detour: float | Visits, species: Species
) -> Visits:
    """Return the drive that fibres carry which pass and conduct.

    They grow into the `room` that lost fibres leave, so that none do where fibres are only blocked; detours fill part
    of what is missing.
    """
    around = setting("detour_drive", species) * detour * (1 - share)
    return np.minimum(1.0, share * conduction * (1 + room * growth) + around)


def ruler(name: str, drive: Visits, half_drive: float | OneEach, species: Species) -> Visits:
    """Return the score of a drive: 0 without any, the best score with all of it."""
    return setting(f"{name}_best", species) * (1 + half_drive) * drive / (drive + half_drive)


def ruler_scores(
    spared: Visits, conduction: Visits, growth: Visits, half_drive: float | OneEach, species: Species
) -> dict[str, Visits]:
    """Return the score that a species has: a ruler over the drive that spared, conducting and grown fibres carry."""
    drive = drive_of(spared, 1 - spared, conduction, growth, 0.0, species)
    return {
        name: ruler(name, drive, half_drive, species)
        for name in ("bbb", "total_motor")
        if has_setting(f"{name}_best", species)
    }


def conduction_kept(cords: SimulatedCords) -> Visits:
    """Return the conduction kept by myelin at the worst place."""
    lost = np.asarray(cords.parameters.conduction_myelin_share)[..., 0]
    return 1 - lost * (1 - least_myelin(cords))


def least_myelin(cords: SimulatedCords) -> Visits:
    """Return the myelin at the worst place."""
    return cords.fields["myelin"].min(axis=-1)


def _tissue(cords: SimulatedCords) -> dict[str, Visits]:
    return {
        "grey_lost_mm": grey_lost_mm(cords),
        "grey_left_mm": cords.fields["grey"] @ cords.widths_mm,
        "myelin": least_myelin(cords),
        "lesion_length_mm": lesion_length_mm(cords),
        "infiltrate_mm": _macrophages(cords) @ cords.widths_mm,
        "dieback_mm": _dieback_mm(cords),
        "node_block": _node_block(cords),
        "pressure_mmhg": _at_centre(cords, "pressure"),
        "flow": _at_centre(cords, "flow"),
    }


def _at_centre(cords: SimulatedCords, name: str) -> Visits:
    return cords.fields[name][..., len(cords.axis_mm) // 2]


def _dieback_mm(cords: SimulatedCords) -> Visits:
    """Return how far the ends of cut axons lie from the lesion: a first retraction, then what leukocytes drive."""
    by_leukocytes = -np.expm1(-_at_centre(cords, "lost_to_leukocytes") / setting("dieback_harm", cords.species))
    first, later = (setting(f"dieback_{name}", cords.species) for name in ("first", "later"))
    return np.where(_at_centre(cords, "at_risk") > 0, first + later * by_leukocytes, 0.0)


def _node_block(cords: SimulatedCords) -> Visits:
    """Return the share of surviving fibres at the centre that broken nodes block."""
    return 1 - cords.fields["conducting"].min(axis=-1)


def grey_lost_mm(cords: SimulatedCords) -> Visits:
    """Return the grey matter lost, as a length of cord."""
    return (1 - cords.fields["grey"]) @ cords.widths_mm


def lesion_length_mm(cords: SimulatedCords) -> Visits:
    """Return the length over which water and lost grey matter show on MRI, from the centre to both sides."""
    p = cords.parameters
    seen = p.mri_water_weight * cords.fields["oedema"] + 1 - cords.fields["grey"]
    return length_above_mm(seen, np.asarray(p.mri_threshold), cords.axis_mm)


def _cells(cords: SimulatedCords) -> dict[str, Visits]:
    alive = cords.fields["graft"] @ cords.widths_mm
    share = np.divide(alive, cords.settled_mm, out=np.zeros_like(alive), where=cords.settled_mm > 0)
    return {"cells_alive_share": share, "cells_alive": share * cords.settled_cells}


def _macrophages(cords: SimulatedCords) -> Float[ndarray, "patient time cell"]:
    return cords.fields["inflammatory_macrophage"] + cords.fields["repair_macrophage"]


_MEANS: Mapping[str, Callable[[SimulatedCords], Float[ndarray, "patient time cell"]]] = {
    "grey": lambda cords: cords.fields["grey"],
    "barrier_leak": lambda cords: cords.fields["leak"],
    "oedema": lambda cords: cords.fields["oedema"],
    "inflammation": lambda cords: cords.fields["inflammation"],
    "neutrophils": lambda cords: cords.fields["neutrophil"],
    "macrophages": _macrophages,
    "macrophages_inflammatory": lambda cords: cords.fields["inflammatory_macrophage"],
    "macrophages_repair": lambda cords: cords.fields["repair_macrophage"],
    "microglia": lambda cords: cords.fields["microglia"],
    "mmp9": lambda cords: cords.fields["mmp9"],
    "vessel_damage": lambda cords: cords.fields["vessel_damage"],
    "debris": lambda cords: cords.fields["debris"],
    "border": lambda cords: cords.fields["border"],
    "matrix": lambda cords: cords.fields["matrix"],
}


def _over_the_lesion(cords: SimulatedCords) -> dict[str, Visits]:
    return {name: np.einsum("ptc,pc->pt", of(cords), cords.near) for name, of in _MEANS.items()}

"""What is read of a cord on each day: scores, tracts, tissue, cells, inflammation, scar."""

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.tables import Row
from cordwise.cord.extent import length_above_mm
from cordwise.cord.parameters import Species
from cordwise.experiment.simulate import SimulatedCords
from cordwise.experiment.tables import has_setting, plain, setting, table
from cordwise.experiment.tract_shares import tract_share

Visits = Float[ndarray, "patient time"]


def readout_rows(species: Species) -> tuple[Row, ...]:
    """Return the rows of the read-outs that a species has."""
    return tuple(row for row in table("readouts") if row["species"] in ("both", species))


def readout_names(species: Species) -> tuple[str, ...]:
    """Return the names of the read-outs that a species has."""
    return tuple(row["readout"] for row in readout_rows(species))


def find_readout(name: str, species: Species) -> str | None:
    """Return the read-out of a name or alias, or None."""
    said = plain(name)
    rows = readout_rows(species)
    return next((row["readout"] for row in rows if said in (row["readout"], *row["aliases"].split(";"))), None)


def read_out(cords: SimulatedCords) -> dict[str, Visits]:
    """Return every read-out of a batch of cords on each day."""
    return _scores(cords) | _tracts(cords) | _tissue(cords) | _cells(cords) | _over_the_lesion(cords)


def _tracts(cords: SimulatedCords) -> dict[str, Visits]:
    p = cords.parameters
    shares = {
        "tract_cst": tract_share(cords, p.impact_cst_loss),
        "tract_other": tract_share(cords, p.impact_other_loss),
        "tract_dorsal_column": tract_share(cords, setting("dorsal_column_loss", cords.species)),
        "tract_spinothalamic": tract_share(cords, setting("spinothalamic_loss", cords.species)),
    }
    return shares | {"spared_share": spared_share(cords), "axons": tract_share(cords, 0.0)}


def spared_share(cords: SimulatedCords) -> Visits:
    """Return the share of descending fibres that pass the whole lesion."""
    p = cords.parameters
    weight = np.asarray(p.cst_weight)[..., 0]
    cst, other = tract_share(cords, p.impact_cst_loss), tract_share(cords, p.impact_other_loss)
    return weight * cst + (1 - weight) * other


def _scores(cords: SimulatedCords) -> dict[str, Visits]:
    kept, half = conduction_kept(cords), np.asarray(cords.parameters.ruler_half_drive)[..., 0]
    scores = ruler_scores(spared_share(cords), kept, cords.growth, half, cords.species)
    return scores | {"conduction": kept, "plastic_gain": cords.growth}


def ruler_scores(
    spared: Visits, conduction: Visits, growth: Visits, half_drive: float | Visits, species: Species
) -> dict[str, Visits]:
    """Return the score that a species has: a ruler over the drive that spared, conducting and grown fibres carry."""
    drive = np.minimum(1.0, spared * conduction * (1 + growth))
    return {
        name: setting(f"{name}_best", species) * drive / (drive + half_drive)
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
        "grey_lost_mm": (1 - cords.fields["grey"]) @ cords.widths_mm,
        "grey_left_mm": cords.fields["grey"] @ cords.widths_mm,
        "myelin": least_myelin(cords),
        "lesion_length_mm": lesion_length_mm(cords),
        "infiltrate_mm": _macrophages(cords) @ cords.widths_mm,
    }


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
    "debris": lambda cords: cords.fields["debris"],
    "border": lambda cords: cords.fields["border"],
    "matrix": lambda cords: cords.fields["matrix"],
}


def _over_the_lesion(cords: SimulatedCords) -> dict[str, Visits]:
    return {name: np.einsum("ptc,pc->pt", of(cords), cords.near) for name, of in _MEANS.items()}

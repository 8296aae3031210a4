"""Every number of the tissue model: read from `data/tissue_parameters.csv`, with unit, range and source."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.base.tables import SourcedNumber, packaged_numbers


class Species(StrEnum):
    """Whose cord is simulated."""

    HUMAN = "human"
    RODENT = "rodent"


class TissueParameters(NamedTuple):
    """The numbers of one parameter set; units, sources and ranges are in the table.

    In `simulate_tissue` a number may also be an array of one value a patient, except `length_scale`.
    """

    # scale
    length_scale: float
    clock: float
    # injury
    impact_grey_loss: float
    impact_axons_at_risk: float
    impact_cst_loss: float
    impact_other_loss: float
    impact_loss_power: float
    impact_alarmin: float
    impact_debris: float
    impact_leak: float
    impact_leak_at_once: float
    impact_vessel_loss: float
    impact_vessel_half: float
    cst_weight: float
    # alarmin
    alarmin_diffusion: float
    alarmin_loss: float
    alarmin_per_loss: float
    debris_per_loss: float
    debris_clearance: float
    # leukocytes
    neutrophil_entry: float
    neutrophil_half: float
    neutrophil_blood: float
    neutrophil_loss: float
    blood_days: float
    phagocyte_half: float
    phagocyte_debris_weight: float
    phagocyte_cytokine_weight: float
    monocyte_entry: float
    monocyte_release: float
    monocyte_leak_floor: float
    crowding: float
    macrophage_loss: float
    macrophage_debris_death: float
    repair_loss_ratio: float
    born_inflammatory: float
    turn_to_repair: float
    turn_to_inflammatory: float
    repair_half: float
    inflammatory_half: float
    inflammatory_debris_weight: float
    # microglia
    microglia_growth: float
    microglia_rise: float
    microglia_half: float
    microglia_death: float
    microglia_clearance: float
    microglia_meal_half: float
    microglia_cytokine: float
    microglia_border: float
    # cytokine
    cytokine_alarmin: float
    cytokine_alarmin_half: float
    cytokine_neutrophil: float
    cytokine_macrophage: float
    anti_repair: float
    cytokine_brake_half: float
    # barrier
    leak_closure: float
    leak_closure_border: float
    leak_reopening: float
    protease_macrophage: float
    protease_half: float
    oedema_diffusion: float
    oedema_filling: float
    oedema_leak_half: float
    oedema_drainage: float
    oedema_drainage_border: float
    mri_water_weight: float
    mri_threshold: float
    # perfusion
    pressure_rest: float
    pressure_stiffness: float
    pressure_blood: float
    arterial_pressure: float
    pressure_shut: float
    pressure_autoregulated: float
    autoregulation_lost: float
    vessel_healing: float
    white_flow_needed: float
    # scar
    border_growth: float
    border_neutrophil: float
    border_half: float
    border_debris_weight: float
    border_loss: float
    matrix_growth: float
    # tracts
    grey_alarmin_hazard: float
    alarmin_safe: float
    grey_leukocyte_hazard: float
    axon_cytokine_hazard: float
    axon_cytokine_half: float
    axon_ischaemia_hazard: float
    axon_leukocyte_hazard: float
    neutrophil_weight: float
    leukocyte_half: float
    border_shield: float
    cst_inflammation_weight: float
    cst_ischaemia_weight: float
    cst_leukocyte_weight: float
    trophic_half: float
    # nodes
    node_tear: float
    node_healing: float
    node_floor: float
    node_cytokine_half: float
    node_seal_days: float
    potassium_channel_share: float
    # myelin
    myelin_cytokine_hazard: float
    remyelination: float
    remyelination_trophic_half: float
    remyelination_cytokine_half: float
    conduction_myelin_share: float
    # trophic
    trophic_rest: float
    trophic_repair: float
    trophic_neutrophil: float
    # plasticity
    growth_ceiling: float
    growth_matrix_half: float
    growth_trophic_boost: float
    growth_trophic_lasting: float
    plastic_days: float
    training_half_hours: float
    training_gain: float
    training_lasting: float
    training_strain: float
    training_strain_half: float
    lesion_edge_share: float
    # cells
    graft_loss: float
    graft_cytokine_loss: float
    graft_rejection: float
    rejection_day: float
    rejection_power: float
    cell_anti: float
    cell_trophic: float
    cell_closure: float
    cell_push: float
    cell_nodes: float
    systemic_effect: float
    # dose
    cells_per_dose: float
    arriving_intralesional: float
    arriving_intrathecal: float
    arriving_intravenous: float
    graft_sd_injected: float
    graft_sd_carried: float
    intravenous_cell_loss: float
    intravenous_product_loss: float
    intrathecal_cell_loss: float
    intrathecal_product_loss: float
    # ruler
    ruler_half_drive: float
    # front
    front_lesion_share: float
    front_macrophages: float
    front_distance: float


def tissue_parameter_rows() -> tuple[SourcedNumber, ...]:
    """Return the parameter table: one row a number, with its 90% range, unit, species, source and status."""
    return packaged_numbers("cordwise.cord", "tissue_parameters")


@cache
def load_parameters(species: Species | str = Species.HUMAN) -> TissueParameters:
    """Return the parameter set of a species; raise `InputError` when the table does not give each number once."""
    chosen = _species(species)
    rows = [row for row in tissue_parameter_rows() if row.species in ("both", chosen)]
    names = [row.name for row in rows]
    wrong = [name for name in {*names, *TissueParameters._fields} if names.count(name) != 1]
    wrong += [name for name in names if name not in TissueParameters._fields]
    if wrong:
        raise InputError(Fault(f"tissue_parameters.csv, {name}", "one row", str(names.count(name))) for name in wrong)
    return TissueParameters(**{row.name: row.value for row in rows})


def parameter_faults(parameters: TissueParameters, patients: int = 1) -> Iterator[Fault]:
    """Yield a fault for every number that is not finite or below 0, and for every divisor that is 0.

    A number may be one for all patients or an array of one for each; `length_scale` is one for all.
    """
    for name, value in zip(TissueParameters._fields, parameters, strict=True):
        where, values = f"parameters.{name}", np.asarray(value, float)
        if values.ndim and (name in _ONE_FOR_ALL or values.shape != (patients,)):
            wanted = "one number" if name in _ONE_FOR_ALL else "one number, or one a patient"
            yield Fault(where, wanted, f"shape {values.shape}")
        elif not np.isfinite(values).all():
            yield Fault(where, "a finite number", str(_first(values, ~np.isfinite(values))))
        elif name not in SIGN_FREE and (values < 0).any():
            yield Fault(where, "a number of 0 or above", str(_first(values, values < 0)))
        elif name in _NEVER_ZERO and (values == 0).any():
            yield Fault(where, "a number above 0", "0")


def _first(values: Float[ndarray, "..."], wrong: Bool[ndarray, "..."]) -> float:
    return float(values[wrong].flat[0])


SIGN_FREE = frozenset({"microglia_cytokine", "microglia_border", "border_neutrophil", "trophic_neutrophil"})
"""Numbers that may be negative, because no row says which way the thing works."""
_ONE_FOR_ALL = frozenset({"length_scale"})  # sets the axis
_NEVER_ZERO = frozenset(
    ["length_scale", "clock", "crowding", "rejection_day", "plastic_days", "cells_per_dose", "blood_days"]
    + ["graft_sd_injected", "graft_sd_carried", "ruler_half_drive", "node_seal_days", "training_half_hours"]
    + ["white_flow_needed"]
    + [name for name in TissueParameters._fields if name.endswith("_half")]
)


def _species(species: Species | str) -> Species:
    try:
        return Species(species)
    except ValueError:
        raise InputError([Fault("species", "human or rodent", repr(species))]) from None

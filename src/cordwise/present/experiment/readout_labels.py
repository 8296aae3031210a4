"""What the read-outs of an experiment are called in a report."""

from cordwise.cord.parameters import Species
from cordwise.experiment.readouts import readout_rows
from cordwise.experiment.result import ExperimentResult
from cordwise.present.experiment.main_readouts import shown_readouts

NAMES = {
    "bbb": "BBB open-field score",
    "total_motor": "Motor drive on a ruler of 100",
    "tract_cst": "Corticospinal tract spared",
    "tract_other": "Other descending tracts spared",
    "grey_lost_mm": "Grey matter lost",
    "grey_left_mm": "Grey matter left",
    "lesion_length_mm": "Lesion length on MRI",
    "infiltrate_mm": "Infiltrate",
    "cells_alive": "Grafted cells alive",
    "cells_alive_share": "Grafted cells alive, of those that settled",
    "tract_dorsolateral": "Dorsolateral tracts spared",
    "tract_ventrolateral": "Ventrolateral tracts spared",
    "conducting_share": "Descending fibres that conduct",
    "mep": "Motor evoked potential",
    "uems": "Motor score of the arms",
    "lems": "Motor score of the legs",
    "scim": "SCIM",
    "ais": "Mean AIS grade",
    "ais_a": "AIS A",
    "ais_b": "AIS B",
    "ais_c": "AIS C",
    "ais_d": "AIS D",
    "ais_e": "AIS E",
    "ais_improved": "AIS grade better than at entry",
    "ais_a_to_incomplete": "AIS A to B or better",
    "ais_b_to_motor_incomplete": "AIS B to C or better",
    "ais_c_to_d": "AIS C to D or better",
}
NOT_TO_WRITE = ("-", "share")


def readout_label(name: str, species: Species) -> str:
    """Return a read-out as a heading, with its unit."""
    unit = readout_unit(name, species)
    return f"{readout_words(name)} ({unit})" if unit else readout_words(name)


def readout_words(name: str) -> str:
    """Return a read-out in words."""
    return NAMES.get(name, name.removesuffix("_mm").replace("_", " ").capitalize())


def readout_unit(name: str, species: Species) -> str:
    """Return the unit of a read-out, or nothing where it needs no word."""
    unit = next((row["unit"] for row in readout_rows(species) if row["readout"] == name), "-")
    return "" if unit in NOT_TO_WRITE else unit


def labels(result: ExperimentResult, *, only_of_all: bool) -> dict[str, str]:
    """Return the read-outs with their labels; of effects only the main ones that are something at first."""
    first = result.conditions[0]
    chosen = shown_readouts(result) if only_of_all else tuple(first.readouts)
    named = {name: readout_label(name, result.species) for name in chosen}
    shown = {name: label for name, label in named.items() if first.readouts[name].mean or not only_of_all}
    return shown or named

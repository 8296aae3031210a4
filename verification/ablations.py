"""Take out one mechanism of the cord at a time, refit the other rates, and print which rows are lost.

`python verification/ablations.py` takes some minutes for each mechanism on two cores; `--rounds 0` refits nothing. A
mechanism that no row needs is one that the facts do not identify: it stays only where an experiment must be able to act
on it, and the table says so.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from perturbations import direction_right

from cordwise.cord.parameters import Species
from cordwise.experiment.bands import perturbation_facts, time_course_bands
from cordwise.experiment.facts import FactRun, fact_values, read_fact_experiments
from cordwise.experiment.fit import fit_rates, parameter_sets, rates_to_fit
from cordwise.present.columns import columns

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
ROUNDS, EXAMPLES = 4, 3
HEADINGS = ("taken out", "lost, fitted", "lost, held out", "courses lost", "gained", "examples of what is lost")
ABLATIONS: Mapping[str, Mapping[str, float]] = {
    "harm by neutrophils": {"neutrophil_weight": 0.0},
    "help by neutrophils": {"trophic_neutrophil": 0.0, "border_neutrophil": 0.0},
    "neutrophils that come with blood": {"neutrophil_blood": 0.0},
    "proteases": {"leak_reopening": 0.0, "impact_leak_at_once": 1.0},
    "death of macrophages by debris": {"macrophage_debris_death": 0.0},
    "clearance by microglia": {"microglia_clearance": 0.0},
    "microglia in the border": {"microglia_border": 0.0},
    "damage to vessels": {"impact_vessel_loss": 0.0},
    "loss of autoregulation": {"autoregulation_lost": 0.0},
    "ischaemia of axons": {"axon_ischaemia_hazard": 0.0},
    "broken nodes": {"node_tear": 0.0},
    "slower repair of nodes in inflammation": {"node_cytokine_half": 1e6},
    "nodes that never mend": {"node_floor": 0.0},
    "growth by cells that lasts": {"growth_trophic_lasting": 0.0},
    "training that lasts": {"training_lasting": 0.0},
    "strain by training": {"training_strain": 0.0},
}


def main() -> int:
    """Print the table."""
    rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else ROUNDS
    experiments = read_fact_experiments(EXPERIMENTS)
    whole = held_rows(experiments, {}, 0)
    rows = [row_of(name, whole, held_rows(experiments, held, rounds)) for name, held in ABLATIONS.items()]
    print("\n".join(columns([HEADINGS, *rows])))
    return 0


def held_rows(experiments: Mapping, held: Mapping[str, float], rounds: int) -> dict[str, bool]:
    """Return for every row whether it is right: in direction for facts, in its band for time courses."""
    rates = tuple(rate for rate in rates_to_fit() if rate.name not in held)
    places = np.array([[rate.place_of(rate.value) for rate in rates]])
    if rounds:
        fit = fit_rates(experiments, rounds=rounds, held=held)
        places = np.array([[rate.place_of(value) for rate, value in zip(fit.rates, fit.values, strict=True)]])
    rodent, human = (parameter_sets(rates, places, species, held) for species in (Species.RODENT, Species.HUMAN))
    values = fact_values(rodent, human, experiments)
    run = FactRun(values, {})
    right = {fact.band.row: direction_right(fact, run) for fact in perturbation_facts() if fact.band.row in values}
    return right | {band.row: bool(band.holds(values[band.row][0])) for band in time_course_bands()}


def row_of(name: str, whole: Mapping[str, bool], without: Mapping[str, bool]) -> tuple[str, ...]:
    """Return one row of the table: what is right with the mechanism and wrong without it, and the other way round."""
    lost = [row for row, right in whole.items() if right and not without[row]]
    gained = sum(without[row] and not right for row, right in whole.items())
    facts = {fact.band.row: fact for fact in perturbation_facts()}
    fitted = [row for row in lost if row in facts and facts[row].band.in_fit]
    held_out = [row for row in lost if row in facts and not facts[row].band.in_fit]
    courses = [row for row in lost if row not in facts]
    return (name, str(len(fitted)), str(len(held_out)), str(len(courses)), str(gained), "; ".join(lost[:EXAMPLES]))


if __name__ == "__main__":
    sys.exit(main())

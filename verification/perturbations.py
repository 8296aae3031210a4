"""Print each perturbation fact: what experiments found, what the model predicts, and whether it holds.

`python verification/perturbations.py` runs the experiment files of the facts over many worlds of rates (what is not
known of them), one subject hit exactly as the file says in each. A fact that the model misses stays in the table.
"""

import sys
from pathlib import Path

import numpy as np

from cordwise.base.randomness import Streams
from cordwise.cord.parameters import Species
from cordwise.experiment.bands import Fact, no_effect, perturbation_facts
from cordwise.experiment.facts import perturbation_values, read_fact_experiments
from cordwise.experiment.subjects import draw_rates
from cordwise.present.columns import columns

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
WORLDS, SEED = 64, 1
HEADINGS = ("fact", "what", "expected", "band", "median", "95% interval", "direction", "size", "in fit")


def main() -> int:
    """Print the table and how many rows hold."""
    streams = Streams(SEED)
    subjects = {species: draw_rates(species, WORLDS, streams) for species in Species}
    values = perturbation_values(read_fact_experiments(EXPERIMENTS), subjects)
    facts = perturbation_facts()
    rows = [row_of(fact, values[fact.band.row]) for fact in facts]
    print("\n".join(columns([HEADINGS, *rows])))
    for label, among in (("all", facts), ("not used in the fit", [fact for fact in facts if not fact.band.in_fit])):
        right = sum(bool(direction_holds(fact, np.median(values[fact.band.row]))) for fact in among)
        sized = sum(bool(fact.band.holds(np.median(values[fact.band.row]))) for fact in among)
        print(f"{label}: {right} of {len(among)} in the expected direction, {sized} of {len(among)} in the band")
    return 0


def row_of(fact: Fact, values: np.ndarray) -> tuple[str, ...]:
    """Return one row of the table as text."""
    median = float(np.median(values))
    low, high = np.percentile(values, (2.5, 97.5))
    return (
        fact.fact,
        fact.band.row,
        fact.expected,
        f"{fact.band.low:g} to {fact.band.high:g} {fact.band.unit}",
        f"{median:.3g}",
        f"{low:.3g} to {high:.3g}",
        "pass" if direction_holds(fact, median) else "missed",
        "pass" if fact.band.holds(median) else "missed",
        "yes" if fact.band.in_fit else "no",
    )


def direction_holds(fact: Fact, median: float) -> bool:
    """Tell whether the effect has the expected sign; where none is expected, whether it lies in the band."""
    change = median - no_effect(fact.band)
    if fact.direction == "none":
        return bool(fact.band.holds(median))
    return change > 0 if fact.direction == "rise" else change < 0


if __name__ == "__main__":
    sys.exit(main())

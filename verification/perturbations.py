"""Print each perturbation fact: what experiments found, what the model predicts, and whether it holds.

`python verification/perturbations.py` runs the experiment files of the facts over many worlds of rates (what is not
known of them), one subject hit exactly as the file says in each. Facts that the rates were fitted to and facts held out
stand apart. A fact that the model misses stays in the table, and so does one whose experiment cannot be run.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cordwise.base.randomness import Streams
from cordwise.cord.parameters import Species
from cordwise.experiment.bands import Fact, conflicts, conflicts_of, no_effect, perturbation_facts
from cordwise.experiment.facts import FactRun, run_facts
from cordwise.experiment.subjects import draw_rates
from cordwise.present.columns import columns

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
WORLDS, SEED = 64, 1
HEADINGS = ("fact", "what", "expected", "band", "median", "95% interval", "direction", "size", "conflict")
NOT_RUN = "not run"


def main() -> int:
    """Print the tables, what could not be run, known conflicts, and the shares that hold."""
    streams = Streams(SEED)
    run = run_facts(EXPERIMENTS, {species: draw_rates(species, WORLDS, streams) for species in Species})
    facts = perturbation_facts()
    fitted = [fact for fact in facts if fact.band.in_fit]
    held_out = [fact for fact in facts if not fact.band.in_fit]
    for label, among in (("Facts used in the fit", fitted), ("Facts held out of the fit", held_out)):
        print(f"{label}\n\n" + "\n".join(columns([HEADINGS, *(row_of(fact, run) for fact in among)])), end="\n\n")
    print("\n".join(reasons(run)), end="\n\n")
    print("\n".join(f"conflict: {each.fact} and {each.other}, {each.about}" for each in conflicts()), end="\n\n")
    for label, among in (("all", facts), ("fitted", fitted), ("held out", held_out)):
        print(summary(label, among, run))
    return 0


def row_of(fact: Fact, run: FactRun) -> tuple[str, ...]:
    """Return one row of the table as text."""
    values = run.values.get(fact.band.row)
    band = f"{fact.band.low:g} to {fact.band.high:g} {fact.band.unit}"
    what = fact.band.row.removeprefix(f"{fact.fact} ")
    conflict = ", ".join(conflicts_of(fact.fact))
    if values is None:
        return (fact.fact, what, fact.expected, band, "", "", NOT_RUN, NOT_RUN, conflict)
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return (
        fact.fact,
        what,
        fact.expected,
        band,
        f"{np.median(values):.3g}",
        f"{low:.3g} to {high:.3g}",
        "pass" if direction_right(fact, run) else "missed",
        "pass" if in_band(fact, run) else "missed",
        conflict,
    )


def direction_right(fact: Fact, run: FactRun) -> bool:
    """Tell whether the median effect has the expected sign; where none is expected, whether it lies in the band."""
    if fact.direction == "none":
        return in_band(fact, run)
    change = float(np.median(run.values[fact.band.row])) - no_effect(fact.band)
    return change > 0 if fact.direction == "rise" else change < 0


def in_band(fact: Fact, run: FactRun) -> bool:
    """Tell whether the median lies in the band."""
    return bool(fact.band.holds(float(np.median(run.values[fact.band.row]))))


def reasons(run: FactRun) -> list[str]:
    """Return why rows could not be run, each reason once with the rows it stops."""
    stopped: dict[str, list[str]] = {}
    for row, reason in run.not_run.items():
        stopped.setdefault(reason, []).append(row)
    return [f"not run, {len(rows)} rows: {reason}" for reason, rows in stopped.items()]


def summary(label: str, among: Sequence[Fact], run: FactRun) -> str:
    """Return how many rows have the right direction and size, and how many facts have every direction right."""
    ran = [fact for fact in among if fact.band.row in run.values]
    right = {fact.band.row for fact in ran if direction_right(fact, run)}
    sized = sum(in_band(fact, run) for fact in ran)
    whole = {fact.fact for fact in ran} - {fact.fact for fact in ran if fact.band.row not in right}
    share = f" ({len(right) / len(ran):.0%})" if ran else ""
    return (
        f"{label}: {len(right)} of {len(ran)} rows in the expected direction{share}, {sized} in the band; "
        f"{len(whole)} of {len({fact.fact for fact in ran})} facts with every direction right; "
        f"{len(among) - len(ran)} rows not run"
    )


if __name__ == "__main__":
    sys.exit(main())

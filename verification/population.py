"""The figures of the model card: how the population does in and out of sample, and the time course of recovery.

Run it with `python verification/population.py`; `make verify` does.
"""

import sys

import numpy as np

from cordwise.cohort import load_posterior
from cordwise.cohort.case_mix import BaselineTable
from cordwise.cohort.check import PopulationCheck, check_population, summary
from cordwise.cohort.identifiability import learned_markdown, what_was_learned
from cordwise.cohort.time_course import gain_shares
from cordwise.evidence import Target, packaged_targets
from cordwise.randomness import Streams

SEED = 1
ENTRY_DAYS = 7  # Sygen's weeks 0 and 1


def main() -> int:
    """Print every table and return 0."""
    targets = tuple(packaged_targets())
    found = check_population(targets, load_posterior(), Streams(SEED), quiet=False)
    print("All targets, in sample\n" + summary(found.as_json()))
    for name in ("EMSCI", "Sygen"):
        print(f"\nRMS error, {name} only")
        print(_by_measure(found, [name in target.source for target in targets]))
    print("\nShare of the year's gain in UEMS since week 2 that is there by day 28, 84 and 183 (published ranges)")
    for line in gain_shares(found):
        print("  ", line)
    print("\nSygen's week 4 when its patients at entry are matched")
    print(_by_measure(_sygen_matched(targets)))
    print("\nWhat was learned of each parameter\n" + learned_markdown(what_was_learned(load_posterior())))
    return 0


def _sygen_matched(targets: tuple[Target, ...]) -> PopulationCheck:
    sygen = [target for target in targets if "Sygen tables" in target.source]
    entry = BaselineTable(tuple(target for target in sygen if target.followup_day <= ENTRY_DAYS))
    later = [target for target in sygen if target.followup_day > ENTRY_DAYS]
    return check_population(later, load_posterior(), Streams(SEED), case_mix=entry)


def _by_measure(found: PopulationCheck, chosen: list[bool] | None = None) -> str:
    kept = np.where(chosen, found.predicted, np.nan) if chosen else found.predicted
    return "\n".join(f"   {name:<14} {value:8.3g}" for name, value in found.rmse(kept).items())


if __name__ == "__main__":
    sys.exit(main())

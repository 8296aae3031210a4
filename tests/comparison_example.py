"""Small comparisons over the made-up bank, simulated once for every test that asks."""

from functools import cache

from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams
from cordwise.trial.compare.designs import compared_designs
from cordwise.trial.compare.result import Comparison, comparison_result
from cordwise.trial.compare.simulate import SimulatedDesign, simulate_design
from search_example import SOLVED
from trial_bank import ais_endpoint, raw_design, synthetic_bank, synthetic_design, uems_endpoint

REPLICATES, SEED = 300, 2
EFFECTS = {"assumed: cells": (3.0, 0.2), "other: cells": (1.0, 0.1)}
OTHER = {"name": "other", "description": "another effect", "assumed_log_odds": 0.3, "onset_days": 30}
ASSUMED = raw_design()["scenarios"]
HOSTILE = '<b>smaller</b> & "better"'


def simulated(*designs, banks=None) -> list[SimulatedDesign]:
    """Return designs simulated, on banks of their own or all on one."""
    banks = banks or [synthetic_bank(EFFECTS)] * len(designs)
    return [
        simulate_design(each, bank, Streams(SEED), replicates=REPLICATES)
        for each, bank in zip(compared_designs(designs), banks, strict=True)
    ]


def compared(designs) -> Comparison:
    """Return the result of a comparison of simulated designs."""
    provenance = Provenance("trial compare", SEED, "design.toml", "")
    return comparison_result(designs, replicates=REPLICATES, numerics=SOLVED, provenance=provenance)


@cache
def mixed() -> list[SimulatedDesign]:
    """Return the AIS design, a UEMS design of the same size, and a smaller one with a scenario of its own."""
    uems = synthetic_design(name="UEMS first", endpoints=[ais_endpoint(primary=False), uems_endpoint(primary=True)])
    small = synthetic_design(name=HOSTILE, size={"total": 80}, scenarios=[*ASSUMED, OTHER])
    return simulated(synthetic_design(), uems, small)

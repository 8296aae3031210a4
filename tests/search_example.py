"""A small search over the made-up bank, simulated once for every test that asks."""

from functools import cache

from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams
from cordwise.cord.self_check import Numerics
from cordwise.trial.search.combinations import combinations
from cordwise.trial.search.file import check_search
from cordwise.trial.search.result import Search, search_result
from cordwise.trial.search.simulate import simulate_combinations
from cordwise.trial.search.spec import SearchSpec
from trial_bank import synthetic_bank, synthetic_design

EFFECTS = {"assumed: cells": (3.0, 0.2)}
REPLICATES, SEED = 250, 5
HALF = {"name": "half-way", "schedule": {"information": [0.5, 1.0]}}
SOLVED = Numerics(
    preset="standard",
    steps=100,
    simulations_checked=64,
    error_p99=1e-4,
    error_max=1e-3,
    status={"solved": 64},
    words="The tissue was not asked.",
)
"""What a result over the made-up bank says of its numerics: no tissue was solved."""


def search_tables(**changes):
    """Return the tables of a search over the synthetic design; `changes` replace whole tables."""
    return {
        "name": "search",
        "question": "Which is the cheapest?",
        "design": "base.toml",
        "totals": [60, 120],
        "endpoints": [{"endpoint": "AIS"}, {"endpoint": "UEMS"}],
        "looks": [{"name": "end only"}, HALF],
        "goal": {"scenario": "assumed", "power": 0.7, "most_null_rate": 0.12},
        "cost": {
            "currency": "crowns",
            "patient": {"amount": 10.0, "source": "a guess"},
            "month": {"amount": 2.0, "source": "guess"},
            "site": {"amount": 5.0, "source": "guess"},
        },
        **changes,
    }


def small_search(**changes) -> SearchSpec:
    """Return a checked search over the synthetic design."""
    return check_search(search_tables(**changes), "s.toml", base=synthetic_design())


@cache
def searched() -> Search:
    """Return the result of the small search over the synthetic bank."""
    search = small_search()
    found = simulate_combinations(combinations(search), synthetic_bank(EFFECTS), Streams(SEED), replicates=REPLICATES)
    provenance = Provenance("trial optimise", SEED, search.origin.name, search.origin.sha256)
    return search_result(search, found, numerics=SOLVED, provenance=provenance)

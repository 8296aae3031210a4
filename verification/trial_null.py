"""Type I error of every analysis that promises it: trials of simulated patients whose cells change nothing.

Run it with `python verification/trial_null.py`; `make verify` does.  The patients are those of the shipped population
with cervical injuries of AIS A to C.  A rate is inside when it lies within 4 Monte Carlo standard errors of the
analysis' level, or below it for an exact test.  A rate below is conservative: small trials leave a test of counts few
tables to choose from, and theory, where it is exact, shows how few.  Returns 1 where an analysis that promises its
level exceeds it.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from cordwise.bank.bank import PatientBank, build_bank
from cordwise.base.randomness import Streams
from cordwise.population.posterior import load_posterior
from cordwise.trial.analyse.simulate import SimulatedScenario, prepare, simulate_replicates
from cordwise.trial.characteristics.theory import theory_reject_rate
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.design.file import check_design
from cordwise.trial.observe.counterfactuals import bank_spec
from cordwise.trial.plan.methods import METHODS
from cordwise.trial.plan.plan import TrialPlan, plan_trial

SEED = 6
SIZES = (20, 60, 200)
PEOPLE_OF_ONE_SET = 8000
MOST_ERRORS = 4.0
DAY, VISITS = 225.0, [90.0, 135.0, 225.0]

AIS = {"measure": "ais_improvement"}
UEMS = {"measure": "uems_change"}
GRADE = {"measure": "ais_grade"}
PAIRS = {"measure": "hierarchical", "components": ["ais_grade", "total_motor_change"]}
DEFAULTS = {"n_minus_1_chi_square": AIS, "ancova": UEMS}  # what a response and a score get where a design says nothing
PLAIN = {
    "chi_square": AIS,
    "fisher_exact": AIS,
    "boschloo": AIS,
    "two_sample_t": UEMS,
    "welch_t": UEMS,
    "mmrm": UEMS,
    "rank_sum": UEMS,
    "score_test": GRADE,
    "proportional_odds": GRADE,
    "sliding_ordinal": {"measure": "uems"},
    "transitional_ordinal": UEMS,
    "net_benefit": PAIRS,
    "win_odds": PAIRS,
    "win_ratio": PAIRS,
}
VARIANTS = {
    "ancova, multiple imputation": {**UEMS, "analysis": "ancova", "missing": "multiple_imputation"},
    "score_test of a sum score": {**UEMS, "analysis": "score_test"},
    "proportional_odds of a sum score": {**UEMS, "analysis": "proportional_odds"},
}
STRATIFIED = {
    "cmh": AIS,
    "van_elteren": UEMS,
    "score_test, stratified": {**GRADE, "analysis": "score_test", "stratified": True},
    "ancova, stratified": {**UEMS, "analysis": "ancova", "stratified": True},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One analysis at one size."""

    name: str
    patients: int
    replicates: int
    rate: float
    nominal: float
    is_exact: bool = False
    claims_size: bool = True
    theory: float | None = None

    @property
    def mcse(self) -> float:
        """Return the error of the rate, were it nominal: a rate of 0 has an error too."""
        return float(np.sqrt(self.nominal * (1 - self.nominal) / self.replicates))

    @property
    def errors_away(self) -> float:
        """Return how many errors the rate lies from nominal."""
        return (self.rate - self.nominal) / self.mcse

    @property
    def exceeds(self) -> bool:
        """Return whether the analysis rejects more often than it promises."""
        return self.claims_size and self.errors_away > MOST_ERRORS

    @property
    def verdict(self) -> str:
        """Return how the rate stands to the level."""
        if abs(self.errors_away) <= MOST_ERRORS or (self.is_exact and self.errors_away < 0):
            return "inside"
        side = "below" if self.errors_away < 0 else "ABOVE"
        return side if self.claims_size else f"{side}, no level promised"


def main() -> int:
    """Print the table and its duration, and return 1 where an analysis exceeds the level it promises."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicates", type=int, default=10_000)
    asked.add_argument("--replicates-of-defaults", type=int, default=100_000)
    asked.add_argument("--workers", type=int, default=2)
    given, start = asked.parse_args(), perf_counter()
    bank = shipped_bank()
    headings = f"{'trials':>8}{'rejects':>9}{'MCSE':>8}{'nominal':>9}{'errors':>8}{'theory':>8}  4 MCSE"
    print(f"{'analysis':<34}{'patients':>9}{headings}")
    rows = []
    for row in every_row(bank, given.replicates, given.replicates_of_defaults, given.workers):
        rows.append(row)
        level = f"<= {row.nominal:g}" if row.is_exact else f"{row.nominal:g}"
        theory = "-" if row.theory is None else f"{row.theory:.4f}"
        print(
            f"{row.name:<34}{row.patients:>9}{row.replicates:>8}{row.rate:>9.4f}{row.mcse:>8.4f}{level:>9}"
            f"{row.errors_away:>+8.1f}{theory:>8}  {row.verdict}",
            flush=True,
        )
    inside, above = sum(row.verdict == "inside" for row in rows), [row for row in rows if row.exceeds]
    print(f"{inside} of {len(rows)} rates are inside, {len(above)} above what is promised; ", end="")
    print(f"{perf_counter() - start:.0f} s.")
    return 1 if above else 0


def every_row(bank: PatientBank, replicates: int, of_defaults: int, workers: int) -> Iterator[Row]:
    """Yield every analysis at every size; a single arm in one parameter set, for no benchmark is that of all."""
    one_set = shipped_bank(people=PEOPLE_OF_ONE_SET, groups=1, sets=1)
    for patients in SIZES:
        yield from _rows(bank, null_plan(DEFAULTS, patients), of_defaults, workers)
        yield from _rows(bank, null_plan({**PLAIN, **VARIANTS}, patients), replicates, workers)
        strata = {"randomisation": {"stratify_by": ["grade"]}}
        yield from _rows(bank, null_plan(STRATIFIED, patients, **strata), replicates, workers)
        yield from _rows(one_set, single_arm_plan(one_set, patients), replicates, workers)
        yield from _sequential(bank, patients, of_defaults, workers)


def null_plan(endpoints: Mapping[str, Mapping[str, Any]], patients: int, **tables: object) -> TrialPlan:
    """Return the plan of a trial with these endpoints, in the scenario without effect alone."""
    placebo = {"name": "placebo", "control": "placebo"}
    cells = {"name": "cells", "product": "autologous_msc", "route": "intravenous", "dose_cells": 1e8, "day": 50}
    listed = [
        {"name": name, "day": DAY, "analysis": name, "primary": position == 0, **given}
        for position, (name, given) in enumerate(endpoints.items())
    ]
    raw = {
        "name": "null",
        "question": "How often does each analysis find what is not there?",
        "population": {"grades": ["A", "B", "C"], "levels": "C1-C8", "baseline_day": [40, 50]},
        "arms": [placebo, cells],
        "size": {"total": patients},
        "followup": {"visits": VISITS},
        "endpoints": listed,
        **tables,
    }
    plan = plan_trial(check_design(raw, "trial_null"))
    return replace(plan, scenarios=plan.scenarios[:1])


def single_arm_plan(bank: PatientBank, patients: int) -> TrialPlan:
    """Return a trial without control whose benchmark is what its patients do without cells."""
    plan = null_plan(DEFAULTS, patients)
    found = prepare(plan, bank, Streams(SEED)).potential_outcomes[0][0]
    share = float((found.outcome[0] * (1 - found.losses.withdrawn[:, -1])).mean())
    arm = {"name": "cells", "product": "autologous_msc", "route": "intravenous", "dose_cells": 1e8, "day": 50}
    return null_plan({"single_arm_exact": {**AIS, "benchmark": share}}, patients, arms=[arm])


def shipped_bank(**changes: int) -> PatientBank:
    """Return people of the shipped population, examined at every visit that a trial may read, without cells."""
    spec = replace(bank_spec(null_plan(DEFAULTS, max(SIZES))), visits=tuple(VISITS), **changes)
    return build_bank(spec, load_posterior(), Streams(SEED))


def _rows(bank: PatientBank, plan: TrialPlan, replicates: int, workers: int) -> Iterator[Row]:
    result = simulate_replicates(prepare(plan, bank, Streams(SEED)), replicates=replicates, workers=workers)
    for each in result.scenarios[0].endpoints:
        rejects = each.arms[0].estimates.p[:, -1] <= each.endpoint.alpha
        method, binary = METHODS[each.endpoint.method.name], each.endpoint.kind.kind == "binary"
        yield Row(
            each.endpoint.name,
            plan.total,
            replicates,
            float(rejects.mean()),
            each.endpoint.alpha,
            method.is_exact,
            method.claims_size,
            theory_reject_rate(plan, each.potential_outcomes) if binary else None,
        )


def _sequential(bank: PatientBank, patients: int, replicates: int, workers: int) -> Iterator[Row]:
    """Yield three looks with spending after O'Brien and Fleming: rejections on the side of a benefit."""
    for name, spec in DEFAULTS.items():
        thirds = [patients * look // 3 for look in (1, 2, 3)]
        plan = null_plan({name: spec}, patients, looks={"patients": thirds})
        result = simulate_replicates(prepare(plan, bank, Streams(SEED)), replicates=replicates, workers=workers)
        scenario: SimulatedScenario = result.scenarios[0]
        rejects = stops_of(plan, scenario, result.course).any_success
        yield Row(f"{name}, three looks", patients, replicates, float(rejects.mean()), plan.primary.alpha / 2)


if __name__ == "__main__":
    sys.exit(main())

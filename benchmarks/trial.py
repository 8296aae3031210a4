"""How fast are simulated trials?  Ratios against an analysis of one trial at a time, timed in the same run.

    python benchmarks/trial.py

A bank of every parameter set is built once; then 10,000 trials of 200 patients with three looks at an ordinal
endpoint are drawn and analysed, and proportional-odds models with a covariate are fitted.  The peers' times were
published for other machines: they show the order of magnitude, no more.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from cordwise.bank.bank import PatientBank, build_bank
from cordwise.base.randomness import Streams
from cordwise.population.posterior import load_posterior
from cordwise.stats.ordinal import proportional_odds, score_test
from cordwise.stats.two_arm.trials import Trials
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.design.file import check_design
from cordwise.trial.enrol.enrolment import enrol
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.counterfactuals import bank_spec, scenario_counterfactuals
from cordwise.trial.observe.potential_outcomes import potential_outcomes_of
from cordwise.trial.plan.plan import TrialPlan, plan_trial

REPLICATES, PATIENTS, LOOKS = 10_000, 200, [66, 134, 200]
WORKERS = min(2, os.cpu_count() or 1)
PEERS = (  # seconds for 10,000 trials of 200 patients with 3 looks, CPU, as published; not run here
    ("rpact 3.3.4, means (stage statistics, no patients)", 0.13),
    ("rpact 3.3.4, survival (patient by patient)", 1.0),
    ("adaptr, binary, 5,000 posterior draws", 68.0),
    ("simtrial building blocks, log-rank", 200.0),
    ("statsmodels OrderedModel refitted at each look", 540.0),
)
FITS = (("R ordinal::clm", 2.9), ("R MASS::polr", 4.1), ("statsmodels OrderedModel", 18.0))  # ms a fit, as published


Done = TypeVar("Done")


def main() -> None:
    """Time the bank, the trials and the fits, and print them."""
    plan = _plan("score_test")
    bank, seconds = _timed(lambda: _bank(plan))
    print(f"bank of {len(bank)} patients with and without cells: {seconds:.1f} s")
    one_scenario = replace(plan, scenarios=plan.scenarios[1:])
    _timed(lambda: _simulate(one_scenario, bank, 200))
    for workers in sorted({1, WORKERS}):
        seconds = min(_timed(lambda w=workers: _simulate(one_scenario, bank, REPLICATES, w))[1] for _ in range(3))
        print(f"{REPLICATES} trials, {PATIENTS} patients, 3 looks, score test, {workers} thread(s): {seconds:.2f} s")
    print("published peers, other machines:")
    for name, peer in PEERS:
        print(f"  {name}: {peer:g} s, {peer / seconds:.3g} times ours")
    _time_fits(plan, bank)


def _time_fits(plan: TrialPlan, bank: PatientBank) -> None:
    expected = potential_outcomes_of(plan, bank, plan.scenarios[1])[0]
    trials = trials_of(plan, expected, enrol(plan, bank, Streams(3), name="fits", block=0, size=PATIENTS), 1)
    own, peer = min(_timed(lambda: proportional_odds(trials, alpha=0.05))[1] for _ in range(5)), _one_by_one(trials)
    each = 1e3 * own / len(trials.treated)
    print(f"proportional odds with a covariate, {PATIENTS} patients: {each:.3f} ms a fit")
    print(f"  SciPy BFGS, one at a time, same run: {peer:.2f} ms, {peer / each:.0f} times ours")
    for name, milliseconds in FITS:
        print(f"  {name} (published): {milliseconds:g} ms, {milliseconds / each:.0f} times ours")
    seconds = min(_timed(lambda: score_test(trials, alpha=0.05))[1] for _ in range(5))
    print(f"score test: {1e6 * seconds / len(trials.treated):.1f} microseconds a trial")


def _one_by_one(trials: Trials, count: int = 10) -> float:
    """Return the milliseconds a fit of one trial takes with a general optimiser."""
    _, seconds = _timed(lambda: [_fit(trials, replicate) for replicate in range(count)])
    return 1e3 * seconds / count


def _fit(trials: Trials, replicate: int) -> float:
    used = trials.analysed[replicate]
    x = np.column_stack([trials.treated[replicate][used], trials.baseline[replicate][used]]).astype(float)
    _, y = np.unique(trials.outcome[replicate][used], return_inverse=True)
    cuts = int(y.max())

    def loss(parameters: np.ndarray) -> float:
        inner = np.cumsum(np.r_[parameters[0], np.exp(parameters[1:cuts])])
        thresholds = np.r_[-np.inf, inner, np.inf]
        eta = x @ parameters[cuts:]
        chance = expit(thresholds[y + 1] - eta) - expit(thresholds[y] - eta)
        return -float(np.log(np.maximum(chance, 1e-300)).sum())

    return float(minimize(loss, np.r_[-1.0, np.zeros(cuts - 1), 0.0, 0.0], method="BFGS").x[cuts])


def _plan(analysis: str) -> TrialPlan:
    raw = {
        "name": "benchmark",
        "question": "How fast?",
        "population": {"grades": ["A", "B", "C"], "levels": "C1-C8", "baseline_day": [3, 14]},
        "arms": [
            {"name": "placebo", "control": "placebo"},
            {"name": "cells", "product": "allogeneic_msc", "route": "intravenous", "dose_cells": 1e8, "day": 14},
        ],
        "size": {"total": PATIENTS},
        "endpoints": [{"name": "grade", "measure": "ais_grade", "analysis": analysis, "day": 180}],
        "looks": {"patients": LOOKS},
        "scenarios": [{"name": "assumed", "description": "log odds rise", "assumed_log_odds": 1.0, "onset_days": 30}],
    }
    return plan_trial(check_design(raw, "benchmark"))


def _bank(plan: TrialPlan) -> PatientBank:
    cells = scenario_counterfactuals(plan, Streams(1))
    return build_bank(bank_spec(plan), load_posterior(), Streams(1), counterfactuals=cells)


def _simulate(plan: TrialPlan, bank: PatientBank, replicates: int, workers: int = 1) -> object:
    return simulate_replicates(prepare(plan, bank, Streams(2)), replicates=replicates, workers=workers)


def _timed(work: Callable[[], Done]) -> tuple[Done, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


if __name__ == "__main__":
    main()

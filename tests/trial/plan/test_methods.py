"""Every analysis a design can name meets trials it cannot analyse: no estimate, p = 1, and never a failure."""

import numpy as np
import pytest

from cordwise.stats.two_arm.trials import OrderedItems, Trials, Visits
from cordwise.trial.design.endpoints import Endpoint, Estimand
from cordwise.trial.design.rules.methods import BINARY
from cordwise.trial.plan.methods import METHODS, planned_method

REPLICATES, PATIENTS = 3, 12
UNUSABLE = ("no treated", "nobody")
FLAT = ("one value", "all flat")
THIN = ("no control", "one each", "two each", "no spread", "same baseline", "outcome is baseline", "own stratum")
UNSEEN = ("last visit unseen",)
STRATIFIABLE = ("ancova", "score_test", "proportional_odds")


def _trials(name, case):
    random = np.random.default_rng(0)
    shape, method = (REPLICATES, PATIENTS), METHODS[name]
    treated, analysed = np.tile(np.arange(PATIENTS) % 2 == 1, (REPLICATES, 1)), np.ones(shape, bool)
    is_binary = name in (*BINARY, "single_arm_exact")
    outcome = random.integers(0, 2 if is_binary else 5, shape).astype(float)
    baseline, stratum = random.integers(0, 5, shape).astype(float), random.integers(0, 3, shape)
    keep = {"no treated": ~treated, "no control": treated, "nobody": np.zeros(shape, bool)}
    first = {"one each": 2, "two each": 4}.get(case, PATIENTS)
    analysed &= keep.get(case, analysed) & (np.arange(PATIENTS) < first)
    if case in FLAT:
        outcome = np.ones(shape)
    if case == "no spread":
        outcome = treated.astype(float)
    if case in ("same baseline", "all flat"):
        baseline = np.full(shape, 3.0)
    if case == "outcome is baseline":
        outcome = (baseline > 2) * 1.0 if is_binary else baseline.copy()
    if case == "own stratum":
        stratum = np.tile(np.arange(PATIENTS), (REPLICATES, 1))
    trials = {"needs": method.needs, "case": case, "outcome": outcome, "treated": treated, "random": random}
    return Trials(treated, analysed, outcome, baseline, stratum, **_details(**trials))


def _details(needs, case, outcome, treated, random):
    if needs == "visits":
        wobble = 0 if case in (*FLAT, "no spread") else random.integers(0, 3, (*outcome.shape, 3))
        series = np.repeat(outcome[:, :, None], 3, axis=2) + wobble
        series[:, :, -1] = outcome
        seen = np.ones(series.shape, bool)
        seen[:, :, -1] = case != "last visit unseen"
        return {"visits": Visits(series, seen)}
    if needs == "components":
        return {"components": np.stack([outcome, outcome], axis=2)}
    if needs != "muscles":
        return {}
    before = random.integers(0, 6, (*outcome.shape, 2, 5))
    after = np.clip(before + random.integers(-1, 2, before.shape), 0, 5)
    if case in FLAT:
        after[:] = 2
    if case == "no spread":
        after = np.broadcast_to(np.where(treated, 4, 1)[:, :, None, None], before.shape).copy()
    return {"items": OrderedItems(before, after)}


def _analysed(name, case, **spec):
    return planned_method(_endpoint(name, **spec)).analyse(_trials(name, case), np.random.default_rng(1))


def _endpoint(analysis, **given):
    words = dict.fromkeys(("population", "treatment", "variable", "intercurrent_events", "summary"), "as stated")
    estimand = Estimand(**words, strategy="hypothetical")
    benchmark = {"benchmark": 0.5} if analysis == "single_arm_exact" else {}
    known = {"missing": "complete_case", **benchmark, **given}
    return Endpoint(name="E", measure="uems", day=1.0, analysis=analysis, estimand=estimand, **known)


@pytest.mark.parametrize("case", [*UNUSABLE, *FLAT, *THIN, *UNSEEN, "plain"])
@pytest.mark.parametrize("name", METHODS)
def test_what_an_analysis_cannot_do_it_leaves_out(name, case):
    for stratified in (False, True) if name in STRATIFIABLE else (False,):
        _is_honest(_analysed(name, case, stratified=stratified), case)


def _is_honest(found, case):
    missing = np.isnan(found.estimate)
    assert ((found.p >= 0) & (found.p <= 1)).all()
    assert (found.p[missing] == 1).all()
    assert not np.isinf(found.estimate).any()
    assert (found.low[~missing] <= found.estimate[~missing]).all()
    assert (found.estimate[~missing] <= found.high[~missing]).all()
    assert missing.all() or case not in UNUSABLE
    assert not (case == "plain" and missing.any())


@pytest.mark.parametrize("case", FLAT)
@pytest.mark.parametrize("name", [name for name in METHODS if name != "single_arm_exact"])
def test_trials_without_differences_never_reject(name, case):
    assert _analysed(name, case).p == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("case", ["no treated", "no control", "nobody", "two each", "one value", "all flat"])
@pytest.mark.parametrize("rule", ["multiple_imputation", "jump_to_reference", "copy_increments", "delta"])
def test_imputation_of_trials_without_an_arm_or_spread_gives_no_estimate_or_an_honest_one(rule, case):
    trials = _trials("mmrm", case)
    endpoint = _endpoint("ancova", missing=rule, imputations=2, delta_points=-1.0)
    found = planned_method(endpoint).analyse(trials, np.random.default_rng(1))
    missing = np.isnan(found.estimate)
    assert (found.p[missing] == 1).all()
    assert ((found.p >= 0) & (found.p <= 1)).all()
    assert missing.all() or case not in UNUSABLE


def test_a_batch_with_one_good_trial_analyses_it_alone_the_same():
    for name in METHODS:
        whole, some = _trials(name, "plain"), _trials(name, "plain")
        some.analysed[1:] = False
        method = planned_method(_endpoint(name))
        first, alone = (method.analyse(each, np.random.default_rng(1)) for each in (whole, some))
        assert alone.estimate[0] == pytest.approx(first.estimate[0], rel=1e-9), name
        assert alone.p[0] == pytest.approx(first.p[0], rel=1e-9), name
        assert np.isnan(alone.estimate[1:]).all()

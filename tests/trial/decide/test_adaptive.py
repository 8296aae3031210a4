"""Trials that change after their first look: the level holds, power and size move as each change intends."""

import numpy as np
import pytest

from cordwise.base.codec import to_plain
from cordwise.base.provenance import to_json
from cordwise.trial.decide.adaptive import run_adaptive
from trial_bank import (
    EFFECTS,
    SETS,
    THREE_ARMS,
    ais_endpoint,
    prepared_trial,
    shared_bank,
    synthetic_bank,
    uems_endpoint,
)

REPLICATES = 1500
ERROR = 4 * np.sqrt(0.025 * 0.975 / REPLICATES)
UEMS = [uems_endpoint(primary=True)]
GROWS = {"adaptation": {"kind": "sample_size", "at_patients": 60, "most_patients": 240}}
DROPS = {**THREE_ARMS, "adaptation": {"kind": "drop_arms", "at_patients": 90, "keep_above": 0.5}}
NARROWS = {"adaptation": {"kind": "enrichment", "at_patients": 60, "grades": ["C"]}}


def _run(replicates=REPLICATES, bank=None, **changes):
    changes = {"endpoints": UEMS, **changes}
    prepared = prepared_trial(bank=bank, **changes)
    return run_adaptive(prepared, prepared.plan.adaptation, replicates=replicates)


@pytest.mark.parametrize("change", [GROWS, DROPS, NARROWS], ids=["sample_size", "drop_arms", "enrichment"])
def test_a_trial_that_changes_keeps_its_level_and_finds_what_is_there(change):
    found = _run(**change)
    null, assumed = found.scenarios
    assert null.is_null
    assert null.reject_rate <= 0.025 + ERROR
    assert null.reject_rate >= 0.005
    assert assumed.reject_rate > 0.5
    assert 0 < null.changed < 1
    assert "NaN" not in to_json(to_plain(found))


def test_a_promising_trial_grows_and_gains_power():
    half = {"scenarios": [{"name": "half", "description": "d", "assumed_log_odds": 0.5, "onset_days": 30}]}
    bank = synthetic_bank({"half: cells": (2.0, 0.1)})
    grown = _run(bank=bank, **GROWS, **half).scenarios[1]
    never = {"adaptation": {**GROWS["adaptation"], "most_patients": 121}}
    fixed = _run(bank=bank, **never, **half).scenarios[1]
    assert 120 < grown.expected_n < 240
    assert fixed.expected_n <= 121
    assert grown.reject_rate > fixed.reject_rate + 2 * grown.mcse


def test_dropped_arms_spare_patients_and_the_better_arm_is_found():
    null, assumed = _run(**DROPS).scenarios
    assert null.expected_n < 180
    low, high = assumed.by_hypothesis
    assert high > low + 0.3
    assert null.changed > assumed.changed * 0.9


def test_entry_narrows_where_only_some_gain_and_the_subgroup_is_found_then():
    null, assumed = _run(**NARROWS).scenarios
    everyone, subgroup = assumed.by_hypothesis
    assert max(everyone, subgroup) <= assumed.reject_rate <= everyone + subgroup
    assert null.expected_n < assumed.expected_n <= 120  # it stops where neither gains


@pytest.mark.parametrize("change", [GROWS, DROPS, NARROWS], ids=["sample_size", "drop_arms", "enrichment"])
def test_replicates_do_not_depend_on_how_many_are_asked_for(change):
    some, more = (_run(replicates=rounds * SETS, **change).scenarios for rounds in (6, 7))
    for before, after in zip(some, more, strict=True):
        rejections = (7 * after.reject_rate - 6 * before.reject_rate) * SETS
        assert rejections == pytest.approx(round(rejections), abs=1e-9)
        assert 0 <= round(rejections) <= SETS
        assert 60 - 1e-6 <= 7 * after.expected_n - 6 * before.expected_n <= 240 + 1e-6


def test_tiny_trials_that_change_are_never_fatal():
    lossy = {"rate": 0.9, "source": "s"}
    tiny = {"size": {"total": 12}, "dropout": lossy, "endpoints": [ais_endpoint(missing="complete_case", estimand={})]}
    for change in (
        {"kind": "sample_size", "at_patients": 6, "most_patients": 20},
        {"kind": "enrichment", "at_patients": 6, "grades": ["A"]},
    ):
        found = _run(replicates=50, adaptation=change, **tiny)
        assert all(0 <= each.reject_rate <= 0.3 for each in found.scenarios)
    assert set(EFFECTS) == set(shared_bank().outcomes) - {"control"}

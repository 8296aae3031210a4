from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.population.case_mix.weights import BaselineTable, balance
from cordwise.population.target_predictions import predict_targets
from small_population import small_fit

POPULATION = small_fit(between=0.3).unseen
SYGEN = tuple(target for target in packaged_targets() if "Sygen tables" in target.source)
AT_ENTRY = tuple(target for target in SYGEN if target.followup_day <= 7)
LATER = tuple(target for target in SYGEN if target.followup_day > 7)


def stated(target, **changes):
    """A row of a source that cordwise does not know, whose baseline examination is on days 3 to 10."""
    return replace(target, source="a registry", baseline_day_min=3.0, baseline_day_max=10.0, **changes)


@pytest.fixture(scope="module")
def checks():
    return {
        name: predict_targets(LATER, POPULATION, Streams(5), draws=3, patients=3000, case_mix=mix)
        for name, mix in (("as it is", None), ("balanced", BaselineTable(AT_ENTRY)))
    }


@given(st.integers(0, 2**32 - 1), st.floats(-0.5, 0.5))
@settings(max_examples=20, deadline=None)
def test_balanced_weights_are_positive_average_one_and_meet_the_wanted_mean(seed, wanted):
    values = np.random.default_rng(seed).normal(size=400)
    weights = balance((values - wanted)[:, None], np.array([1e-6]))
    assert (weights > 0).all()
    assert weights.mean() == pytest.approx(1.0)
    assert np.average(values, weights=weights) == pytest.approx(wanted, abs=1e-3)


def test_a_condition_that_already_holds_leaves_all_weights_alike():
    values = np.array([-1.0, 1.0, -2.0, 2.0])
    np.testing.assert_allclose(balance(values[:, None], np.array([0.1])), 1.0, atol=1e-6)


def test_a_row_of_few_people_bends_the_population_less_than_a_row_of_many():
    values = np.random.default_rng(1).normal(size=1000)
    conditions = (values - 1.0)[:, None]
    few, many = (np.average(values, weights=balance(conditions, np.array([error]))) for error in (2.0, 0.05))
    assert 0 < few < many < 1.01


def test_the_balanced_population_looks_at_entry_as_the_table_says(checks):
    entry = checks["balanced"].entry
    published = np.array([row.value for row in AT_ENTRY])
    error = np.array([row.sd / np.sqrt(row.n) for row in AT_ENTRY])
    missed = np.abs(entry.weighted - published)
    assert (missed < 1.5 * error + 0.1).mean() > 0.8  # not every registry simulated holds such people
    assert missed.mean() < 0.5 * np.abs(entry.unweighted - published).mean()
    assert (np.abs(entry.unweighted - published) > 2 * error).any()
    assert 0.3 < entry.effective_share < 1


def test_matching_the_case_mix_at_entry_brings_another_registrys_week_four_nearer(checks):
    before, after = checks["as it is"].rmse(), checks["balanced"].rmse()
    assert after["uems"] < 0.7 * before["uems"]
    assert after["light_touch"] < 0.8 * before["light_touch"]


def test_shares_of_grades_and_levels_are_met():
    grade = replace(
        stated(AT_ENTRY[0]), measure="ais", category="A", category_low=0, category_high=0, baseline_ais="A-D",
        baseline_grade_low=0, baseline_grade_high=3, value=0.6, sd=np.nan, n=500, followup_day=5.0, target_id="grade",
    )  # fmt: skip
    levels = replace(grade, category="A-D", category_high=3, value=0.8, target_id="levels")
    mix = BaselineTable((grade, levels))
    asked = [replace(grade, followup_day=365.0)]
    entry = predict_targets(asked, POPULATION, Streams(5), draws=2, patients=2000, case_mix=mix).entry
    assert entry.weighted[0] == pytest.approx(0.6, abs=0.03)
    assert entry.weighted[1] == pytest.approx(0.8, abs=0.03)


def test_rows_that_are_no_finding_at_entry_are_refused_together():
    late = replace(LATER[0], source="a registry", target_id="late")
    change = stated(AT_ENTRY[0], measure="uems_change", followup_day=5.0, target_id="change")
    with pytest.raises(InputError) as caught:
        BaselineTable((late, change))
    assert [fault.where for fault in caught.value.faults] == [
        "case mix, late, followup_day",
        "case mix, change, measure",
    ]

"""A bank drawn so that those who enter resemble a published baseline table."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.bank import bank
from cordwise.bank.bank import CONTROL, BankSpec, build_bank
from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.isncsci import AIS, level_index
from cordwise.population.case_mix.entry_match import Weighed, entry_match, low_variance_sample
from cordwise.population.case_mix.weights import BaselineTable
from small_population import small_fit

SPEC = BankSpec(
    grades=(AIS.A, AIS.B, AIS.C),
    levels=(level_index("C3"), level_index("T10")),
    age_years=(18.0, 70.0),
    baseline_day=(10.0, 20.0),
    visits=(90.0, 183.0),
    people=50,
    groups=2,
    sets=6,
)
SHARE = {"measure": "ais", "category_low": 0, "statistic": "share", "sd": np.nan}
WEAK = {
    "source": "a registry", "baseline_ais": "A-C", "baseline_grade_low": 0, "baseline_grade_high": 2,
    "levels": "C3-T10", "level_first": SPEC.levels[0], "level_last": SPEC.levels[1], "baseline_day_min": 10.0,
    "baseline_day_max": 20.0, "followup_day": 20.0, "measure": "uems", "category": "", "category_low": 0,
    "category_high": 4, "is_improvement": False, "statistic": "mean", "value": 24.0, "sd": 16.0, "n": 150.0,
    "target_id": "uems",
}  # fmt: skip

POPULATION = small_fit(between=0.3).unseen


def row(**changes):
    """Return a row of a baseline table: by default the UEMS of everybody who enters."""
    return replace(packaged_targets()[0], **(WEAK | changes))


COMPLETE = row(
    **SHARE, target_id="A", category="A", category_high=0, baseline_ais="A", baseline_grade_high=0, value=0.7, n=400.0
)
CERVICAL = row(
    **SHARE, target_id="C", category="A-C", category_high=2, levels="C3-C8", level_last=level_index("C8"), value=0.8,
    n=400.0,
)  # fmt: skip
TABLE = BaselineTable((row(), COMPLETE, CERVICAL))


@pytest.fixture(scope="module")
def matched():
    return build_bank(replace(SPEC, case_mix=TABLE), POPULATION, Streams(3))


def test_a_bank_drawn_to_a_table_looks_like_it_at_entry(matched):
    def seen(bank):
        uems = bank.outcomes[CONTROL].uems[:, 0]
        shares = ((bank.baseline_ais == AIS.A).mean(), (bank.neurological_level <= level_index("C8")).mean())
        return np.array([uems.mean(), uems.std(), *shares])

    wanted, tolerance = np.array([24.0, 16.0, 0.7, 0.8]), np.array([2.0, 2.0, 0.05, 0.05])
    assert (np.abs(seen(matched) - wanted) < tolerance).all()
    before = [each.unweighted for each in matched.case_mix.rows]
    assert (np.abs(np.array(before) - wanted[[0, 2, 3]]) > tolerance[[0, 2, 3]]).all()
    assert (matched.examination_day[:, 0] >= 10).all()
    assert np.isin(matched.baseline_ais, SPEC.grades).all()


def test_every_parameter_set_gives_the_same_number_so_that_the_match_does_not_choose_among_them(matched):
    _, counts = np.unique(matched.parameter_draw, return_counts=True)
    assert counts.tolist() == [2 * 50] * 6


def test_no_person_stands_in_two_groups_however_often_in_one(matched):
    groups = [set(group) for by_set in matched.ids[matched.rows].tolist() for group in by_set]
    assert len(set().union(*groups)) == sum(map(len, groups)) <= len(matched)
    assert matched.distinct_patients == sum(map(len, groups))


def test_the_bank_says_how_well_it_matches_and_how_many_still_count(matched):
    found = matched.case_mix
    assert 0.05 < found.effective_share < 1
    rows = {each.target_id: each for each in found.rows}
    assert rows["A"].observed == 0.7
    assert rows["A"].weighted == pytest.approx((matched.baseline_ais == AIS.A).mean(), abs=0.02)
    assert abs(rows["A"].weighted - 0.7) < abs(rows["A"].unweighted - 0.7)


def test_few_who_enter_are_not_drawn_more_often_than_they_are_worth():
    strong = row(target_id="strong", value=36.0, sd=8.0, n=1000.0)
    low = (level_index("C6"), level_index("C7"))
    table = BaselineTable((strong,))
    spec = replace(SPEC, levels=low, grades=(AIS.B,), sets=2, groups=1, people=200, case_mix=table)
    drawn = build_bank(spec, POPULATION, Streams(3))
    ids, counts = np.unique(drawn.ids, return_counts=True)
    assert drawn.outcomes[CONTROL].uems[:, 0].mean() == pytest.approx(36, abs=1.5)
    assert 1 < counts.max() < 10
    assert len(ids) > 200
    assert drawn.distinct_patients == len(ids)
    for patient in ids[counts > 1][:5]:
        grades = drawn.outcomes[CONTROL].muscles[drawn.ids == patient]
        assert (grades == grades[0]).all()


def test_a_row_without_spread_or_number_is_met_as_well_as_its_kind_allows():
    bare = row(sd=np.nan, n=np.nan, value=28.0)
    drawn = build_bank(replace(SPEC, case_mix=BaselineTable((bare,))), POPULATION, Streams(3))
    assert drawn.case_mix.rows[0].weighted == pytest.approx(28.0, abs=1.0)


def test_a_table_that_hardly_anybody_resembles_is_refused_with_the_row_that_is_furthest_off():
    neck = {"levels": "C3-C8", "level_last": level_index("C8")}
    strange = row(target_id="strong", value=49.0, sd=1.0, n=5000.0, **neck)
    spec = replace(SPEC, case_mix=BaselineTable((COMPLETE, CERVICAL, strange)))
    with pytest.raises(InputError, match="Furthest off is strong, uems 49") as raised:
        build_bank(spec, POPULATION, Streams(3))
    assert "case mix, strong, value" in [fault.where for fault in raised.value.faults]


def test_rows_about_people_who_cannot_enter_are_refused_together():
    late = row(target_id="late", baseline_day_min=300.0, baseline_day_max=400.0, followup_day=365.0)
    low = row(target_id="low", levels="L1-S1", level_first=level_index("L1"), level_last=level_index("S1"))
    motor = row(target_id="D", baseline_ais="D", baseline_grade_low=3, baseline_grade_high=3)
    with pytest.raises(InputError) as raised:
        build_bank(replace(SPEC, case_mix=BaselineTable((late, low, motor))), POPULATION, Streams(3))
    assert [fault.where for fault in raised.value.faults] == [
        "case mix, late, baseline_day_min",
        "case mix, low, levels",
        "case mix, D, baseline_ais",
    ]


@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.floats(0, 1, exclude_max=True))
@settings(max_examples=25, deadline=None)
def test_a_low_variance_sample_draws_each_patient_within_one_of_the_expected_number(seed, count, start):
    weights = np.random.default_rng(seed).gamma(0.5, size=120)
    drawn = np.bincount(low_variance_sample(weights, count, start), minlength=120)
    assert drawn.sum() == count
    assert (np.abs(drawn - count * weights / weights.sum()) < 1 + 1e-9).all()


@pytest.fixture
def crowded(monkeypatch):
    """A bank of whose six parameter sets two are carried by a handful: more people must count than these have."""
    whole = [each.effective for each in _weighed(monkeypatch)]
    least = (sorted(whole)[1] + sorted(whole)[2]) / 2
    monkeypatch.setattr(Weighed, "is_usable", property(lambda each: each.effective > least))
    return build_bank(replace(SPEC, case_mix=TABLE), POPULATION, Streams(3)), np.array(whole) > least


def _weighed(monkeypatch):
    seen = []
    with monkeypatch.context() as patched:
        patched.setattr(bank, "entry_match", lambda table, weighed: seen.extend(weighed) or entry_match(table, weighed))
        build_bank(replace(SPEC, case_mix=TABLE), POPULATION, Streams(3))
    return seen


def test_a_set_that_only_a_handful_carry_gives_nobody_and_the_others_stay_as_they_are(matched, crowded):
    fewer, kept = crowded
    assert fewer.sets == kept.sum() == fewer.case_mix.effective_sets == 4
    assert fewer.case_mix.sets == 6
    assert fewer.set_numbers == tuple(np.array(matched.set_numbers)[kept])
    np.testing.assert_array_equal(fewer.ids, matched.ids[matched.rows[kept]].ravel())


def test_a_bank_of_some_sets_has_their_people_only(matched):
    chosen = matched.set_numbers[1::2]
    fewer = matched.of_sets(chosen)
    assert fewer.set_numbers == chosen
    assert len(fewer) == len(matched) // 2 == len(fewer.outcomes[CONTROL].uems) == len(fewer.dose_day[CONTROL])
    np.testing.assert_array_equal(fewer.ids, matched.ids[matched.rows[1::2]].ravel())
    assert matched.of_sets(matched.set_numbers) is matched

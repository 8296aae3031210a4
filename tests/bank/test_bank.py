from dataclasses import fields, replace

import numpy as np
import polars as pl
import pytest

from cordwise.bank.bank import CONTROL, BankSpec, build_bank, read_bank, write_bank
from cordwise.base.errors import InputError, ModelError
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import with_assumed_effect
from cordwise.patient.outcomes import self_care_part
from cordwise.population.posterior import load_posterior
from trial_bank import synthetic_bank

SPEC = BankSpec(
    grades=(AIS.A, AIS.B),
    levels=(level_index("C4"), level_index("T10")),
    age_years=(18.0, 65.0),
    baseline_day=(14.0, 28.0),
    visits=(90.0, 183.0),
    patients=300,
)
MEASURES = ("ais", "uems", "lems", "light_touch", "pin_prick", "scim")


@pytest.fixture(scope="module")
def bank():
    effects = {"effect": with_assumed_effect(1.0, dose_day=30.0, onset_days=40.0)}
    return build_bank(SPEC, load_posterior(), Streams(7), counterfactuals=effects)


def test_everyone_in_the_bank_meets_the_entry_criteria(bank):
    assert len(bank) == SPEC.patients
    assert np.isin(bank.baseline_ais, SPEC.grades).all()
    assert ((bank.neurological_level >= SPEC.levels[0]) & (bank.neurological_level <= SPEC.levels[1])).all()
    assert ((bank.age_years >= 18) & (bank.age_years < 66)).all()
    assert ((bank.baseline_day >= 14) & (bank.baseline_day <= 28)).all()
    np.testing.assert_array_equal(bank.outcomes[CONTROL].ais[:, 0], bank.baseline_ais)


def test_nothing_differs_until_the_effect_begins(bank):
    for measure in MEASURES:
        control, treated = (getattr(bank.outcomes[name], measure) for name in (CONTROL, "effect"))
        np.testing.assert_array_equal(control[:, 0], treated[:, 0])
    assert bank.outcomes["effect"].uems[:, 2].mean() > bank.outcomes[CONTROL].uems[:, 2].mean()
    assert bank.outcomes["effect"].ais[:, 2].mean() > bank.outcomes[CONTROL].ais[:, 2].mean()


def test_muscles_add_up_to_the_scores_and_reach_the_motor_level(bank):
    found = bank.outcomes[CONTROL]
    assert found.muscles.dtype == np.int8
    assert found.muscles.shape == (*found.uems.shape, 2, 10)
    np.testing.assert_array_equal(found.muscles[..., :5].sum(axis=(2, 3)), found.uems)
    np.testing.assert_array_equal(found.muscles[..., 5:].sum(axis=(2, 3)), found.lems)
    np.testing.assert_array_equal(found.muscles[..., 5:].sum(axis=3).min(axis=2), found.weaker_leg)
    # The level of a side is its lowest muscle of grade 3 or more with normal muscles above, so that those are all 5.
    in_arms = (found.motor_level >= level_index("C5")) & (found.motor_level <= level_index("T1"))
    at = np.clip(found.motor_level - level_index("C5"), 0, 4).astype(int)
    grade = np.take_along_axis(found.muscles, at[..., None], axis=3)[..., 0]
    above = np.arange(10) < at[..., None]
    assert in_arms.any()
    assert (grade[in_arms] >= 3).all()
    assert (found.muscles[in_arms][above[in_arms]] == 5).all()
    assert (found.neurological_level <= found.motor_level.min(axis=2)).all()


def test_self_care_is_a_part_of_the_whole_that_grows_with_it_and_with_the_arms(bank):
    found = bank.outcomes[CONTROL]
    assert ((found.self_care >= 0) & (found.self_care <= 20)).all()
    assert (found.self_care <= found.scim).all()
    assert (found.scim - found.self_care <= 80).all()
    whole, arms = np.meshgrid(np.arange(101.0), np.arange(51), indexing="ij")
    part = self_care_part(whole, arms)
    assert (np.diff(part, axis=0) >= 0).all()
    assert (np.diff(part, axis=1) >= 0).all()
    assert (np.diff(whole - part, axis=0) >= -1).all()  # of two rounded numbers
    assert part[100, 50] == 20
    assert part[0].max() == 0


def test_the_same_seed_writes_the_same_bytes(bank, tmp_path):
    effects = {"effect": with_assumed_effect(1.0, dose_day=30.0, onset_days=40.0)}
    again = build_bank(SPEC, load_posterior(), Streams(7), counterfactuals=effects)
    write_bank(bank, tmp_path / "one.parquet")
    write_bank(again, tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_bank_comes_back_from_its_file(bank, tmp_path):
    write_bank(bank, tmp_path / "bank.parquet")
    again = read_bank(tmp_path / "bank.parquet")
    assert again.days == bank.days
    assert again.record == bank.record
    assert again.record.seed == 7
    np.testing.assert_array_equal(again.sex, bank.sex)
    np.testing.assert_array_equal(again.ids, bank.ids)
    np.testing.assert_array_equal(again.examination_day, bank.examination_day)
    for name, outcomes in bank.outcomes.items():
        np.testing.assert_array_equal(again.dose_day[name], bank.dose_day[name])
        for field in fields(outcomes):
            kept, read = getattr(outcomes, field.name), getattr(again.outcomes[name], field.name)
            assert read.dtype == kept.dtype
            np.testing.assert_array_equal(read, kept)


def test_a_file_that_is_no_bank_of_this_version_is_refused_with_all_that_is_missing(bank, tmp_path):
    write_bank(bank, tmp_path / "bank.parquet")
    record = pl.read_parquet_metadata(tmp_path / "bank.parquet")["cordwise"]
    table = pl.read_parquet(tmp_path / "bank.parquet")
    old = table.drop("control.muscles", "effect.dose_day").with_columns(pl.col("age_years").cast(pl.String))
    old.write_parquet(tmp_path / "old.parquet", metadata={"cordwise": record})
    with pytest.raises(InputError) as raised:
        read_bank(tmp_path / "old.parquet")
    told = str(raised.value)
    assert len(raised.value.faults) == 3
    for part in ("control.muscles: expected this column", "effect.dose_day", "age_years: expected a column of Float64"):
        assert part in told
    table[:1].with_columns(pl.lit(None, pl.Float64).alias("age_years")).write_parquet(
        tmp_path / "gaps.parquet", metadata={"cordwise": record}
    )
    with pytest.raises(InputError, match="age_years: expected a value for every patient, found gaps"):
        read_bank(tmp_path / "gaps.parquet")


def test_a_file_from_elsewhere_is_refused(bank, tmp_path):
    (tmp_path / "text.parquet").write_text("not a table")
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "foreign.parquet")
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "empty.parquet", metadata={"cordwise": "{}"})
    for name, found in {
        "nothing": "no such file",
        "text.parquet": "not Parquet",
        "foreign.parquet": "without the record of a bank",
        "empty.parquet": "its record: expected a value",
    }.items():
        with pytest.raises(InputError, match=found):
            read_bank(tmp_path / name)


def test_a_larger_bank_begins_with_the_patients_of_a_smaller_one(bank):
    small = build_bank(replace(SPEC, patients=50), load_posterior(), Streams(7))
    np.testing.assert_array_equal(small.outcomes[CONTROL].lems, bank.outcomes[CONTROL].lems[:50])


def test_each_visit_falls_on_a_day_of_its_own_within_its_window_with_cells_and_without_alike(bank):
    spec = replace(SPEC, visit_window_days=(14.0, 0.0))
    effects = {"effect": with_assumed_effect(1.0, dose_day=30.0, onset_days=40.0)}
    wide = build_bank(spec, load_posterior(), Streams(7), counterfactuals=effects)
    first, second = wide.examination_day[:, 1], wide.examination_day[:, 2]
    assert first.min() < 78 < 102 < first.max()
    assert ((first >= 76) & (first <= 104)).all()
    assert abs(first.mean() - 90) < 4 * (28 / np.sqrt(12 * SPEC.patients))
    assert (second == 183).all()
    # The window of one visit leaves every other examination as it was.
    np.testing.assert_array_equal(wide.ids, bank.ids)
    for name in effects:
        np.testing.assert_array_equal(wide.outcomes[name].muscles[:, [0, 2]], bank.outcomes[name].muscles[:, [0, 2]])
    unmoved = wide.outcomes["effect"].uems[:, 1] - wide.outcomes[CONTROL].uems[:, 1]
    assert unmoved.mean() > 0
    assert (bank.outcomes[CONTROL].uems[:, 1] != wide.outcomes[CONTROL].uems[:, 1]).any()


def test_windows_that_do_not_fit_the_visits_are_refused_together():
    spec = replace(SPEC, visit_window_days=(70.0, -1.0))
    with pytest.raises(InputError) as raised:
        build_bank(spec, load_posterior(), Streams(7))
    assert ["visit on day 90" in str(raised.value), "days of 0 or more" in str(raised.value)] == [True, True]
    with pytest.raises(InputError, match="1 for 2 visits"):
        build_bank(replace(SPEC, visit_window_days=(5.0,)), load_posterior(), Streams(7))


def test_the_bank_says_who_got_a_first_dose_and_when(bank):
    assert np.isnan(bank.dose_day[CONTROL]).all()
    assert (bank.dose_day["effect"] == 30).all()


def test_criteria_that_nobody_meets_are_said_so(monkeypatch):
    import cordwise.bank.bank as module

    monkeypatch.setattr(module, "_MAX_BLOCKS_WITHOUT_A_PATIENT", 1)
    nobody = BankSpec((AIS.A,), (0, 0), (93.99, 94.0), (20.0, 20.0), (90.0,), 10)
    with pytest.raises(ModelError, match="entry criteria that some patients meet"):
        build_bank(nobody, load_posterior(), Streams(7))


def test_the_made_up_bank_of_the_trial_tests_is_as_coherent_and_as_complete_as_a_simulated_one(bank, tmp_path):
    made_up = synthetic_bank({"effect": (3.0, 0.2)}, patients=200)
    for outcomes in made_up.outcomes.values():
        np.testing.assert_array_equal(outcomes.muscles[..., :5].sum(axis=(2, 3)), outcomes.uems)
        np.testing.assert_array_equal(outcomes.muscles[..., 5:].sum(axis=(2, 3)), outcomes.lems)
        assert outcomes.muscles.max() <= 5
    write_bank(made_up, tmp_path / "made-up.parquet")
    assert read_bank(tmp_path / "made-up.parquet").dose_day.keys() == bank.dose_day.keys()

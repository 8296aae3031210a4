import numba
import numpy as np
import pytest

from cordwise.appraise.run import appraise_study
from cordwise.appraise.study import read_study
from cordwise.base.provenance import to_json
from cordwise.population.natural_recovery import Effort
from paths import ROOT

STUDIES = ROOT / "studies"
SMALL = Effort(draws=8, patients=2_000)


def appraised(name, *, threads=1, seed=1):
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    try:
        return appraise_study(read_study(STUDIES / f"{name}.toml"), seed=seed, quiet=True, effort=SMALL)
    finally:
        numba.set_num_threads(before)


@pytest.fixture(scope="module")
def sapporo():
    return appraised("honmou2021")


@pytest.fixture(scope="module")
def keio():
    return appraised("keio_ips2025")


def test_the_same_seed_gives_the_same_bytes_whatever_the_number_of_threads(keio):
    assert to_json(appraised("keio_ips2025", threads=2)) == to_json(keio)


@pytest.mark.slow
def test_another_seed_gives_other_numbers(keio):
    assert to_json(appraised("keio_ips2025", seed=2)) != to_json(keio)


def test_more_severe_injuries_improve_less_often_without_cells(sapporo):
    chances = [row["probability"] for row in sapporo["arms"][0]["by_grade"]]
    assert chances == sorted(chances)


def test_the_expected_number_is_the_sum_over_grades_and_the_mean_of_its_distribution(sapporo):
    (arm,) = sapporo["arms"]
    assert arm["expected_improved"] == pytest.approx(sum(row["expected"] for row in arm["by_grade"]), rel=1e-6)
    assert arm["expected_improved"] == pytest.approx(np.dot(arm["distribution"], range(14)), rel=1e-6)


def test_a_later_baseline_leaves_less_to_recover(sapporo):
    expected = [point["expected"] for point in sapporo["baseline_day_curve"]]
    assert expected[0] > expected[3] > expected[-1]


def test_improvement_without_cells_grows_with_follow_up(sapporo):
    for series in sapporo["timeline"]["series"]:
        assert series["share"][-1] > series["share"][0]


def test_four_patients_with_two_improved_are_within_natural_recovery(keio):
    assert keio["verdict"] == "within"
    assert keio["bias"]["misgrading"]["explains_at"] == 0.0


def test_the_answer_says_the_numbers_of_the_result(sapporo):
    (arm,) = sapporo["arms"]
    assert f"{arm['expected_improved']:.1f} are expected to improve without cells" in sapporo["answer"]
    assert "no control group" in sapporo["answer"]


def test_a_dose_six_weeks_after_injury_hardly_informs_the_translation(sapporo):
    found = sapporo["translation"]
    assert 0.7 < (found["high95"] - found["low95"]) / (found["prior"]["high95"] - found["prior"]["low95"]) < 1.3


def test_both_cords_of_the_picture_are_the_same_until_the_cells_are_given(sapporo):
    patient = sapporo["patient"]
    before = [place for place, day in enumerate(patient["days"]) if day < patient["regimen"]["doses"][0]["day"]]
    for field, values in patient["fields"]["without"].items():
        np.testing.assert_allclose(
            np.array(values)[before], np.array(patient["fields"]["with"][field])[before], atol=5e-3, err_msg=field
        )
    assert patient["scores"]["without"]["ais"][0] == patient["scores"]["with"]["ais"][0]


def test_recalled_and_seen_sources_are_marked_apart(sapporo):
    assert {source["status"] for source in sapporo["study"]["sources"]} == {"seen", "recalled"}
    by_what = {row["what"]: row["status"] for row in sapporo["assumptions"]}
    assert by_what["Who entered, by grade"] == "recalled"
    assert by_what["Neurological levels"] == "seen"

import json
from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.evidence import Targets, packaged_targets
from cordwise.population.check import check_population, check_targets, summary
from cordwise.population.posterior import load_posterior
from paths import ROOT

TARGETS = tuple(packaged_targets())
BASELINE = ROOT / "tests" / "baseline" / "population.json"


@pytest.fixture(scope="module")
def small_check():
    return check_population(TARGETS, load_posterior(), Streams(11), draws=12, patients=2500)


def test_the_fit_that_ships_is_as_good_as_its_log_says(small_check):
    logged, found = load_posterior().log["rmse_after"], small_check.rmse()
    for measure, error in logged.items():
        assert found[measure] < 1.25 * error + small_check.mcse.mean() * (measure != "ais"), measure


def test_the_model_beats_the_guess_that_nobody_changes(small_check):
    model, still = small_check.rmse(), small_check.rmse(small_check.unchanged)
    for measure in model:
        assert model[measure] < 0.7 * still[measure], measure


def test_intervals_hold_most_of_what_they_were_fitted_to(small_check):
    assert 0.85 < small_check.coverage95 <= 1.0


def test_the_summary_has_not_moved(small_check):
    kept = json.loads(BASELINE.read_text())
    found = small_check.as_json()["summary"]
    assert found["n"] == kept["n"]
    for measure, error in kept["rmse"].items():
        assert found["rmse"][measure] == pytest.approx(error, rel=0.02), measure
    assert found["coverage95"] == pytest.approx(kept["coverage95"], abs=0.02)


def test_the_same_seed_gives_the_same_check():
    few = TARGETS[:3]
    one, two = (check_population(few, load_posterior(), Streams(4), draws=2, patients=300) for _ in range(2))
    assert one.as_json() == two.as_json()


def test_a_target_that_no_simulated_patient_meets_is_left_open():
    nobody = replace(TARGETS[0], level_first=1, level_last=0, source="somebody")
    found = check_population([nobody], load_posterior(), Streams(4), draws=1, patients=50).as_json()
    assert found["targets"][0]["predicted"] is None
    assert found["summary"]["n_predicted"] == 0
    json.dumps(found, allow_nan=False)


def test_changes_and_late_baselines_are_predicted():
    asked = [
        replace(
            TARGETS[0],
            source="somebody",
            measure="uems_change",
            baseline_day_min=d,
            baseline_day_max=d,
            followup_day=d + 180,
        )
        for d in (0.0, 700.0)
    ]
    found = check_population(asked, load_posterior(), Streams(4), draws=2, patients=1500)
    early, late = found.predicted
    assert early > late
    assert abs(late) < 2
    np.testing.assert_array_equal(found.unchanged, 0)


def test_the_result_of_a_file_of_targets_has_the_form_that_reports_read():
    result = check_targets(Targets.of(TARGETS[:4]), seed=3, draws=4, patients=800, quiet=True)
    assert result["kind"] == "population_check"
    assert set(result["targets"][0]) >= {"target_id", "observed", "predicted", "low95", "high95", "n", "measure"}
    row = result["targets"][0]
    assert row["low95"] <= row["predicted"] <= row["high95"]
    assert result["summary"]["n"] == 4
    assert "inside their 95 % predictive interval" in summary(result)

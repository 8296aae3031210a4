import json
import re
from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.evidence import Targets, packaged_targets, read_targets
from cordwise.evidence.targets import targets_text
from cordwise.population import target_predictions
from cordwise.population.check import check_population
from cordwise.population.posterior import load_posterior
from cordwise.population.registries import registry_of
from cordwise.population.target_predictions import predict_targets
from cordwise.present.presenters import read_result, report_html
from paths import ROOT
from small_population import small_fit

TARGETS = tuple(packaged_targets())
BASELINE = ROOT / "tests" / "baseline" / "population.json"


@pytest.fixture(scope="module")
def small_check():
    return predict_targets(TARGETS, load_posterior(), Streams(11), draws=200, patients=150)


@pytest.fixture(scope="module")
def home_check():
    home = [target for target in TARGETS if registry_of(target) == "EMSCI"]
    return predict_targets(home, load_posterior("EMSCI"), Streams(11), draws=200, patients=150)


def test_a_registry_that_was_fitted_is_met_more_closely_as_itself_than_as_one_not_yet_seen(home_check, small_check):
    is_home = np.array([registry_of(target) == "EMSCI" for target in TARGETS])
    own, unseen = home_check.rmse(), small_check.rmse(np.where(is_home, small_check.predicted, np.nan))
    goals = {"uems": 3.0, "lems": 3.0, "light_touch": 5.0, "pin_prick": 5.0, "scim": 6.0, "wisci": 1.5, "ais": 0.1}
    for measure, goal in goals.items():
        assert own[measure] < goal, measure
        assert own[measure] < 1.3 * unseen[measure], measure
    widths = home_check.high95 - home_check.low95, (small_check.high95 - small_check.low95)[is_home]
    assert np.median(widths[0]) < 0.9 * np.median(widths[1])
    assert all(parts.registry == 0 for parts in home_check.parts)


def test_the_model_beats_the_guess_that_nobody_changes(small_check):
    model, still = small_check.rmse(), small_check.rmse(small_check.unchanged)
    for measure in model:
        assert model[measure] < 0.85 * still[measure], measure


def test_intervals_hold_most_of_what_they_were_fitted_to(small_check):
    assert 0.85 < small_check.coverage95 <= 1.0


def test_the_summary_of_a_fit_made_by_hand_has_not_moved():
    # Not that of the fit that ships: the model is to stand still, and not its parameters.
    check = predict_targets(TARGETS, small_fit(100, between=0.3).unseen, Streams(11), draws=200, patients=100)
    kept, found = json.loads(BASELINE.read_text()), check.rmse()
    assert len(check.targets) == kept["n"]
    for measure, error in kept["rmse"].items():
        assert found[measure] == pytest.approx(error, rel=0.02), measure
    assert check.coverage95 == pytest.approx(kept["coverage95"], abs=0.02)


@pytest.mark.parametrize("at_once", [100, 37])
def test_a_check_does_not_depend_on_how_many_are_examined_at_a_time(monkeypatch, at_once):
    few = (*TARGETS[:3], *(target for target in TARGETS if "Sygen" in target.source and target.measure == "uems"))
    whole = predict_targets(few, load_posterior(), Streams(2), draws=7, patients=60)
    monkeypatch.setattr(target_predictions, "_AT_ONCE", at_once)
    parts = predict_targets(few, load_posterior(), Streams(2), draws=7, patients=60)
    for name in ("predicted", "low95", "high95", "unchanged", "mcse"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name), err_msg=name)


def test_an_interval_is_no_wider_because_few_people_stand_behind_each_parameter_set():
    asked = [target for target in TARGETS if target.measure in ("uems", "lems")]
    few, many = (
        predict_targets(asked, load_posterior(), Streams(4), draws=200, patients=patients) for patients in (60, 240)
    )
    widths = [(each.high95 - each.low95)[few.is_predicted] for each in (few, many)]
    assert np.median(widths[0] / widths[1]) < 1.1


def test_the_same_seed_gives_the_same_check():
    few = Targets.of(TARGETS[:3])
    one, two = (check_population(few, draws=2, patients=300, seed=4) for _ in range(2))
    assert one == two


def test_a_target_that_no_simulated_patient_meets_is_left_open():
    nobody = replace(TARGETS[0], level_first=1, level_last=0, source="somebody")
    found = check_population(Targets.of([nobody]), draws=1, patients=50, seed=4)
    assert found.targets[0].predicted is None
    assert found.summary.n_predicted == 0
    assert not found.targets[0].is_missed
    json.dumps(found.to_dict(), allow_nan=False)


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
    found = predict_targets(asked, load_posterior(), Streams(4), draws=2, patients=1500)
    early, late = found.predicted
    assert early > late
    assert abs(late) < 2
    np.testing.assert_array_equal(found.unchanged, 0)


@pytest.fixture(scope="module")
def checked():
    return check_population(Targets.of(TARGETS[:4]), draws=4, patients=800, seed=3)


def test_every_target_has_its_prediction_inside_its_interval(checked):
    assert [row.target_id for row in checked.targets] == [target.target_id for target in TARGETS[:4]]
    assert all(row.low95 <= row.predicted <= row.high95 for row in checked.targets)
    assert checked.summary.n == 4
    assert "inside their 95 % predictive interval" in str(checked)


def test_a_stored_check_is_read_as_what_it_was(checked):
    stored = json.loads(json.dumps(checked.to_dict(), allow_nan=False))
    assert next(iter(stored)) == "kind"
    assert read_result(stored) == checked
    assert read_result(stored).to_dict() == checked.to_dict()


def test_a_check_has_a_page_a_chart_and_a_row_for_every_target(checked):
    assert "Predicted against observed" in report_html(checked)
    assert checked.chart().to_dict()
    assert checked.to_frame()["target_id"].to_list() == [target.target_id for target in TARGETS[:4]]
    assert checked.to_frame("measures")["predicted"].sum() == 4
    assert checked.to_frame("case_mix").is_empty()


def test_the_worst_target_comes_first_on_the_page(checked):
    first, *others = checked.targets
    far = replace(checked, targets=(*others, replace(first, target_id="FAR", observed=1e3)))
    assert re.findall(r"<td>(NH\d+|FAR)</td>", report_html(far))[0] == "FAR"


def test_targets_without_a_prediction_are_counted_but_not_drawn(checked):
    first, *others = checked.targets
    open_ = replace(checked, targets=(replace(first, predicted=None, low95=None, high95=None), *others))
    assert "Of 4 published figures, 3 could be predicted" in report_html(open_)
    panels = [panel for row in open_.chart().to_dict()["vconcat"] for panel in row["hconcat"]]
    assert "3 targets" in json.dumps(panels)


def test_a_figure_outside_its_interval_is_missed(checked):
    row = checked.targets[0]
    assert replace(row, low95=1.0, high95=2.0, observed=2.1).is_missed
    assert not replace(row, low95=1.0, high95=2.0, observed=2.0).is_missed


def test_each_panel_of_the_chart_has_equal_axes(checked):
    spec = checked.chart().to_dict()
    for panel in (panel for row in spec["vconcat"] for panel in row["hconcat"]):
        scales = {
            tuple(layer["encoding"][axis]["scale"]["domain"])
            for layer in panel["layer"]
            for axis in "xy"
            if "scale" in layer["encoding"].get(axis, {})
        }
        assert len(scales) == 1


def test_targets_made_in_python_are_recorded_as_a_table_that_can_be_read_again(checked, tmp_path):
    given = Targets.of(TARGETS[:4])
    path = tmp_path / "again.csv"
    path.write_bytes(given.source_file.data)
    assert checked.provenance.input_sha256 == given.source_file.sha256
    assert targets_text(read_targets(path)) == targets_text(given)


@pytest.mark.parametrize(("options", "where"), [({"draws": 0}, "draws"), ({"patients": 0}, "patients")])
def test_a_wrong_argument_is_told_by_its_name(options, where):
    with pytest.raises(InputError) as caught:
        check_population(Targets.of(TARGETS[:1]), **options)
    assert [fault.where for fault in caught.value.faults] == [where]

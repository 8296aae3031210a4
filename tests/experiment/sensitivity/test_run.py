"""What decides an outcome: designs and indices, runs that fail, the subject, and what the command prints."""

import sys

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.cli import main
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import simulate_tissue
from cordwise.experiment import read_experiment
from cordwise.experiment.sensitivity import Subject, read_subject, run_sensitivity
from cordwise.experiment.sensitivity.designs import indices_of, screening, variance_design
from cordwise.experiment.sensitivity.inputs import Input, inputs_of, mechanisms_of, values_at
from cordwise.experiment.sensitivity.outcomes import simulate_points
from cordwise.experiment.sensitivity.result import FailedRuns
from cordwise.experiment.sensitivity.subject import origin_of, subject_of
from paths import ROOT

EXPERIMENTS = ROOT / "experiments"
CELLS = Regimen((Dose(14, 1e8, Route.INTRALESIONAL),), "autologous_msc", 0.25)
TREATED = Subject("a patient", 0.8, 14.0, (28.0, 365.0), regimen=CELLS)
UNTREATED = Subject("a patient", 0.8, 14.0, (28.0, 365.0))

FLAT = tuple(Input(name, "one" if name < "c" else "two", "", "-", 1.0, 0.5, 2.0) for name in "abcd")


def _rng(key=0):
    return Streams(1)("test").generator(key)


def test_sobol_indices_are_those_of_a_sum_with_one_product():
    design = variance_design(FLAT, 2048, _rng())
    a, b, c, _ = (design.points - 0.5).T * np.sqrt(12)  # variance 1 each
    found = indices_of(design, np.ones(2048, bool), 2 * a + b + b * c, _rng())
    variance = 4 + 1 + 1
    first, total = ([row[name] for row in found] for name in ("S1", "ST"))
    np.testing.assert_allclose(first, [4 / variance, 1 / variance, 0, 0], atol=0.03)
    np.testing.assert_allclose(total, [4 / variance, 2 / variance, 1 / variance, 0], atol=0.03)


def test_shares_of_mechanisms_hold_what_their_inputs_do_together():
    design = variance_design(FLAT, 2048, _rng(), grouped=True)
    a, b, c, _ = (design.points - 0.5).T * np.sqrt(12)
    found = dict(zip(mechanisms_of(FLAT), indices_of(design, np.ones(2048, bool), a * b + c, _rng()), strict=True))
    assert (found["one"]["S1"], found["two"]["S1"]) == (pytest.approx(0.5, abs=0.04), pytest.approx(0.5, abs=0.04))
    assert found["one"]["ST"] == pytest.approx(0.5, abs=0.04)


def test_a_screening_finds_the_slopes_of_a_plane_exactly():
    design = screening(FLAT, 8, _rng())
    a, b, _, d = design.points.T
    found = indices_of(design, np.ones(8, bool), 3 * a - 2 * b + 0 * d, _rng())
    np.testing.assert_allclose([row["mu"] for row in found], [3, -2, 0, 0], atol=1e-12)
    np.testing.assert_allclose([row["mu_star"] for row in found], [3, 2, 0, 0], atol=1e-12)
    np.testing.assert_allclose([row["sigma"] for row in found], 0, atol=1e-12)


def test_a_failed_run_takes_its_whole_trajectory_with_it():
    design = screening(FLAT, 8, _rng())
    values, solved = 3 * design.points[:, 0], np.ones(len(design.points), bool)
    solved[7], values[7] = False, np.nan
    complete = design.complete(solved)
    assert complete.tolist() == [True, False] + [True] * 6
    assert indices_of(design, complete, values, _rng())[0]["mu_star"] == pytest.approx(3)


def test_an_outcome_that_never_changes_depends_on_nothing():
    design = screening(FLAT, 4, _rng())
    assert {row["mu_star"] for row in indices_of(design, np.ones(4, bool), np.ones(20), _rng())} == {0.0}


def test_inputs_go_through_their_ranges_and_the_translation_through_its_prior():
    inputs = inputs_of(TREATED)
    ends = values_at(np.array([[0.0] * len(inputs), [1.0] * len(inputs)]), inputs)
    for each in inputs[:-1]:
        np.testing.assert_allclose(ends[each.name], [each.low90, each.high90], err_msg=each.name)
    assert inputs[-1].name == "translation"
    np.testing.assert_allclose(ends["translation"], [0, 1])
    quarter = values_at(np.full((1, len(inputs)), 0.25), inputs)["translation"]
    assert quarter == pytest.approx(1 - 0.75 ** (1 / 3))  # Beta(1, 3)


def test_no_severity_goes_beyond_a_transection():
    hard = inputs_of(Subject("a patient", 1.9, 14.0))
    assert hard[0].name == "severity"
    assert hard[0].high90 == 2


def test_without_cells_no_number_of_cells_is_an_input():
    assert {"cells", "dose", "translation"}.isdisjoint(mechanisms_of(inputs_of(UNTREATED)))
    assert {"cells", "dose", "translation"} <= set(mechanisms_of(inputs_of(TREATED)))


def test_a_point_is_simulated_as_the_tissue_model_simulates_its_numbers():
    inputs = inputs_of(TREATED)
    point = np.full((1, len(inputs)), 0.4)
    values = {name: float(value[0]) for name, value in values_at(point, inputs).items()}
    severity, width, translation = (values.pop(name) for name in ("severity", "width_mm", "translation"))
    regimen = Regimen(CELLS.doses, CELLS.product, translation)
    own = load_parameters()._replace(**values)
    alone = simulate_tissue([severity], [width], TREATED.days, regimen=regimen, parameters=own)
    found = simulate_points(TREATED, inputs, point)
    np.testing.assert_allclose(found.worlds["with"]["spared_share"], alone.spared_share, rtol=1e-5)
    np.testing.assert_allclose(found.worlds["with"]["plastic_gain"], alone.growth, rtol=1e-5)
    grown = 1 + (1 - alone.spared_share) * alone.growth
    drive = min(1.0, (alone.spared_share * alone.conduction * grown)[0, 1])
    score = 100 * (1 + own.ruler_half_drive) * drive / (drive + own.ruler_half_drive)
    assert found.worlds["with"]["total_motor"][0, 1] == pytest.approx(score, rel=1e-5)


@pytest.fixture(scope="module")
def result():
    return run_sensitivity(TREATED, seed=1, samples=6, mechanism_samples=64)


def test_numbers_of_cells_change_nothing_without_cells_and_something_with_them(result):
    for output in result.outputs:
        of_cells = [row.mu_star for row in output.indices if row.mechanism in ("cells", "dose", "translation")]
        assert (max(of_cells) == 0) == (output.world == "without")


def test_factors_are_ranked_and_every_outcome_is_there(result):
    kinds = {(row.world, row.readout, row.day) for row in result.outputs}
    assert len(kinds) == len(result.outputs) == 3 * 5 * 2
    for output in result.outputs:
        sizes = [row.mu_star for row in output.indices]
        assert sizes == sorted(sizes, reverse=True)


def test_the_share_of_the_translation_is_told_with_its_interval(result):
    share = result.translation[1]
    assert (share.readout, share.day) == ("total_motor", 365.0)
    assert share.S1 + share.S1_conf > 0
    assert 0 < share.ST < 0.95
    assert share.S1 - share.S1_conf < share.ST + share.ST_conf  # of so few samples each has a wide interval
    assert f"{share.S1:.0%} (±{share.S1_conf:.0%}) is due to the translation alone" in result.to_dict()["answer"]


def test_the_same_seed_gives_the_same_result(result):
    assert run_sensitivity(TREATED, seed=1, samples=6, mechanism_samples=64) == result


def test_failed_runs_are_counted_and_told(monkeypatch):
    from cordwise.experiment.sensitivity import run

    def with_failures(*arguments):
        found = simulate_points(*arguments)
        found.status[:3] = 2
        return found

    monkeypatch.setattr(run, "simulate_points", with_failures)
    failing = run_sensitivity(UNTREATED, seed=1, samples=6, mechanism_samples=64)
    counts = {"not_finite": 0, "front": 3, "blocks": 6, "blocks_left_out": 1}
    assert failing.failed == FailedRuns(runs=failing.runs, **counts)
    assert "6 of" in str(failing)
    assert "1 of 6 trajectories" in str(failing)


def test_a_condition_with_cells_is_found_in_an_experiment():
    experiment = read_experiment(EXPERIMENTS / "t06_graft_timing.toml")
    assert subject_of(experiment, None).name == "graft on day 21"
    subject = subject_of(experiment, "graft on day 3")
    assert (subject.species, subject.days, subject.regimen.days) == ("rodent", experiment.days, (3.0,))
    assert "translation" not in mechanisms_of(inputs_of(subject))
    with pytest.raises(InputError, match='"vehicle", "graft on day 0"'):
        subject_of(experiment, "graft on day 4")
    with pytest.raises(InputError, match="whose cord is cut"):
        subject_of(read_experiment(EXPERIMENTS / "t05_transection_after_recovery.toml"), "cut on day 43")


def test_a_subject_comes_from_an_experiment_or_a_patient_by_name_and_keeps_its_file():
    graft = read_subject("t06_graft_timing", condition="graft on day 3", days=(42,))
    assert (graft.condition, graft.days, graft.origin.name) == ("graft on day 3", (42,), "t06_graft_timing.toml")
    person = read_subject("cervical_b")
    assert (person.species, person.days, person.origin.name) == ("human", (28.0, 183.0, 365.0), "cervical_b.toml")
    assert person.regimen is not None
    with pytest.raises(InputError, match="an experiment file"):
        read_subject("cervical_b", condition="graft on day 3")


def test_a_subject_without_a_file_is_recorded_by_its_numbers():
    assert origin_of(TREATED) == origin_of(Subject("a patient", 0.8, 14.0, (28.0, 365.0), regimen=CELLS))
    assert origin_of(TREATED).sha256 != origin_of(UNTREATED).sha256


def test_samples_of_sobol_indices_are_a_power_of_two():
    with pytest.raises(InputError, match="a power of 2"):
        variance_design(FLAT, 100, _rng())


def test_without_salib_the_command_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    assert main(["cord", "sensitivity", "--seed", "1"]) == 2
    assert "pip install 'cordwise[sensitivity]'" in capsys.readouterr().err


def test_the_command_prints_a_table_and_leaves_report_and_picture(tmp_path, capsys):
    out = tmp_path / "run"
    options = [
        "--severity",
        "0.6",
        "--width",
        "10",
        "--days",
        "90",
        "--samples",
        "4",
        "--mechanism-samples",
        "16",
        "--seed",
        "1",
        "--quiet",
    ]
    assert main(["cord", "sensitivity", *options, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "leading inputs" in printed
    assert "severity" in printed
    assert {path.name for path in out.iterdir()} >= {"results.json", "report.html", "sensitivity.png"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--severity", "2"], "below 2"),
        (["--cells-day", "3", "--route", "oral"], "one of intravenous"),
        ([str(EXPERIMENTS.parent / "patients" / "cervical_b.toml"), "--condition", "x"], "the patient file"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(options, words, capsys):
    assert main(["cord", "sensitivity", *options, "--seed", "1"]) == 2
    assert words in capsys.readouterr().err

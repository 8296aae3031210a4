"""A study with a published table of its patients at entry: the simulated patients are weighed to resemble it."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from cordwise.appraisal.arms import appraise_arm
from cordwise.appraisal.assumptions import assumptions
from cordwise.appraisal.comparator import comparator, entry_of
from cordwise.appraisal.natural_recovery import Effort, followed
from cordwise.appraisal.run import appraise
from cordwise.appraisal.study import read_study
from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import without_cells
from cordwise.population.posterior import load_posterior
from cordwise.present.presenters import read_result
from paths import ROOT

STUDY = (ROOT / "studies" / "honmou2021.toml").read_text()
EFFORT = Effort(draws=8, patients=1000)
POSTERIOR = load_posterior().only(load_posterior().spread(EFFORT.draws)[1])
COLUMNS = (
    "target_id", "source", "doi_or_pmid", "baseline_ais", "levels", "baseline_day_min", "baseline_day_max",
    "followup_day", "measure", "category", "statistic", "value", "sd", "n", "note",
)  # fmt: skip
# Made up: people of the study's grades and levels with more sensation than the registry's.
KEPT = {"baseline_ais": "A-C", "levels": "C2-C5", "baseline_day_min": 45, "baseline_day_max": 50, "followup_day": 47,
        "source": "made up", "statistic": "mean"}  # fmt: skip
TOUCH = {"target_id": "touch", "measure": "light_touch", "value": 70, "sd": 25, "n": 60}
ARMS = {"target_id": "arms", "measure": "uems", "value": 18, "sd": 10, "n": 60}


def study_with(folder, *rows, name="entry.csv", named=None):
    """Write a study file whose case mix is a table of these rows, and return its path."""
    with (folder / name).open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows({**KEPT, **row} for row in rows)
    path = folder / "study.toml"
    path.write_text(STUDY.replace("[study]", f'[study]\ncase_mix = "{named or name}"'))
    return path


def faults_of(path):
    with pytest.raises(InputError) as raised:
        read_study(path)
    return [str(fault) for fault in raised.value.faults]


def chances(found):
    return found.probability[:, :, -1].mean(axis=0)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return read_study(study_with(tmp_path_factory.mktemp("study"), TOUCH, ARMS))


@pytest.fixture(scope="module")
def matched(study):
    return comparator(study, POSTERIOR, Streams(1), effort=EFFORT)


def test_weighed_patients_resemble_the_table_and_recover_as_such_patients_do(matched):
    match = matched.improvement.match
    assert [row.target_id for row in match.rows] == ["touch", "arms"]
    assert (np.abs(match.weighted - [70, 18]) < [4, 2]).all()
    assert match.unweighted[0] < 60
    assert 0.05 < match.effective_share < 1
    # More sensation at entry leaves more to build on: of A and C more improve than among the registry's.
    assert chances(matched.improvement)[0] > chances(matched.unweighted)[0]
    assert chances(matched.improvement)[2] > chances(matched.unweighted)[2]


def test_weighing_widens_the_monte_carlo_error(matched):
    found = matched.improvement
    assert (found.effective <= found.selected.sum(axis=1, keepdims=True)).all()
    assert found.pooled_mcse[:, -1].mean() > matched.unweighted.pooled_mcse[:, -1].mean()


def test_other_days_of_baseline_are_not_weighed_to_a_table_of_one_day(study):
    assert entry_of(study).case_mix is study.case_mix
    assert entry_of(study, baseline_day=14.0) == entry_of(read_plain(), baseline_day=14.0)


def read_plain():
    return read_study(ROOT / "studies" / "honmou2021.toml")


def test_the_study_keeps_the_bytes_of_its_table(study):
    assert list(study.origin.companions) == ["entry.csv"]
    assert b"touch" in study.origin.companions["entry.csv"]


def test_an_arm_tells_the_expected_number_with_and_without_the_table(study, matched):
    arm, _ = appraise_arm(study, study.claims[0], matched)
    plain = arm.without_case_mix
    assert arm.expected_improved > plain.expected_improved > 0
    sizes = np.array([6, 2, 5])
    of_all, of_alike = (
        matched.with_structure(each.probability[:, :, -1]).mean(axis=0) @ sizes
        for each in (matched.unweighted, matched.improvement)
    )
    assert plain.expected_improved == pytest.approx(of_all)
    assert arm.expected_improved == pytest.approx(of_alike)
    # What the structure misses widens both by the same rule and moves neither far.
    assert of_all == pytest.approx(chances(matched.unweighted) @ sizes, abs=0.3)


def test_the_assumptions_say_that_patients_were_weighed_and_how_many_still_count(study, matched):
    rows = assumptions(study, "EMSCI", matched, EFFORT)
    (row,) = [row for row in rows if "weighed to the study's patients" in row.what]
    assert "2 rows at entry (light_touch, uems)" in row.value
    assert f"{100 * matched.improvement.match.effective_share:.0f} % of the simulated patients still count" in row.value


def test_parameter_sets_that_only_a_handful_carry_are_no_part_of_the_expectation(matched):
    counted, plain = matched.improvement, matched.unweighted
    assert len(counted.selected) == counted.match.used.sum() == counted.match.in_figures().effective_sets
    assert len(plain.selected) == EFFORT.draws
    one_out = replace(counted.match, used=np.arange(EFFORT.draws) > 0)
    fewer = replace(matched.entrants, match=one_out)
    seen = followed(fewer, [200.0], Streams(1), {"alone": without_cells()})["alone"]
    found = fewer.improvement(replace(seen, ais=(fewer.grade[:, None] + 1).astype(np.int8)))
    assert len(found.probability) == EFFORT.draws - 1
    np.testing.assert_array_equal(found.selected, counted.selected[1:])


@pytest.mark.slow
def test_the_whole_appraisal_tells_of_the_table(study):
    found = appraise(study, draws=6, patients=2000, seed=1)
    written, plain = found.to_dict(), found.arms[0].without_case_mix.expected_improved
    assert f"before that {plain:.1f} were expected" in written["answer"]
    assert f"before weighing to the case mix  {plain:.1f}" in str(found)
    assert {row.target_id for row in found.case_mix.rows} == {"touch", "arms"}
    assert f"Weighed to the case mix at entry: {found.case_mix.kept_words}." in str(found)
    assert list(written["provenance"]["options"]) == ["draws", "patients", "entry.csv"]
    assert read_result(written).to_dict() == written


def test_a_table_that_no_such_patients_resemble_is_refused(tmp_path):
    path = study_with(tmp_path, {**ARMS, "value": 50, "sd": 0.5, "n": 5000})
    with pytest.raises(InputError, match="Furthest off is arms, uems 50"):
        comparator(read_study(path), POSTERIOR, Streams(1), effort=EFFORT)


@pytest.mark.parametrize("named", ["../entry.csv", "/etc/hostname", "below/../../entry.csv"])
def test_a_table_outside_the_folder_of_the_study_is_refused(tmp_path, named):
    (tmp_path / "entry.csv").write_text("secret")
    folder = tmp_path / "study"
    folder.mkdir()
    (fault,) = faults_of(study_with(folder, TOUCH, named=named))
    assert "study.case_mix: expected the name of a CSV file in the folder of this file" in fault
    assert "secret" not in fault


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "entry.csv").write_text("secret")
    folder = tmp_path / "study"
    folder.mkdir()
    path = study_with(folder, TOUCH)
    (folder / "entry.csv").unlink()
    (folder / "entry.csv").symlink_to(tmp_path / "entry.csv")
    (fault,) = faults_of(path)
    assert "in the folder of this file" in fault


@pytest.mark.parametrize("named", ["nothing.csv", ".", "a\\u0000b.csv", "x" * 400])
def test_a_name_that_is_no_file_is_a_fault(tmp_path, named):
    (fault,) = faults_of(study_with(tmp_path, TOUCH, named=named))
    assert "study.case_mix: expected the name of a CSV file" in fault


def test_faults_of_the_study_and_of_its_table_are_told_together(tmp_path):
    path = study_with(tmp_path, {**TOUCH, "measure": "colour"}, {**ARMS, "value": 99})
    path.write_text(path.read_text().replace("n = 13", "n = 14"))
    told = "\n".join(faults_of(path))
    for part in ("colour", "99", "counts that add up to n = 14"):
        assert part in told


def test_rows_that_describe_nobody_in_the_study_are_told_together(tmp_path):
    lumbar, chronic = {"levels": "L1-L5"}, {"baseline_day_min": 700, "baseline_day_max": 800, "followup_day": 700}
    told = faults_of(study_with(tmp_path, {**TOUCH, **lumbar}, {**ARMS, **chronic}))
    assert ["touch, levels" in told[0], "arms, baseline_day_min" in told[1]] == [True, True]
    assert all("study.case_mix" in fault for fault in told)


def test_the_table_in_the_reference_is_read_as_it_stands(tmp_path):
    text = (ROOT / "docs" / "reference" / "study-file.md").read_text()
    path = study_with(tmp_path, TOUCH)
    (tmp_path / "entry.csv").write_text(text.split("```text\n")[1].split("```")[0])
    assert [row.target_id for row in read_study(path).case_mix.rows] == ["arms", "touch", "C5"]

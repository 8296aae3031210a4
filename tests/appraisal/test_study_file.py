import pytest

from cordwise.appraisal.study import read_study
from cordwise.base.errors import InputError
from paths import ROOT

STUDIES = ROOT / "studies"


def broken(tmp_path, **changes):
    text = (STUDIES / "honmou2021.toml").read_text()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "study.toml"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        read_study(path)
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize("path", sorted(STUDIES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_study_is_read_and_opens_with_its_question(path):
    assert read_study(path).claims
    assert path.read_text().startswith("# Question:")


def test_counts_that_do_not_add_up_to_n_are_named(tmp_path):
    (fault,) = broken(tmp_path, n=("n = 13", "n = 14"))
    assert "arms[0].baseline: expected counts that add up to n = 14, found 13 (A 6, B 2, C 5)" in fault


def test_a_followup_before_the_baseline_is_named(tmp_path):
    (fault, *_) = broken(tmp_path, day=("followup_day = 220", "followup_day = 20"))
    assert "examination.followup_day" in fault
    assert "found 20" in fault


def test_every_fault_is_told_at_once(tmp_path):
    faults = broken(
        tmp_path,
        grade=("C = 5 }\nimproved_by", "F = 5 }\nimproved_by"),
        dose=("[5e7, 2e8]", "[-5e7, 2e8]"),
        route=('"intravenous"', '"by mouth"'),
        key=("blinded = false", "blinded = false\nblindfold = true"),
        day=("followup_day = 220", "followup_day = 20"),
        improved=("improved = 12", "improved = 15"),
    )
    told = "\n".join(faults)
    for place in ("baseline.F", "dose_cells", "product.route", "study.blindfold", "followup_day", "arms[0].improved"):
        assert place in told


@pytest.mark.parametrize("levels", ["C9-T1", "T1-C2", "C2", "neck"])
def test_an_impossible_level_range_is_named(tmp_path, levels):
    (fault,) = broken(tmp_path, levels=('"C2-C5"', f'"{levels}"'))
    assert "population.levels" in fault
    assert levels in fault


def test_more_improved_than_entered_in_a_grade_is_named(tmp_path):
    faults = broken(tmp_path, counts=("{ A = 5, B = 2, C = 5 }", "{ A = 4, B = 3, C = 5 }"))
    assert any("improved_by_grade.B: expected at most the 2 who entered as B, found 3" in fault for fault in faults)


def test_a_missing_file_and_a_file_that_is_not_toml_are_faults(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_study(tmp_path / "nothing.toml")
    (tmp_path / "broken.toml").write_text("[study\n")
    with pytest.raises(InputError, match="TOML"):
        read_study(tmp_path / "broken.toml")


def test_one_day_and_one_dose_need_no_list(tmp_path):
    text = (STUDIES / "honmou2021.toml").read_text()
    path = tmp_path / "study.toml"
    path.write_text(text.replace("[45, 50]", "47").replace("[5e7, 2e8]", "1e8"))
    study = read_study(path)
    assert study.baseline_day == study.dose_day == (47.0, 47.0)
    assert study.dose_cells == (1e8, 1e8)


def test_a_followup_before_a_baseline_of_one_day_is_named(tmp_path):
    faults = broken(tmp_path, day=("followup_day = 220", "followup_day = 20"), window=("[45, 50]", "47"))
    assert any("a day after the baseline window ends on day 47, found 20" in fault for fault in faults)


def test_a_study_is_found_by_its_name_and_keeps_the_bytes_of_its_file():
    assert read_study("honmou2021") == read_study(STUDIES / "honmou2021.toml")
    assert read_study("honmou2021").origin.data == (STUDIES / "honmou2021.toml").read_bytes()

"""Strata of EMSCI left out in turn."""

import numpy as np
import pytest

from cordwise.evidence import packaged_targets
from cordwise.population.fit.figures import COURSE, SCORE, SPREAD
from cordwise.population.fit.refit import shipped_linearisation
from cordwise.population.validation import run
from cordwise.population.validation.left_out_strata import (
    _figures_of,
    forecast_from_neighbours,
    leave_strata_out,
    rmse_of,
    strata,
)
from cordwise.population.validation.run import cross_validate_by_stratum
from cordwise.present.presenters import read_result, report_html

TARGETS = tuple(packaged_targets())


def test_every_score_of_emsci_lies_in_one_stratum():
    scores = [row for row in TARGETS if "EMSCI tables" in row.source]
    assert all(sum(stratum.holds(row) for stratum in strata()) == 1 for row in scores)


def test_no_other_registry_is_left_out_with_a_stratum():
    others = [row for row in TARGETS if "EMSCI" not in row.source]
    assert not any(stratum.holds(row) for stratum in strata() for row in others)


def test_a_stratum_takes_its_spreads_and_the_course_of_its_arms_with_it():
    near = shipped_linearisation().near
    figures = near.figures
    for stratum in strata():
        held = _figures_of(near, stratum)
        means = [target for target in figures.targets if stratum.holds(target)]
        assert (held & (figures.kind == SCORE)).sum() == len(means) > 0
        assert (held & (figures.kind == SPREAD)).sum() == sum(np.isfinite(target.sd) for target in means)
        course = set(figures.grade_names[held & (figures.kind == COURSE)])
        assert course == ({stratum.grade.name} if stratum.levels == "C1-T1" else set())


def test_without_its_own_curve_a_stratum_copies_the_mean_of_the_grades_beside_it():
    figure = {(row.baseline_ais, row.followup_day): row.value for row in TARGETS
              if row.measure == "lems" and row.levels == "C1-T1" and "EMSCI" in row.source}  # fmt: skip
    of_b = next(row for row in TARGETS if row.measure == "lems" and row.levels == "C1-T1" and row.baseline_ais == "B")
    stratum = next(each for each in strata() if each.holds(of_b))
    both_neighbours = [figure[grade, of_b.followup_day] for grade in "AC"]
    assert forecast_from_neighbours(of_b, stratum) == pytest.approx(np.mean(both_neighbours))


@pytest.fixture(scope="module")
def found():
    whole = shipped_linearisation()
    return leave_strata_out(whole.near, whole.mode)


def test_what_was_left_out_is_missed_by_less_than_by_copying_the_grades_beside_it(found):
    missed, fitted, copied = (rmse_of(found, which) for which in ("predicted", "fitted", "copied"))
    for measure in ("uems", "lems", "light_touch", "pin_prick"):
        assert fitted[measure] < missed[measure] < copied[measure], measure


def test_the_result_has_a_text_a_page_and_is_read_back(found, monkeypatch):
    monkeypatch.setattr(run, "leave_strata_out", lambda near, mode: found)
    result = cross_validate_by_stratum(seed=1)
    assert result.rmse.predicted == rmse_of(found, "predicted")
    assert "left out" in str(result)
    assert read_result(result.to_dict()) == result
    assert "D T2-S5" in report_html(result)

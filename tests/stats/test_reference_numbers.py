"""Every row of the table of reference numbers, and what stands behind the few that part from it."""

import numpy as np
import pytest
from scipy import stats
from verification.reference_numbers import longitudinal
from verification.reference_numbers.agreement import Comparison, allowed, compare, method_of, rows
from verification.reference_numbers.family import Row

ROWS = {row.name: row for row in rows()}
COARSE_LIMITS = {"fisher_tea", "fisher_sci_12of13_vs_5of13", "fisher_9_1_4_6"}  # upper limits found coarsely in R
ROOT_TOLERANCE = np.finfo(float).eps ** 0.25  # of R's uniroot, which searches the reciprocal of a large odds ratio


def _row(**changes):
    given = {"name": "x", "method": "", "inputs": {}, "expected": {}, "tolerance": "abs 0.01", "source": ""}
    return Row(**{**given, **changes})


@pytest.mark.parametrize("name", [name for name in ROWS if name not in COARSE_LIMITS])
def test_the_row_agrees_or_names_no_method_of_ours(name):
    found = compare(ROWS[name])
    assert found.verdict in {"agrees", "not applicable"}, found


def test_hardly_any_row_is_left_out():
    left_out = [name for name, row in ROWS.items() if method_of(row) is None]
    assert all(name.startswith("sci_") for name in left_out)
    assert len(ROWS) - len(left_out) >= 150


def test_a_clause_of_a_tolerance_holds_for_the_key_it_names():
    row = _row(tolerance="abs 1e-4 on z; rel 1e-3 on p")
    assert allowed(row, "z", np.array([2.0])) == 1e-4
    assert allowed(row, "nominal_one_sided_p", np.array([0.02])) == pytest.approx(2e-5)
    assert allowed(_row(tolerance="abs 1e-3; df abs 0.05"), "df", np.array([140.0])) == 0.05
    assert allowed(_row(tolerance="exact counts; abs 1e-5"), "wins", np.array([42.0])) == 0
    assert allowed(
        _row(tolerance="abs 1.5 percentage points"), "patients", np.array([10.0, 20.0])
    ).max() == pytest.approx(0.45)


def test_a_wrong_or_missing_number_is_a_disagreement_and_an_error_is_told(monkeypatch):
    row = ROWS["mcse"]
    assert compare(row).verdict == "agrees"
    wrong = Row(row.name, "", {**row.inputs, "n": [10, 20, 30]}, row.expected, row.tolerance, "")
    assert compare(wrong).verdict == "disagrees"
    broken = Row(row.name, "", {}, row.expected, row.tolerance, "")
    assert compare(broken) == Comparison(row.name, "failed", "KeyError: 'p'")


@pytest.mark.parametrize("name", sorted(COARSE_LIMITS))
def test_where_limits_part_from_rs_the_difference_is_within_its_root_search_and_ours_meet_the_definition(name):
    row = ROWS[name]
    assert set(compare(row).apart) == {"ci"}
    low, high = method_of(row).compute(row)["ci"]
    expected = [float(limit) for limit in row.expected["ci"]]
    assert [1 / low, 1 / high] == pytest.approx([1 / limit for limit in expected], abs=ROOT_TOLERANCE, rel=1e-3)
    (a, b), (c, d) = row.inputs["table"]
    margins = a + b + c + d, a + c, a + b
    assert stats.nchypergeom_fisher.sf(a - 1, *margins, low) == pytest.approx(0.025, rel=1e-6)
    assert stats.nchypergeom_fisher.cdf(a, *margins, high) == pytest.approx(0.025, rel=1e-6)


def test_the_prior_from_trials_of_crohns_disease_is_the_one_that_a_sampler_finds():
    """RBesT vignette "for a normal endpoint": mean -50, sd 19.3, median -48.6, limits -93.1 and -13.8; tau 14.3."""
    method = method_of(_row(name="map_crohn"))
    found = method.compute(Row("map_crohn", "", {"data": "crohn"}, {}, "", ""))

    np.testing.assert_allclose([found["mean"], found["sd"], found["tau_mean"]], [-50, 19.3, 14.3], atol=0.4)
    np.testing.assert_allclose(found["q"], [-93.1, -48.6, -13.8], atol=2.5)


def test_the_sas_fit_of_the_fev_trial_is_reached():
    """Covariance and -2 restricted log likelihood of the SAS listing that the data set comes from."""
    formula = "FEV1 ~ RACE + SEX + ARMCD * AVISIT + us(AVISIT | USUBJID)"
    row = Row("mmrm_fev_us", "", {"formula": formula}, {"cov": None, "deviance": None}, "", "SAS")
    found = longitudinal.coefficients(row)
    listed = [40.5509, 14.3982, 26.5692, 4.9744, 2.7851, 14.8970, 13.3731, 7.4790, 0.9017, 95.5528]
    np.testing.assert_allclose(np.array(found["cov"])[np.tril_indices(4)], listed, atol=6e-3)
    assert found["deviance"] == pytest.approx(3386.44987722, abs=1e-4)


def test_the_sleep_study_has_the_degrees_of_freedom_of_its_eighteen_subjects():
    """Kenward-Roger with random intercept and slope in a balanced design: one less than the subjects."""
    inputs = {"data": "lme4::sleepstudy", "formula": "Reaction ~ Days + (Days | Subject)"}
    row = Row("lmer_sleepstudy_kr", "Kenward-Roger", inputs, {"df": None, "est": None}, "", "pbkrtest")
    np.testing.assert_allclose(longitudinal.coefficients(row)["df"], [17, 17], atol=1e-6)


def test_the_trend_of_job_satisfaction_with_income_is_that_of_the_literature():
    """Agresti 2002, section 7.5.3: generalised CMH correlation statistic 6.1563, P = 0.01, with these scores."""
    inputs = {"data": "job_satisfaction", "row_scores": [3, 10, 20, 35], "column_scores": [1, 3, 4, 5]}
    method = method_of(_row(name="lbl_job_satisfaction"))
    found = method.compute(Row("lbl_job_satisfaction", "", inputs, {}, "", ""))
    assert found["M2"] == pytest.approx(6.1563, abs=5e-5)

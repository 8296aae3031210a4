"""Every row on repeated measures of the table of reference numbers, within the row's own tolerance."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from verification.reference_numbers import longitudinal
from verification.reference_numbers.family import Row

TABLE = Path(longitudinal.__file__).parent / "reference_numbers.csv"


def rows():
    with TABLE.open() as file:
        for line in csv.DictReader(file):
            method = next((each for each in longitudinal.METHODS if each.names.fullmatch(line["id"])), None)
            if method:
                given = json.loads(line["inputs"]), json.loads(line["expected"])
                yield method, Row(line["id"], line["method"], *given, line["tolerance"], line["source"])


CASES = list(rows())


def _tolerance(text, key):
    """Return relative and absolute tolerance of a key; the words may give the degrees of freedom one of their own."""
    own = re.search(r"abs (\S+) on df|df abs (\S+)", text)
    if key == "df" and own:
        return 0.0, float(own[1] or own[2])
    kind, size = re.match(r"(abs|rel) ([\d.e-]+)", text).groups()
    return (float(size), 0.0) if kind == "rel" else (0.0, float(size))


def test_the_table_has_the_rows_that_this_family_covers():
    assert len(CASES) >= 5


@pytest.mark.parametrize(("method", "row"), CASES, ids=[row.name for _, row in CASES])
def test_the_row_agrees_with_r(method, row):
    found = method.compute(row)
    assert row.expected.keys() <= found.keys()
    for key, expected in row.expected.items():
        relative, absolute = _tolerance(row.tolerance, key)
        np.testing.assert_allclose(found[key], expected, rtol=relative, atol=absolute, err_msg=key)


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

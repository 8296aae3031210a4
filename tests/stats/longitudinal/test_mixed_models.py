"""Mixed models of one table: a closed form, and faults."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.longitudinal import fit_mmrm, fit_random_effects


def test_a_balanced_random_intercept_has_the_variances_of_the_analysis_of_variance():
    random = np.random.default_rng(6)
    values = random.normal(0, 2, (20, 1)) + random.normal(0, 1, (20, 5))
    within = ((values - values.mean(axis=1, keepdims=True)) ** 2).sum() / 80
    between = 5 * values.mean(axis=1).var(ddof=1)
    ones = np.ones((100, 1))
    fit = fit_random_effects(ones, values.ravel(), np.repeat(np.arange(20), 5), ones)
    np.testing.assert_allclose(fit.point.parameters, [(between - within) / 5, within], rtol=1e-6)
    each = fit.contrasts(df="kenward_roger_linear", information="expected")
    assert each.df[0] == pytest.approx(19, rel=1e-6)
    assert each.standard_error[0] == pytest.approx(np.sqrt(between / 100), rel=1e-6)


def test_every_fault_of_a_long_table_is_named_at_once():
    design = np.ones((4, 2))
    with pytest.raises(InputError) as caught:
        fit_mmrm(design, np.arange(4.0), np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]))
    assert [fault.where for fault in caught.value.faults] == ["design", "rows"]
    with pytest.raises(InputError, match="finite"):
        fit_mmrm(design[:, :1], np.array([1.0, np.nan, 2, 3]), np.arange(4), np.arange(4))

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import multivariate_normal

from cordwise.stats.multiplicity.adjusted_p import benjamini_hochberg, hochberg, holm, hommel
from cordwise.stats.multiplicity.closed_testing import closed_dunnett, closed_simes
from cordwise.stats.multiplicity.many_to_one import dunnett, dunnett_critical

rows_of_p = st.integers(1, 5).flatmap(lambda count: arrays(np.float64, (3, count), elements=st.floats(0, 1)))


@given(p=rows_of_p)
@settings(max_examples=40, deadline=None)
def test_hommel_is_the_closed_test_of_simes(p):
    np.testing.assert_allclose(hommel(p), closed_simes(p), atol=1e-12)


@given(p=rows_of_p)
@settings(max_examples=40, deadline=None)
def test_adjusted_p_values_are_ordered_by_the_strength_of_their_method(p):
    plain, holms, hochbergs, hommels, discovery = p, holm(p), hochberg(p), hommel(p), benjamini_hochberg(p)

    for smaller, larger in ((plain, discovery), (discovery, hommels), (hommels, hochbergs), (hochbergs, holms)):
        assert (smaller <= larger + 1e-12).all()
    assert (holms <= 1).all()


@given(p=rows_of_p, seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_adjusted_p_values_follow_their_hypotheses(p, seed):
    order = np.random.default_rng(seed).permutation(p.shape[1])

    for adjusted in (holm, hochberg, hommel, benjamini_hochberg):
        np.testing.assert_allclose(adjusted(p[:, order]), adjusted(p)[:, order])


@pytest.mark.parametrize("sizes", [(30, 30, 30, 30), (60, 30, 20, 45)])
def test_dunnett_agrees_with_the_multivariate_normal(sizes):
    arms = np.array(sizes[1:])
    shared = np.sqrt(arms / (arms + sizes[0]))
    correlation = np.outer(shared, shared)
    np.fill_diagonal(correlation, 1.0)
    critical = dunnett_critical(sizes, 0.025)

    inside = multivariate_normal.cdf(np.full(len(arms), critical), cov=correlation, abseps=1e-6, rng=1)
    assert 1 - inside == pytest.approx(0.025, abs=2e-5)
    np.testing.assert_allclose(dunnett(np.full((1, len(arms)), critical), sizes), 0.025, rtol=1e-8)


def test_one_arm_needs_no_adjustment():
    assert dunnett_critical((20, 35), 0.025) == pytest.approx(1.959964, abs=1e-6)


def test_the_closed_dunnett_test_steps_down_from_the_single_step():
    z = np.array([[3.0, 2.0, 0.5], [1.0, 2.5, 2.4]])
    single, closed = dunnett(z, (40, 40, 40, 40)), closed_dunnett(z, (40, 40, 40, 40))
    best = z.argmax(axis=1)

    np.testing.assert_allclose(closed[[0, 1], best], single[[0, 1], best])
    assert (closed <= single + 1e-12).all()
    assert closed[0, 2] < single[0, 2]


def test_the_closed_dunnett_test_holds_the_familywise_error_when_one_arm_works():
    generator, replicates, root = np.random.default_rng(4), 10_000, np.sqrt(0.5)
    shared = generator.standard_normal((replicates, 1))
    z = root * (shared + generator.standard_normal((replicates, 3))) + np.array([4.0, 0.0, 0.0])
    wrong = (closed_dunnett(z, (1, 1, 1, 1))[:, 1:] <= 0.025).any(axis=1).mean()

    assert abs(wrong - 0.025) < 4 * np.sqrt(0.025 * 0.975 / replicates)

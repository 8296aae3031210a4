import numpy as np
import pytest
from scipy.stats import beta, binom

from cordwise.appraisal.study import Claim
from cordwise.appraisal.translation import likelihood, posterior

NODES = np.linspace(0, 1, 9)


def test_a_study_that_says_nothing_leaves_the_prior():
    found = posterior(NODES, np.full(9, 0.01))
    levels = (0.5, 0.025, 0.975)
    for each in (found, found.prior):
        assert (each.median, each.low95, each.high95) == pytest.approx(beta.ppf(levels, 1, 3), abs=2e-3)


def test_a_binomial_likelihood_at_five_translations_gives_the_posterior_of_direct_integration():
    def of(translation):
        return binom.pmf(7, 10, 0.25 + 0.5 * translation)

    found = posterior(np.linspace(0, 1, 5), of(np.linspace(0, 1, 5)))
    fine = np.linspace(0, 1, 20_001)
    cumulative = np.cumsum(of(fine) * beta.pdf(fine, 1, 3))
    exact = np.interp((0.5, 0.025, 0.975), cumulative / cumulative[-1], fine)
    assert (found.median, found.low95, found.high95) == pytest.approx(exact, abs=3e-3)


def test_counts_by_grade_are_used_where_they_were_published():
    by_grade = Claim("cells", 4, 2, {"A": 2, "C": 2}, {"A": 2, "C": 0})
    chances = np.array([[0.1, 0.9]])
    assert likelihood(by_grade, ("A", "C"), chances) == pytest.approx(0.01 * 0.01)
    total = Claim("cells", 4, 2, {"A": 2, "C": 2}, None)
    assert likelihood(total, ("A", "C"), chances) > 50 * likelihood(by_grade, ("A", "C"), chances)


def test_the_density_integrates_to_one():
    found = posterior(NODES, np.exp(3 * NODES))
    grid = [point.translation for point in found.density]
    assert np.trapezoid([point.posterior for point in found.density], grid) == pytest.approx(1)
    assert found.median > found.prior.median


@pytest.mark.parametrize("likelihoods", [np.zeros(5), np.array([0, 0, 0.1, 0.2, 0.3])])
def test_counts_that_the_simulated_people_cannot_give_leave_a_posterior_all_the_same(likelihoods):
    found = posterior(np.linspace(0, 1, 5), likelihoods)
    assert 0 <= found.low95 < found.median < found.high95 <= 1
    assert np.isfinite([point.posterior for point in found.density]).all()
    if not likelihoods.any():
        assert found.median == pytest.approx(found.prior.median, abs=0.01)

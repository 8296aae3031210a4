import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from cordwise.appraisal.bias import misgraded, misgrading_needed, selected, selection_needed
from cordwise.appraisal.expected_improvers import expectation, number_improved, tail
from cordwise.appraisal.study import Claim

GRADES = ("A", "B", "C")
CHANCE = st.floats(0.01, 0.99)


def claim(n=13, improved=12, baseline=(6, 2, 5)):
    return Claim("cells", n, improved, dict(zip(GRADES, baseline, strict=True)), None)


def enumerated(sizes, chances):
    """Return the distribution by adding one person at a time."""
    total = [1.0]
    for size, chance in zip(sizes, chances, strict=True):
        for _ in range(size):
            total = [
                (total[k] * (1 - chance) if k < len(total) else 0) + (total[k - 1] * chance if k else 0)
                for k in range(len(total) + 1)
            ]
    return np.array(total)


@given(chances=st.tuples(CHANCE, CHANCE, CHANCE))
def test_the_number_improved_is_the_sum_over_people(chances):
    found = number_improved((6, 2, 5), np.array([chances]))[0]
    np.testing.assert_allclose(found, enumerated((6, 2, 5), chances), atol=1e-12)


def test_one_grade_alone_is_a_binomial():
    np.testing.assert_allclose(number_improved((13,), np.array([[0.4]]))[0], binom.pmf(np.arange(14), 13, 0.4))


@pytest.mark.parametrize(("rate", "published"), [(0.4, 1.4e-4), (0.5, 0.0017), (0.6, 0.013), (0.7, 0.064), (0.8, 0.23)])
def test_twelve_of_thirteen_at_one_common_rate_has_the_known_tail(rate, published):
    found = tail(number_improved((13,), np.array([[rate]])), 12)[0]
    assert found == pytest.approx(published, rel=0.05)


def test_parameter_uncertainty_widens_the_number_expected():
    certain = np.tile([0.15, 0.4, 0.6], (50, 1))
    uncertain = np.clip(certain + np.linspace(-0.1, 0.1, 50)[:, None], 0, 1)
    sure, unsure = (expectation(claim(), GRADES, chances) for chances in (certain, uncertain))
    assert sure.low95 == pytest.approx(sure.high95)
    assert unsure.high95 - unsure.low95 > 1
    assert unsure.mean == pytest.approx(sure.mean)
    assert unsure.p_at_least > sure.p_at_least


def test_the_distribution_adds_up_to_one_and_the_mean_is_its_own():
    found = expectation(claim(), GRADES, np.array([[0.1, 0.4, 0.6], [0.2, 0.3, 0.7]]))
    assert found.distribution.sum() == pytest.approx(1)
    assert found.distribution @ np.arange(14) == pytest.approx(found.mean)


@settings(max_examples=25)
@given(chances=st.tuples(CHANCE, CHANCE, CHANCE), small=st.floats(0, 1), large=st.floats(0, 1))
def test_more_bias_never_makes_the_published_number_more_surprising(chances, small, large):
    small, large = sorted((small, large))
    both = [tail(number_improved((6, 2, 5), misgraded(np.array([chances]), rate)), 12)[0] for rate in (small, large)]
    assert both[0] <= both[1] + 1e-12


def test_no_bias_changes_nothing_and_full_bias_improves_everyone():
    chances = np.array([[0.1, 0.5, 0.9]])
    np.testing.assert_array_equal(misgraded(chances, 0.0), chances)
    np.testing.assert_allclose(selected(chances, 1.0), chances)
    np.testing.assert_allclose(misgraded(chances, 1.0), 1.0)


def test_the_tipping_point_is_where_the_number_stops_being_surprising():
    chances = np.array([[0.14, 0.40, 0.57]])
    for needed, bias in ((misgrading_needed, misgraded), (selection_needed, selected)):
        point = needed(claim(), GRADES, chances)
        at = tail(number_improved((6, 2, 5), bias(chances, point.explains_at)), 12)[0]
        assert at == pytest.approx(0.05, abs=1e-4)
        assert point.matches_at > point.explains_at


def test_a_number_that_was_never_surprising_needs_no_bias():
    assert misgrading_needed(claim(improved=3), GRADES, np.array([[0.14, 0.40, 0.57]])).explains_at == 0.0


def test_a_tipping_point_out_of_reach_is_none():
    impossible = np.array([[0.0, 0.0, 0.0]])
    assert selection_needed(claim(), GRADES, impossible).explains_at is None

import numpy as np
import pytest
from scipy.special import ndtr

from cordwise.base.errors import InputError
from cordwise.stats.sequential import (
    BetaSpending,
    BoundarySpec,
    FutilityLimits,
    boundaries,
    conditional_power,
    drift_for_power,
    futility_limits,
    operating_characteristics,
    predictive_power,
)

ALPHA = 0.025
TIMES = (0.3, 0.7, 1.0)


def limits_with(rule, family="lan_demets_obrien_fleming"):
    return boundaries(BoundarySpec(family, futility=rule), TIMES, alpha=ALPHA)


@pytest.mark.parametrize("binding", [False, True])
@pytest.mark.parametrize(
    ("scale", "given", "found"),
    [
        ("z", (0.1, 0.9), lambda z, t, c: z),
        ("p", (0.45, 0.2), lambda z, t, c: ndtr(-z)),
        ("conditional_power", (0.05, 0.15), conditional_power),
        ("design_conditional_power", (0.3, 0.4), lambda z, t, c: conditional_power(z, t, c, drift=3.2)),
        ("predictive_power", (0.05, 0.15), predictive_power),
        ("effect", (0.5, 2.0), lambda z, t, c: z / np.sqrt(0.2 * t)),
    ],
)
def test_a_limit_given_on_any_scale_is_found_again_on_that_scale(scale, given, found, binding):
    limits = limits_with(FutilityLimits(scale, given, binding, drift=3.2, final_information=0.2))
    again = found(limits.futility[:2], np.array(TIMES[:2]), limits.efficacy[-1])

    np.testing.assert_allclose(again, given, atol=1e-7)
    assert limits.futility[-1] == limits.efficacy[-1]


def test_futility_that_does_not_bind_leaves_the_efficacy_limits_as_they_are():
    with_rule = limits_with(FutilityLimits("z", (0.0, 0.5)))

    np.testing.assert_array_equal(with_rule.efficacy, limits_with(None).efficacy)


@pytest.mark.parametrize(
    "rule", [FutilityLimits("z", (0.0, 0.5), True), BetaSpending("kim_demets", 0.1, 2.0, (), True)]
)
def test_binding_futility_lowers_the_last_limit_and_spends_alpha_all_the_same(rule):
    limits = limits_with(rule)

    assert limits.efficacy[-1] < limits_with(None).efficacy[-1]
    assert operating_characteristics(limits, 0.0).power[0] == pytest.approx(ALPHA, rel=1e-6)


def test_futility_that_does_not_bind_costs_type_i_error_if_obeyed_and_none_if_not():
    limits = limits_with(FutilityLimits("z", (0.0, 0.5)))

    assert operating_characteristics(limits, 0.0).power[0] < ALPHA - 1e-4
    assert operating_characteristics(limits, 0.0, obey_futility=False).power[0] == pytest.approx(ALPHA, rel=1e-6)


@pytest.mark.parametrize("family", ["lan_demets_pocock", "obrien_fleming"])
def test_beta_spending_spends_beta_by_the_information(family):
    limits = limits_with(BetaSpending("kim_demets", 0.2, 1.0), family)
    operation = operating_characteristics(limits, drift_for_power(limits, 0.8))

    np.testing.assert_allclose(np.cumsum(operation.failure[0]), [0.06, 0.14, 0.2], atol=1e-7)


def test_a_limit_that_is_not_a_number_lets_the_look_go_on():
    assert limits_with(FutilityLimits("z", (np.nan, 0.5))).futility[0] == -np.inf


def test_stopping_or_not_always_adds_up():
    operation = operating_characteristics(limits_with(FutilityLimits("z", (0.0, 0.5))), [-1.0, 0.0, 2.0])

    np.testing.assert_allclose((operation.success + operation.failure).sum(axis=1), 1.0, atol=1e-10)


def test_faults_of_futility_limits_are_named():
    rule = FutilityLimits("conditional_power", (0.1, 1.2, 0.3))
    with pytest.raises(InputError) as caught:
        limits_with(rule)

    assert [fault.where for fault in caught.value.faults] == ["futility.limits", "futility.limits"]
    with pytest.raises(InputError, match="final_information"):
        limits_with(FutilityLimits("effect", (0.1, 1.2)))


def test_every_replicate_has_the_futility_limits_of_its_own_information():
    rule = FutilityLimits("predictive_power", (0.1, 0.2))
    information, critical = np.array([[0.3, 0.7, 1.0], [0.4, 0.8, 1.1]]), np.array([2.0, 2.1])
    limits = futility_limits(rule, information, critical)

    np.testing.assert_allclose(predictive_power(limits[:, :2], information[:, :2], critical[:, None]), [[0.1, 0.2]] * 2)
    np.testing.assert_array_equal(limits[:, 2], critical)


def test_beta_spent_before_the_last_look_leaves_no_design():
    with pytest.raises(InputError, match="some of beta left to the last look"):
        limits_with(BetaSpending("user", 0.1, cumulative=(0.05, 0.1, 0.1)))


def test_a_power_that_futility_makes_impossible_is_refused():
    rule = FutilityLimits("z", (9.0,))
    limits = boundaries(BoundarySpec("lan_demets_obrien_fleming", futility=rule), (0.05, 1.0), alpha=ALPHA)

    with pytest.raises(InputError, match=r"power of 0\.9 can be reached"):
        drift_for_power(limits, 0.9)

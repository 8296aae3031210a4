"""Where simulated trials end: looks, futility on every scale, harm, and several treated arms."""

import numpy as np
import pytest
from scipy.stats import norm

from cordwise.stats.sequential import boundaries
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.trial.analyse.simulate import TrialCourse
from cordwise.trial.decide.stopping import adjusted_alpha, limits, stops_of, z_of
from trial_bank import THREE_ARMS, findings_of, simulated, uems_endpoint

REPLICATES = 1500
UEMS = [uems_endpoint(primary=True)]


def _stops(scenario=1, replicates=400, **changes):
    result = simulated(replicates=replicates, endpoints=UEMS, **changes)
    return result, stops_of(result.plan, result.scenarios[scenario], result.course)


def _estimates(p, estimate):
    values = np.asarray(estimate, float)
    return Estimates(values, values, values, np.asarray(p, float))


def test_z_has_the_side_of_the_estimate_and_the_size_of_its_p():
    z = z_of(_estimates([0.05, 0.05, 1.0, 0.0, 1.0], [2.0, -2.0, 3.0, 1.0, np.nan]))
    assert z[:2] == pytest.approx([norm.isf(0.025), -norm.isf(0.025)])
    assert z[2] == 0
    assert np.isfinite(z).all()
    assert (z[3] > 30, z[4]) == (True, 0)


@pytest.mark.parametrize(
    "looks",
    [
        {"information": [1 / 3, 2 / 3, 1.0]},
        {"information": [0.5, 1.0], "boundary": "pocock"},
        {"information": [0.5, 1.0], "boundary": "lan_demets_pocock", "futility": {"values": [0.5]}},
        {
            "information": [0.5, 1.0],
            "boundary": "obrien_fleming",
            "futility": {"scale": "predictive_power", "values": [0.1], "binding": True},
        },
    ],
    ids=["lan_demets_obrien_fleming", "pocock", "futility", "binding"],
)
def test_theory_of_looks_agrees_with_simulation(looks):
    findings = findings_of(replicates=REPLICATES, looks=looks, endpoints=UEMS)
    for scenario in findings.scenarios:
        arm = scenario.primary.arms[0]
        assert abs(arm.characteristics.reject.value - arm.theory) < 4 * arm.characteristics.reject.mcse + 0.01
    null, assumed = findings.scenarios
    assert null.reject.value <= 0.025 + 4 * np.sqrt(0.025 * 0.975 / REPLICATES)
    assert assumed.stops.enrolled.mean() < 120


def test_a_trial_that_stops_early_enrols_fewer_and_ends_sooner():
    result, stops = _stops(looks={"information": [0.5, 1.0], "boundary": "pocock"}, accrual={"sites": 1})
    early = stops.look == 0
    assert 0.2 < early.mean() < 0.8
    assert (stops.enrolled[early] < 120).any()
    assert (stops.enrolled[early] >= 60).all()
    assert (stops.enrolled[~early] == 120).all()
    assert (stops.analysed == np.where(early, 60, 120)).all()
    assert (stops.day[early] < result.course.day[early, 1]).all()
    assert (stops.success[early, 0]).all()


@pytest.mark.parametrize(
    ("scale", "value"),
    [("z", 0.7), ("p", 0.24), ("conditional_power", 0.35), ("predictive_power", 0.4), ("points", 1.0)],
)
def test_futility_stops_whoever_lies_below_it_on_every_scale(scale, value):
    looks = {"information": [0.5, 1.0], "futility": {"scale": scale, "values": [value]}}
    result, stops = _stops(scenario=0, looks=looks)
    estimates = result.scenarios[0].primary.arms[0].estimates
    z = z_of(estimates)[:, 0]
    final = boundaries_of(result.plan).efficacy[-1]
    shown = {
        "z": z,
        "p": -norm.sf(z),
        "conditional_power": norm.sf((final - z * np.sqrt(0.5)) / np.sqrt(0.5) - z * np.sqrt(0.5) / np.sqrt(0.5)),
        "predictive_power": norm.sf((final - z / np.sqrt(0.5)) / np.sqrt(1 / 0.5 - 1)),
        "points": estimates.estimate[:, 0],
    }[scale]
    below = shown < (-value if scale == "p" else value)
    assert 0.2 < below.mean() < 0.95
    assert np.array_equal(stops.futile, below & (z < stops.efficacy[:, 0]))


def boundaries_of(plan):
    from cordwise.trial.decide.stopping import boundary_spec

    return boundaries(boundary_spec(plan), [0.5, 1.0], alpha=0.025)


def test_futility_that_does_not_bind_costs_success_and_one_that_binds_gives_level_back():
    rule = {"scale": "conditional_power", "values": [0.3]}
    rates = []
    for futility in ({}, {"futility": rule}, {"futility": {**rule, "binding": True}}):
        _, stops = _stops(replicates=1000, looks={"information": [0.5, 1.0], **futility})
        rates.append((stops.any_success.mean(), stops.efficacy[0, 1]))
    assert rates[1][0] < rates[0][0]
    assert rates[2][1] < rates[1][1] == rates[0][1]
    assert rates[2][0] >= rates[1][0]


def test_looks_by_the_calendar_spend_by_what_has_come_in():
    findings = findings_of(replicates=REPLICATES, endpoints=UEMS, looks={"calendar_months": [14, 20, 40]})
    course, null = findings.result.course, findings.scenarios[0]
    assert course.followed[:, 0].std() > 0
    assert (np.diff(course.followed, axis=1) >= 0).all()
    assert (course.followed[:, -1] == 120).all()
    assert (course.day[:, 0] <= 14 * 365.25 / 12 + 1e-9).all()
    few, many = (course.followed[:, 0] == np.quantile(course.followed[:, 0], each) for each in (0.1, 0.9))
    assert null.stops.efficacy[few, 0].mean() > null.stops.efficacy[many, 0].mean()
    assert abs(null.reject.value - 0.025) < 4 * np.sqrt(0.025 * 0.975 / REPLICATES)


def test_futility_holds_at_looks_by_the_calendar_too():
    looks = {"calendar_months": [14, 40], "futility": {"values": [0.5]}}
    result, stops = _stops(scenario=0, looks=looks)
    z = z_of(result.scenarios[0].primary.arms[0].estimates)[:, 0]
    assert np.array_equal(stops.futile, z < 0.5)


def _course(harm_patient, harm_day):
    count = len(harm_patient)
    whole = np.full((count, 1), 100)
    patients, days = np.array(harm_patient), np.array(harm_day, float)
    return TrialCourse(np.full((count, 1), 500.0), whole, whole, patients, days, np.full(count, np.nan))


def test_harm_before_the_last_look_stops_a_trial_that_would_have_succeeded():
    result = simulated(replicates=3, endpoints=UEMS)
    course = _course([-1, 30, 90], [np.inf, 200.0, 600.0])
    for arm in result.scenarios[1].primary.arms:
        arm.estimates.p[:] = 0.001
    stops = stops_of(result.plan, result.scenarios[1], course)
    assert stops.harmed.tolist() == [False, True, False]
    assert stops.any_success.tolist() == [True, False, True]
    assert stops.enrolled.tolist() == [100, 30, 100]
    assert stops.day.tolist() == [500, 200, 500]


def test_a_harmful_product_stops_and_a_safe_one_hardly_ever_does():
    rule = {"event": "SAE", "tolerable_rate": 0.1, "source": "s"}
    safe, harmful = (
        findings_of(replicates=400, safety={**rule, "rate_treated": rate}).scenarios[1] for rate in (0.02, 0.3)
    )
    assert safe.stops.harmed.mean() < 0.1
    assert harmful.stops.harmed.mean() > 0.95
    assert harmful.stops.enrolled.mean() < safe.stops.enrolled.mean() / 2
    assert harmful.reject.value < safe.reject.value


@pytest.mark.parametrize("multiplicity", ["dunnett", "bonferroni", "none"])
def test_several_arms_share_the_level_unless_told_not_to(multiplicity):
    findings = findings_of(replicates=REPLICATES, multiplicity=multiplicity, **{**THREE_ARMS, "endpoints": UEMS})
    null = findings.scenarios[0]
    level = adjusted_alpha(findings.result.plan)
    assert {"bonferroni": level == 0.025, "none": level == 0.05, "dunnett": 0.025 < level < 0.05}[multiplicity]
    each = [arm.characteristics.reject.value for arm in null.primary.arms]
    assert null.reject.value < sum(each) + 1e-12
    error = 4 * np.sqrt(0.05 * 0.95 / REPLICATES)
    if multiplicity == "none":
        assert null.reject.value > 0.05 + error
    else:
        assert null.reject.value < 0.05 + error
    assert findings.scenarios[1].primary.arms[1].characteristics.reject.value > each[1] + 0.3


def test_a_trial_of_several_arms_with_looks_keeps_the_level_of_the_family():
    looks = {"information": [0.5, 1.0], "boundary": "user", "alpha_spent": [0.01, 0.025]}
    findings = findings_of(replicates=REPLICATES, looks=looks, **{**THREE_ARMS, "endpoints": UEMS})
    null = findings.scenarios[0]
    assert null.reject.value < 0.025 + 4 * np.sqrt(0.025 * 0.975 / REPLICATES)
    assert null.reject.value > 0.01
    assert null.primary.arms[0].theory is None


def test_without_looks_no_limits_are_shown():
    result, stops = _stops()
    assert np.isnan(stops.efficacy).all()
    assert not stops.futile.any()
    assert result.course.day.shape == (400, 1)


def test_limits_are_the_same_for_every_replicate_unless_the_calendar_sets_the_looks():
    result = simulated(replicates=5, looks={"information": [0.5, 1.0]}, endpoints=UEMS)
    efficacy, futility = limits(result.plan, result.course)
    assert (efficacy == efficacy[0]).all()
    assert (futility[:, 0] == -np.inf).all()

"""How many replicates a wanted error of the simulation takes, and the same replicates whatever the rounds."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.present.trial.text import answer
from cordwise.stats.monte_carlo import MonteCarloEstimate, mean, rate
from cordwise.stats.nested_means import nested_rate
from cordwise.trial.characteristics.precision import limited_by_people, simulate_to_precision
from trial_bank import EFFECTS, findings_of, prepared_trial, result_of, simulated, synthetic_bank


def _to_precision(precision, replicates=6000, on_progress=lambda _: None, **changes):
    prepared = prepared_trial(**{"size": {"total": 40}, **changes})
    return simulate_to_precision(prepared, replicates=replicates, precision=precision, on_progress=on_progress)


def _errors(result, count):
    nesting = replace(result.nesting, set_place=result.nesting.set_place[:count], group=result.nesting.group[:count])
    return [
        nested_rate(each.primary.arms[0].estimates.p[:count, -1] <= 0.05, nesting).mcse for each in result.scenarios
    ]


@pytest.mark.parametrize("precision", [0.02, 0.013])
def test_a_simulation_stops_as_soon_as_its_error_is_small_enough(precision):
    told = []
    result = _to_precision(precision, on_progress=told.append)
    assert result.replicates == sum(told)
    assert result.replicates in (1000, 2000, 4000)
    assert max(_errors(result, result.replicates)) <= precision
    assert result.replicates == 1000 or max(_errors(result, result.replicates // 2)) > precision


def test_rounds_give_the_replicates_of_one_run():
    result = _to_precision(1e-9, replicates=2000)
    assert result.replicates == 2000
    whole = simulated(replicates=2000, size={"total": 40})
    for one, other in zip(result.scenarios, whole.scenarios, strict=True):
        assert np.array_equal(one.primary.arms[0].estimates.p, other.primary.arms[0].estimates.p)
    assert np.array_equal(result.course.day, whole.course.day)


@pytest.mark.parametrize("precision", [None, 1e-9])
def test_no_more_than_the_replicates_asked_for_are_run(precision):
    assert _to_precision(precision, replicates=1500).replicates == 1500


def test_replicates_that_no_longer_help_are_not_run_and_the_text_says_why():
    bank = synthetic_bank(EFFECTS, sets=20, people=40)
    result = _to_precision(0.005, replicates=50_000, bank=bank)
    assert result.replicates < 50_000
    reject = nested_rate(result.scenarios[1].primary.arms[0].estimates.p[:, -1] <= 0.05, result.nesting)
    assert limited_by_people(reject, 0.005)
    shown = result_of(findings_of(replicates=result.replicates, bank=bank, size={"total": 40}), precision=0.005)
    assert "more replicates would not reach it: the people simulated alone leave an error of" in answer(shown)


def test_a_precision_that_is_reached_or_takes_more_replicates_is_told():
    findings = findings_of(replicates=400)
    assert "is reached; it counts replicates and people" in answer(result_of(findings, precision=0.2))
    assert "asked for" not in answer(result_of(findings))


def test_a_rate_and_a_mean_carry_their_errors():
    assert rate(np.array([True, False, False, False])) == MonteCarloEstimate(0.25, np.sqrt(0.25 * 0.75 / 4))
    found = mean(np.array([1.0, 3.0, np.nan]))
    assert (found.value, found.mcse) == (2.0, pytest.approx(1.0))
    assert np.isnan(mean(np.array([1.0, np.nan])).value)

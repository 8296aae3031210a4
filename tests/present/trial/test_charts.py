"""Charts of a trial's operating characteristics."""

import json
from dataclasses import replace

import pytest

from cordwise.present.trial.charts.operating import rate_rows, reject_rates
from cordwise.present.trial.charts.outcomes import assumed_outcomes, outcome_rows
from cordwise.present.trial.charts.sample_size import curve_rows, power_by_size
from cordwise.trial.result import PowerAtSize
from trial_bank import findings_of, result_of


@pytest.fixture(scope="module")
def trial():
    return result_of(findings_of(replicates=40))


def parts(spec):
    """Yield a specification and everything nested in it that can hold a mark or an encoding."""
    yield spec
    for name in ("layer", "hconcat", "vconcat"):
        for inner in spec.get(name, []):
            yield from parts(inner)


def channel(spec, name):
    return [part["encoding"][name] for part in parts(spec) if name in part.get("encoding", {})]


def scale(spec, name):
    return next(item["scale"] for item in channel(spec, name) if "scale" in item)


def primary(trial):
    return next(row.name for row in trial.scenarios[0].endpoints if row.primary)


def test_reject_rates_run_from_zero_to_one_in_the_order_given(trial):
    spec = reject_rates(trial.scenarios, 0.025, title="How often?")
    assert scale(spec, "x")["domain"] == [0, 1]
    assert [row["scenario"] for row in rate_rows(trial.scenarios)] == [item.name for item in trial.scenarios]
    assert all(item["sort"] is None for item in channel(spec, "y") if item.get("field") == "scenario")
    assert "promised without effect: 0.025" in json.dumps(spec)
    assert '"url"' not in json.dumps(spec)


def test_bars_stay_within_zero_and_one(trial):
    assert all(0 <= row["low"] <= row["rate"] <= row["high"] <= 1 for row in rate_rows(trial.scenarios))


def test_the_size_curve_has_a_line_a_scenario_named_at_its_end(trial):
    spec = power_by_size(trial.sample_size_curve, primary(trial), title="How many?")
    assert scale(spec, "y")["domain"] == [0, 1]
    rows = curve_rows(trial.sample_size_curve, primary(trial))
    drawn = {row["scenario"] for row in rows}
    assert drawn == {item.name for item in trial.scenarios if not item.is_null}
    assert curve_rows(trial.sample_size_curve, "another endpoint") == []
    names = channel(spec, "color")[0]["scale"]
    assert len(names["domain"]) == len(names["range"]) == len(drawn)


def test_more_scenarios_than_colours_still_have_a_colour_each():
    curve = [
        PowerAtSize(
            scenario=f"scenario {number}",
            endpoint="LEMS",
            n_per_arm=size,
            reject_rate=0.1,
            mcse=0.01,
            total_error=0.02,
            low95=0.06,
            high95=0.14,
            extrapolated=size > 20,
        )
        for number in range(9)
        for size in (20, 40)
    ]
    names = channel(power_by_size(curve, "LEMS", title="How many?"), "color")[0]["scale"]
    assert len(names["range"]) == len(names["domain"]) == 9


def test_outcomes_need_both_means(trial):
    scenarios, name = trial.scenarios, primary(trial)
    assert len(outcome_rows(scenarios, name)) == 2 * len(scenarios)
    without = [replace(row, control_mean=None) for row in scenarios[0].endpoints]
    some = (replace(scenarios[0], endpoints=tuple(without)), *scenarios[1:])
    assert len(outcome_rows(some, name)) == 2 * len(scenarios) - 2
    spec = assumed_outcomes(scenarios, name, "points", title="What is assumed?")
    assert f"{name} (points)" in {item.get("title") for item in channel(spec, "x")}

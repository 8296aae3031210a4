"""From who is enrolled to what an analysis sees: losses, further events and assessors, as the estimand says."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.trial.enrol.enrolment import enrol
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.potential_outcomes import potential_outcomes_of
from cordwise.trial.plan.plan import plan_trial
from trial_bank import THREE_ARMS, ais_endpoint, shared_bank, synthetic_design, uems_endpoint

LOSSES = {"rate": 0.4, "log_odds_per_motor_point": -0.02, "source": "s"}
PAIRS = {"name": "E", "measure": "hierarchical", "components": ["ais_grade", "total_motor_change"], "day": 225}
STIM = {"name": "stim", "rate": 0.5, "points": {"uems": 4}, "source": "s"}


def _seen(endpoint, scenario=1, arm=1, **changes):
    endpoint = {**endpoint, "primary": True}
    plan = plan_trial(synthetic_design(endpoints=[endpoint], **{"dropout": LOSSES, **changes}))
    potential_outcomes = potential_outcomes_of(plan, shared_bank(), plan.scenarios[scenario])[0]
    enrolled = enrol(plan, shared_bank(), Streams(1), name="x", block=0, size=plan.total)
    return trials_of(plan, potential_outcomes, enrolled, arm), potential_outcomes, enrolled


def _withdrawn(potential_outcomes, enrolled):
    return enrolled.withdrawal < potential_outcomes.losses.withdrawn[enrolled.row, -1]


def test_complete_cases_leave_out_who_withdrew_and_keep_the_rest_as_they_are():
    trials, potential_outcomes, enrolled = _seen(uems_endpoint())
    gone = _withdrawn(potential_outcomes, enrolled)
    assert 0.35 < gone.mean() < 0.45
    assert np.array_equal(trials.analysed, ~gone)
    assert np.array_equal(trials.outcome, potential_outcomes.outcome[enrolled.arm, enrolled.row])
    assert np.array_equal(trials.baseline, potential_outcomes.baseline[enrolled.row])


def test_a_composite_counts_who_withdrew_as_the_worst():
    trials, potential_outcomes, enrolled = _seen(ais_endpoint())
    gone = _withdrawn(potential_outcomes, enrolled)
    assert trials.analysed.all()
    assert (trials.outcome[gone] == 0).all()
    score, potential_outcomes, enrolled = _seen(
        uems_endpoint(missing="worst_score", estimand={"strategy": "composite"})
    )
    gone = _withdrawn(potential_outcomes, enrolled)
    assert np.array_equal(score.outcome[gone], -potential_outcomes.baseline[enrolled.row][gone])


def test_the_last_value_seen_stands_for_who_withdrew_later():
    trials, potential_outcomes, enrolled = _seen(
        uems_endpoint(missing="last_seen", estimand={"strategy": "while_on_treatment"})
    )
    by_visit = enrolled.withdrawal[:, :, None] < potential_outcomes.losses.withdrawn[enrolled.row]
    never = by_visit[:, :, 0]
    assert np.array_equal(trials.analysed, ~never)
    between = by_visit[:, :, 1] & ~never
    first = potential_outcomes.series[enrolled.arm, enrolled.row, 0]
    assert between.any()
    assert np.array_equal(trials.outcome[between], first[between])


@pytest.mark.parametrize("missing", ["multiple_imputation", "jump_to_reference", "modelled"])
def test_models_of_the_missing_see_every_visit_that_was_kept(missing):
    analysis = {"analysis": "mmrm"} if missing == "modelled" else {}
    trials, potential_outcomes, enrolled = _seen(
        {"name": "E", "measure": "uems_change", "day": 225, "missing": missing, **analysis}
    )
    gone = enrolled.withdrawal[:, :, None] < potential_outcomes.losses.withdrawn[enrolled.row]
    assert np.array_equal(trials.visits.observed, ~gone)
    assert trials.analysed.all()
    assert np.array_equal(trials.visits.outcome[..., -1], trials.outcome)


@pytest.mark.parametrize(
    ("strategy", "fatal"), [("treatment_policy", False), ("hypothetical", False), ("composite", False), (None, True)]
)
def test_a_further_event_counts_as_its_strategy_says(strategy, fatal):
    estimand = {"strategy": "hypothetical", "events": {"stim": strategy} if strategy else {}}
    trials, potential_outcomes, enrolled = _seen(
        uems_endpoint(estimand=estimand),
        intercurrent_events=[{**STIM, "fatal": fatal}],
        dropout={"rate": 0.0, "source": "s"},
    )
    happened = enrolled.event[:, :, 0] < potential_outcomes.losses.event[enrolled.row, -1, 0]
    plain = potential_outcomes.outcome[enrolled.arm, enrolled.row]
    if strategy == "treatment_policy":
        assert trials.analysed.all()
        moved = trials.outcome - plain
        assert (moved[~happened] == 0).all()
        assert set(np.unique(moved[happened])) <= {0, 1, 2, 3, 4}  # the scale ends at 50
        assert (moved[happened] == 4).mean() > 0.9
    elif strategy == "composite":
        assert trials.analysed.all()
        assert np.array_equal(trials.outcome[happened], potential_outcomes.worst[enrolled.row][happened])
    else:
        assert np.array_equal(trials.analysed, ~happened)


def test_assessors_who_know_the_arm_lift_the_treated_alone_and_within_the_scale():
    sway = {"assessment": {"blinded": False, "upgrade_rate": 0.3, "points": {"uems": 6}, "source": "s"}}
    fair, _, _ = _seen(ais_endpoint(), dropout={"rate": 0.0, "source": "s"})
    swayed, _, _ = _seen(ais_endpoint(), dropout={"rate": 0.0, "source": "s"}, **sway)
    lifted = swayed.outcome - fair.outcome
    assert (lifted[~fair.treated] == 0).all()
    assert (lifted[fair.treated & (fair.outcome == 1)] == 0).all()
    share = lifted[fair.treated & (fair.outcome == 0)].mean()
    assert share == pytest.approx(0.3, abs=0.04)
    points, potential_outcomes, enrolled = _seen(uems_endpoint(), **sway)
    after = points.outcome + potential_outcomes.baseline[enrolled.row]
    assert after.max() <= 50


@pytest.mark.parametrize(
    ("measure", "given"), [("motor_incomplete", {}), ("ais_improvement", {"improved_grades": 2}), ("ais_grade", {})]
)
def test_one_grade_too_high_changes_a_response_only_where_a_grade_was_wanting(measure, given):
    endpoint = {"name": "E", "measure": measure, "day": 225, **given}
    never = {"dropout": {"rate": 0.0, "source": "s"}}
    sway = {"assessment": {"blinded": False, "upgrade_rate": 0.99, "source": "s"}}
    fair, _, _ = _seen(endpoint, **never)
    swayed, _, enrolled = _seen(endpoint, **never, **sway)
    bank = shared_bank()
    grade, before = bank.outcomes["assumed: cells"].ais[:, -1].astype(int), bank.baseline_ais.astype(int)
    wanting = {
        "motor_incomplete": (grade == 1) & (before < 2),
        "ais_improvement": grade - before == 1,
        "ais_grade": grade < 4,
    }[measure][enrolled.row]
    lifted = swayed.outcome - fair.outcome
    assert np.array_equal(lifted == 1, fair.treated & wanting & (enrolled.rater < 0.99))
    assert set(np.unique(lifted)) == {0, 1}


def test_components_follow_the_arm_and_fall_below_everybody_for_who_failed():
    trials, potential_outcomes, enrolled = _seen({**PAIRS, "missing": "worst_score"})
    gone = _withdrawn(potential_outcomes, enrolled)
    assert trials.components[gone].max() < trials.components[~gone].min()
    kept = potential_outcomes.components[enrolled.arm, enrolled.row]
    assert np.array_equal(trials.components[~gone], kept[~gone])


def test_what_is_shown_of_a_composite_does_not_change_with_events_that_do_not_touch_it():
    plain, _, _ = _seen(PAIRS)
    with_another, _, _ = _seen(PAIRS, intercurrent_events=[STIM])
    assert np.array_equal(plain.outcome, with_another.outcome)
    assert plain.outcome.max() > 1


def test_muscles_are_those_of_the_score_that_is_analysed():
    for measure, width in (("uems_change", 5), ("lems", 5), ("total_motor", 10)):
        trials, _, _ = _seen({"name": "E", "measure": measure, "day": 225, "analysis": "transitional_ordinal"})
        assert trials.items.outcome.shape == (*trials.outcome.shape, 2, width)
        total = trials.items.outcome.sum(axis=(2, 3))
        before = trials.items.baseline.sum(axis=(2, 3))
        assert np.array_equal(total - (before if measure == "uems_change" else 0), trials.outcome)


def test_a_pair_of_arms_leaves_the_third_out():
    low, _, enrolled = _seen(uems_endpoint(), arm=1, **THREE_ARMS)
    high, _, _ = _seen(uems_endpoint(), arm=2, **THREE_ARMS)
    assert not (low.analysed & (enrolled.arm == 2)).any()
    assert not (high.analysed & (enrolled.arm == 1)).any()
    assert np.array_equal(low.analysed & (enrolled.arm == 0), high.analysed & (enrolled.arm == 0))


def test_an_analysis_sees_only_the_patients_of_its_look():
    trials, _, _ = _seen(uems_endpoint())
    assert np.array_equal(trials.of_first(30).analysed[:, :30], trials.analysed[:, :30])
    assert not trials.of_first(30).analysed[:, 30:].any()
    assert replace(trials, analysed=trials.analysed).of_first(10**6).analysed.sum() == trials.analysed.sum()

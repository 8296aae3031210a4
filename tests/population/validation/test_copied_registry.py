from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from cordwise.population.validation.copied_registry import copied_draws, registry_spread
from rival_rows import SCORE, SHARE, many_scores, score, share, spread_of

COPIED_SCORE, COPIED_SHARE = SCORE.value, SHARE.value


def test_the_spread_is_the_distance_from_emsci_less_the_sampling_error():
    rows = tuple(score(COPIED_SCORE + off, sd=10, n=100) for off in (-3.0, 1.0, 4.0))
    found = registry_spread("uems", rows)
    assert found.sd == pytest.approx(np.sqrt((9 + 1 + 16) / 3 - 1.0))
    assert found.strata == 1


def test_rows_of_one_source_and_grade_are_one_stratum():
    rows = (score(20.0), score(22.0, followup_day=183.0), score(25.0, source="Elsewhere 2"))
    assert registry_spread("uems", rows).strata == 2


def test_registries_that_differ_by_chance_alone_have_no_spread():
    assert registry_spread("uems", tuple(score(COPIED_SCORE + off, sd=10, n=4) for off in (-3.0, 1.0, 4.0))).sd == 0.0


def test_shares_spread_on_log_odds():
    n = 1_000_000
    rows = tuple(share(float(expit(logit(COPIED_SHARE) + off)), n) for off in (-1.0, 0.5, 0.5))
    assert registry_spread("ais", rows).sd == pytest.approx(np.sqrt(1.5 / 3), rel=1e-3)


def test_a_score_that_few_rows_show_spreads_as_all_scores_do_relative_to_the_largest():
    rows = tuple(score(COPIED_SCORE + off, sd=1e-3) for off in (-5.0, 5.0, 5.0))
    assert registry_spread("uems", rows).sd == pytest.approx(5.0, rel=1e-3)
    assert registry_spread("light_touch", rows).sd == pytest.approx(5.0 * 112 / 50, rel=1e-3)


def test_the_error_of_a_score_without_a_printed_sd_is_not_taken_out():
    rows = tuple(score(COPIED_SCORE + off, sd=np.nan) for off in (-2.0, 2.0, 2.0))
    assert registry_spread("uems", rows).sd == pytest.approx(2.0)


def test_without_other_registries_nothing_is_forecast():
    own = replace(SHARE, source="Spiess2009 via another")
    random = np.random.default_rng(1)
    assert np.isnan(copied_draws((share(0.2, 50),), (own,), ("a",), 10, random)).all()
    assert np.isnan(copied_draws((share(0.2, 50),), (), ("a",), 10, random)).all()
    assert copied_draws((), (own,), (), 10, random).shape == (10, 0)


def test_what_emsci_did_not_print_is_not_forecast():
    others = (share(0.2, 500), share(0.4, 500), share(0.3, 50))
    unknown = replace(SHARE, baseline_grade_low=1, baseline_grade_high=1)
    found = copied_draws((unknown, share(0.2, 50)), others, ("a", "a"), 10, np.random.default_rng(1))
    assert np.isnan(found[:, 0]).all()
    assert np.isfinite(found[:, 1]).all()


def test_the_draws_hold_the_spread_and_the_sampling_error():
    random = np.random.default_rng(2)
    others = tuple(score(COPIED_SCORE + off, sd=1e-3) for off in (-3.0, 3.0, 3.0))
    found = copied_draws((score(20.0, sd=8, n=4),), others, ("a",), 40_000, random)[:, 0]
    assert found.mean() == pytest.approx(COPIED_SCORE, abs=0.1)
    assert spread_of(found) == pytest.approx(np.hypot(3.0, 4.0), rel=0.03)


def test_a_share_is_of_as_many_people_as_the_registry_has():
    others = (share(0.25, 500), share(0.35, 500), share(0.3, 500))
    found = copied_draws((share(0.3, 7),), others, ("a",), 500, np.random.default_rng(3))
    np.testing.assert_allclose(found * 7, np.round(found * 7), atol=1e-9)


def test_rows_of_a_registry_and_stratum_move_together_and_those_of_two_registries_do_not():
    others = tuple(score(COPIED_SCORE + off, sd=1e-3) for off in (-4.0, 4.0, 4.0))
    targets = (score(20.0, sd=1e-3), score(20.0, sd=1e-3, followup_day=183.0), score(20.0, sd=1e-3))
    found = np.corrcoef(copied_draws(targets, others, ("a", "a", "b"), 4000, np.random.default_rng(4)).T)
    assert found[0, 1] > 0.99
    assert abs(found[0, 2]) < 0.1


def test_where_more_convert_fewer_keep_their_grade():
    others = (share(0.1, 5000), share(0.5, 5000), share(0.3, 5000))
    stayed = share(0.7, 5000, category="A", category_low=0, category_high=0)
    found = copied_draws((share(0.3, 5000), stayed), others, ("a", "a"), 2000, np.random.default_rng(5))
    assert np.corrcoef(found.T)[0, 1] < -0.9


def test_a_spread_that_three_registries_show_is_wider_if_it_counts_as_unknown():
    others = tuple(
        score(COPIED_SCORE + off, sd=1e-3, source=name) for name, off in (("one", -2.0), ("two", 2.0), ("three", 2.0))
    )
    known, unknown = (
        copied_draws(
            (score(20.0, sd=1e-3),), others, ("a",), 20_000, np.random.default_rng(6), is_spread_known=is_known
        )
        for is_known in (True, False)
    )
    assert spread_of(unknown) / spread_of(known) == pytest.approx(3.182 / 1.96, rel=0.05)  # t of 3, 97.5 %


def test_registries_that_scatter_about_emsci_are_covered():
    random = np.random.default_rng(7)
    rows, _ = many_scores(random, COPIED_SCORE, 3.0, 240)
    others, targets = rows[:40], rows[40:]
    names = tuple(str(place) for place in range(len(targets)))
    draws = copied_draws(targets, others, names, 1000, random)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    inside = np.mean([low[i] <= row.value <= high[i] for i, row in enumerate(targets)])
    assert abs(inside - 0.95) < 0.06

import numpy as np
import pytest

from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.population.fit.misfit import residual_owners
from cordwise.population.posterior import load_posterior
from cordwise.population.validation.cross_validation import (
    cross_validate,
    cross_validation,
    forecast_from_neighbours,
    rmse_of,
    strata,
)
from cordwise.present.presenters import read_result, report_html

TARGETS = tuple(packaged_targets())


def test_every_score_of_emsci_lies_in_one_stratum():
    scores = [row for row in TARGETS if "EMSCI tables" in row.source]
    assert all(sum(stratum.holds(row) for stratum in strata()) == 1 for row in scores)


def test_no_other_registry_is_left_out_with_a_stratum():
    others = [row for row in TARGETS if "EMSCI" not in row.source]
    assert not any(stratum.holds(row) for stratum in strata() for row in others)


def test_every_residual_knows_its_target():
    owners = residual_owners(TARGETS, 1000)
    spreads = sum(np.isfinite(row.sd) and row.measure != "ais" for row in TARGETS)
    assert len(owners) == 1000
    np.testing.assert_array_equal(owners[: len(TARGETS)], np.arange(len(TARGETS)))
    assert (owners >= len(TARGETS)).sum() == 0
    assert (owners >= 0).sum() == len(TARGETS) + spreads


def test_without_its_own_curve_a_stratum_copies_the_mean_of_the_grades_beside_it():
    figure = {(row.baseline_ais, row.followup_day): row.value for row in TARGETS
              if row.measure == "lems" and row.levels == "C1-T1" and "EMSCI" in row.source}  # fmt: skip
    of_b = next(row for row in TARGETS if row.measure == "lems" and row.levels == "C1-T1" and row.baseline_ais == "B")
    stratum = next(each for each in strata() if each.holds(of_b))
    both_neighbours = [figure[grade, of_b.followup_day] for grade in "AC"]
    assert forecast_from_neighbours(of_b, stratum) == pytest.approx(np.mean(both_neighbours))


@pytest.mark.slow
def test_what_was_left_out_is_missed_at_most_half_as_much_again_as_the_goals_allow():
    found = cross_validate(TARGETS, load_posterior().best, Streams(1), patients=4000)
    goals = {"uems": 2.0, "lems": 2.0, "light_touch": 4.0, "pin_prick": 4.0}
    missed, copied = rmse_of(found, "predicted"), rmse_of(found, "copied")
    for measure, goal in goals.items():
        assert missed[measure] <= 1.5 * goal, measure
        assert missed[measure] < copied[measure], measure
    result = cross_validation(found, Provenance("population cross-validate", 1, "targets.csv", ""))
    assert result.rmse.predicted == missed
    assert "left out" in str(result)
    assert read_result(result.to_dict()) == result
    assert "D T2-S5" in report_html(result)

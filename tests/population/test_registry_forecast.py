from dataclasses import replace

import numpy as np
import pytest

from cordwise.evidence import packaged_targets
from cordwise.population.observation import is_home
from cordwise.population.registry_forecast import copied_forecasts, emsci_curves, registry_forecast_figure

TARGETS = tuple(packaged_targets())
LEMS_B_TETRA = next(row for row in TARGETS if row.target_id == "NH0297")  # Sygen, AIS B, C1-T1
EMSCI = {
    (row.measure, row.baseline_ais, row.levels, row.followup_day): row.value for row in TARGETS if is_home(row)
}  # fmt: skip


def test_at_a_printed_visit_the_copy_is_what_emsci_printed():
    later = replace(LEMS_B_TETRA, followup_day=183.0)
    assert registry_forecast_figure(later) == EMSCI["lems", "B", "C1-T1", 183.0]


def test_between_visits_the_copy_lies_between_them_and_after_the_last_it_stays():
    between, after = (registry_forecast_figure(replace(LEMS_B_TETRA, followup_day=day)) for day in (250.0, 1825.0))
    half, year = (EMSCI["lems", "B", "C1-T1", day] for day in (183.0, 365.0))
    assert min(half, year) < between < max(half, year)
    assert after == year


def test_a_change_is_copied_from_the_middle_of_the_baseline_window():
    change = replace(
        LEMS_B_TETRA, measure="lems_change", baseline_day_min=28.0, baseline_day_max=28.0, followup_day=365.0
    )
    assert registry_forecast_figure(change) == pytest.approx(
        EMSCI["lems", "B", "C1-T1", 365.0] - EMSCI["lems", "B", "C1-T1", 28.0]
    )


def test_all_levels_together_are_copied_as_a_mean_of_both_groups():
    everyone = replace(LEMS_B_TETRA, level_last=28, followup_day=365.0)
    low, high = sorted(EMSCI["lems", "B", levels, 365.0] for levels in ("C1-T1", "T2-S5"))
    assert low < registry_forecast_figure(everyone) < high


def test_the_share_improved_of_grade_a_is_copied_from_b_to_e():
    share = next(row for row in TARGETS if row.target_id == "NH0446")
    improved = replace(share, source="another", category="improved", is_improvement=True, category_low=0)
    assert registry_forecast_figure(improved) == share.value


def test_emsci_does_not_copy_itself():
    found = copied_forecasts(TARGETS)
    home = np.array([is_home(row) for row in TARGETS])
    assert np.isnan(found[home]).all()
    assert np.isfinite(found[~home]).mean() > 0.9
    assert len(emsci_curves()) >= 4 * 2 * 3

"""Parameters drawn together: what each condition sees, the sets that ship, and how often draws violate one."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.cord.course import Resolution
from cordwise.cord.parameters import Species, load_parameters, tissue_parameter_rows
from cordwise.experiment.joint_conditions import (
    CONDITIONS,
    Draws,
    draw_sets,
    joint_conditions,
    rates_of,
    violations,
)
from cordwise.experiment.lesion import usual_width_mm
from cordwise.experiment.tables import setting

HIGHEST_RATE = {Species.HUMAN: 0.12, Species.RODENT: 0.18}  # of draws that violate any condition, on either axis


def _shipped(species, **changes):
    """Return the set that ships with a mild, a moderate and a severe lesion of the usual width."""
    parameters = load_parameters(species)._replace(**changes)
    severities = np.array([setting(f"severity_{name}", species) for name in ("mild", "moderate", "severe")])
    widths = np.array([usual_width_mm(severity, species) for severity in severities])
    return Draws(severities, widths, parameters, species)


@pytest.mark.slow
@pytest.mark.parametrize("species", Species)
def test_the_sets_that_ship_keep_every_condition_on_cells_of_one_millimetre(species):
    found = violations(_shipped(species), Resolution.FINE)
    assert {name: int(values.sum()) for name, values in found.items()} == dict.fromkeys(CONDITIONS, 0)


@pytest.mark.slow
def test_alarmin_that_sets_itself_free_makes_a_front_and_keeps_a_pulse():
    runaway = _shipped(Species.HUMAN, alarmin_per_loss=40.0, grey_alarmin_hazard=60.0, alarmin_safe=0.001,
                       axon_macrophage_hazard=6.0)  # fmt: skip
    found = violations(runaway, Resolution.FINE)
    assert found["bounded"].any() or found["front"].any()
    assert found["far grey matter"].any()


@pytest.mark.slow
def test_a_lesion_that_grows_after_the_first_week_counts_as_creep():
    assert violations(_shipped(Species.HUMAN, alarmin_per_loss=2.0), Resolution.FINE)["creep"].all()
    assert not violations(_shipped(Species.HUMAN, alarmin_per_loss=0.0), Resolution.FINE)["creep"].any()


def test_a_condition_does_not_depend_on_how_draws_are_cut_into_parts():
    draws = draw_sets(Species.HUMAN, 300, Streams(2))
    alone = violations(draws.part(250, 300), Resolution.STANDARD)
    together = violations(draws, Resolution.STANDARD)
    for name in CONDITIONS:
        np.testing.assert_array_equal(together[name][250:], alone[name])


def test_draws_lie_around_the_fitted_rates_and_lesions_fill_their_ranges():
    draws = draw_sets(Species.RODENT, 4000, Streams(3))
    fitted = load_parameters(Species.RODENT)
    drawn = np.log(draws.parameters.monocyte_entry / fitted.monocyte_entry)
    row = next(row for row in tissue_parameter_rows() if row.name == "monocyte_entry")
    wide = np.log(row.high90 / row.low90) / (2 * 1.6449)
    assert abs(drawn.mean()) < 4 * wide / np.sqrt(4000)
    assert abs(drawn.std() / wide - 1) < 4 / np.sqrt(2 * 4000)
    assert (draws.severity.min(), draws.severity.max()) == pytest.approx((0.2, 1.0), abs=0.002)
    assert draws.width_mm.max() == pytest.approx(15 / 6, abs=0.01)
    assert (
        draw_sets(Species.RODENT, 5, Streams(3), share=0.0).parameters.monocyte_entry == fitted.monocyte_entry
    ).all()


def test_a_rate_comes_with_its_monte_carlo_error():
    violated = dict.fromkeys(CONDITIONS, np.zeros(100, bool)) | {"creep": np.arange(100) < 10}
    rates = {rate.condition: rate for rate in rates_of(violated)}
    assert rates["creep"] == replace(rates["any"], condition="creep")
    assert (rates["any"].violated, rates["any"].rate, rates["any"].mcse) == (10, 0.1, pytest.approx(0.03))
    assert rates["front"].mcse == 0


def test_draws_that_are_not_finite_count_as_not_bounded():
    wild = _shipped(Species.HUMAN, alarmin_per_loss=1e30, debris_per_loss=1e38)
    found = violations(replace(wild, severity=np.full(3, 1.0)), Resolution.STANDARD)
    assert found["bounded"].all()


@pytest.mark.slow
def test_draws_over_the_whole_ranges_seldom_violate_a_condition():
    result = joint_conditions(400, Streams(1))
    assert len(result.cords) == 4
    for cord in result.cords:
        any_of_them = cord.rates[-1]
        assert any_of_them.rate < HIGHEST_RATE[cord.species] + 4 * any_of_them.mcse

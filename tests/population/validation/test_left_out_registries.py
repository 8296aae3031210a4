"""Registries left out in turn: their own figures and places never enter their forecast."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.population.fit.figures import SCORE, SHARE
from cordwise.population.fit.hierarchy import Hierarchy
from cordwise.population.fit.refit import shipped_linearisation
from cordwise.population.fit.scales import find_mode
from cordwise.population.validation import left_out_registries
from cordwise.population.validation.left_out_registries import (
    COPIED,
    META,
    MODEL,
    entry_figures,
    leave_registries_out,
    means_of,
    narrowed_by,
)

ENTRY_DAYS = 7


def part_of_the_fit():
    """Return all shares and some of the means of the fit that ships: a model that is quickly fitted again."""
    near = shipped_linearisation().near
    figures = near.figures
    chosen = figures.kind == SHARE
    for name, every in (("EMSCI", 9), ("Sygen", 8)):
        chosen |= (figures.of(name) & (figures.kind == SCORE)) & (np.arange(len(figures)) % every == 0)
    chosen |= np.isin(figures.kind, (SHARE, SCORE)) & ~figures.of("EMSCI") & ~figures.of("Sygen")
    targets = tuple(figures.targets[place] for place in np.flatnonzero(chosen))
    part = near.only(chosen)
    return replace(part, figures=replace(part.figures, targets=targets))


NEAR = part_of_the_fit()
FULL = find_mode(Hierarchy(NEAR))


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(left_out_registries, "_SCALES", 12)
    monkeypatch.setattr(left_out_registries, "_PER_SCALE", 20)


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(left_out_registries, "_SCALES", 12)
        patch.setattr(left_out_registries, "_PER_SCALE", 20)
        return leave_registries_out(NEAR, FULL, Streams(1))


def test_every_registry_but_emsci_is_left_out_once_with_all_its_means(found):
    assert [each.name for each in found] == [name for name in NEAR.figures.registries if name != "EMSCI"]
    for each in found:
        assert len(each.targets) == means_of(NEAR, each.name).sum() == len(each.predicted)
        assert set(each.forecasts) == {MODEL, COPIED, META}
        assert (each.low95 <= each.predicted).all()
        assert (each.predicted <= each.high95 + 0.005).all()  # the mean of a share that is nearly always none


def test_shares_are_forecast_as_shares(found):
    for each in found:
        share = np.array([target.measure == "ais" for target in each.targets])
        assert (each.low95[share] >= 0).all()
        assert (each.high95[share] <= 1).all()


def test_what_a_registry_printed_and_where_it_lies_does_not_enter_its_forecast():
    number = NEAR.figures.registries.index("Rome")
    own, moved = NEAR.figures.registry == number, NEAR.point.effects.copy()
    moved[number] += 0.7
    others = Hierarchy(NEAR)
    at_point = NEAR.at_point + own * (others.own @ np.full(moved.shape[1], 0.7))  # the same figures of all places
    value = np.where(own, 0.123, NEAR.figures.value)
    changed = replace(
        NEAR,
        figures=replace(NEAR.figures, value=value),
        point=NEAR.point._replace(effects=moved),
        at_point=at_point,
    )
    one, two = (
        next(each for each in leave_registries_out(near, FULL, Streams(2), with_rivals=False) if each.name == "Rome")
        for near in (NEAR, changed)
    )
    np.testing.assert_allclose(two.predicted, one.predicted, atol=1e-6)
    np.testing.assert_allclose(two.high95, one.high95, atol=1e-6)


def test_registries_that_are_thought_to_lie_farther_apart_are_forecast_more_widely():
    widths = []
    for factor in (0.3, 3.0):
        each = leave_registries_out(NEAR, FULL, Streams(3), spread_factor=factor, with_rivals=False)
        widths.append(
            np.concatenate([one.high95 - one.low95 for one in each if one.name not in ("Sygen", "Vancouver")])
        )
    assert widths[0].mean() < 0.9 * widths[1].mean()


def test_the_same_seed_gives_the_same_forecasts():
    one, two = (leave_registries_out(NEAR, FULL, Streams(4), with_rivals=False) for _ in range(2))
    for first, again in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.predicted, again.predicted)


def test_a_registrys_own_first_figure_draws_the_forecast_of_its_others_nearer():
    own = means_of(NEAR, "Marino1999")
    known = np.zeros(len(own), bool)
    known[np.flatnonzero(own & (NEAR.figures.grade_names == "A"))[0]] = True
    sets = {people: narrowed_by(NEAR, FULL, Streams(5), "Marino1999", known, people) for people in (2.0, 5000.0)}
    for each in sets.values():
        assert len(each.targets) == own.sum() - 1
    place = int(np.flatnonzero(known)[0])
    assert NEAR.figures.targets[place] not in sets[2.0].targets
    alike = [k for k, target in enumerate(sets[2.0].targets) if target.baseline_ais == "A"]
    # What is surprising widens what registries may be, so that it is the mean that must come nearer.
    missed = {people: np.abs(each.forecasts[MODEL].error[alike]).mean() for people, each in sets.items()}
    assert missed[5000.0] < missed[2.0]


def test_entry_figures_are_those_of_the_first_week():
    days = np.array([target.followup_day for target in NEAR.figures.targets])
    entry = entry_figures(NEAR, "Sygen")
    assert entry.any()
    assert (days[entry] <= ENTRY_DAYS).all()
    assert (days[means_of(NEAR, "Sygen") & ~entry] > ENTRY_DAYS).all()


@pytest.mark.slow
def test_intervals_of_registries_that_were_left_out_hold_most_of_their_figures():
    whole = shipped_linearisation()
    found = leave_registries_out(whole.near, whole.mode, Streams(1), with_rivals=False)
    inside = np.concatenate([each.forecasts[MODEL].is_inside for each in found])
    assert inside.mean() > 0.8

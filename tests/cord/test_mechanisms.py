"""What each mechanism of the cord does, alone and in a whole injury; statements that hang on no fitted value."""

import numpy as np
import pytest
from scipy.integrate import odeint

from cordwise.cord.barrier import leak_rates, protease
from cordwise.cord.changes import Action, Change
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import Forcing
from cordwise.cord.kinetics import Site, State, kinetics
from cordwise.cord.microglia import microglia_rates
from cordwise.cord.nodes import broken_left, node_repair_rates, open_channels, share_conducting
from cordwise.cord.parameters import load_parameters
from cordwise.cord.perfusion import flow, ischaemia, pressure
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import simulate_tissue, tissue_history
from cordwise.cord.tracts import corticospinal_axons, leukocyte_harm

P = load_parameters("rodent")
HUMAN = load_parameters("human")
DAYS = (0.0, 0.5, 1.0, 3.0, 7.0, 14.0, 28.0, 42.0)
YEAR = 365.0


def _rat(changes=(), days=DAYS, severity=0.8, **changed):
    return tissue_history(severity, 2.0, days, species="rodent", parameters=P._replace(**changed), changes=changes)


def _lever(name, amount, from_day=0.0, to_day=1e6, action=Action.ADD):
    return Change(name, action, amount, from_day, to_day)


def _centre(history, field):
    return history.fields[field][:, history.axis_mm.size // 2]


# Leukocytes


def test_taking_away_one_kind_of_leukocyte_does_little_where_the_other_is_enough():
    crowd = 6 * P.leukocyte_half
    both = leukocyte_harm(crowd / P.neutrophil_weight, crowd, 0.0, P)
    without_neutrophils = leukocyte_harm(0.0, crowd, 0.0, P)
    without_macrophages = leukocyte_harm(crowd / P.neutrophil_weight, 0.0, 0.0, P)
    assert leukocyte_harm(0.0, 0.0, 0.0, P) == 0
    assert without_neutrophils == pytest.approx(without_macrophages)
    assert both - without_neutrophils < 0.03 * both


def test_where_leukocytes_are_few_the_two_kinds_do_more_together_than_each_alone():
    few = 0.1 * P.leukocyte_half
    both = leukocyte_harm(few / P.neutrophil_weight, few, 0.0, P)
    assert both > 1.9 * (leukocyte_harm(few / P.neutrophil_weight, 0.0, 0.0, P) + leukocyte_harm(0.0, few, 0.0, P))


def test_a_full_border_protects_by_its_shield():
    open_, walled = (leukocyte_harm(1.0, 1.0, border, P) for border in (0.0, 1.0))
    assert walled == pytest.approx((1 - P.border_shield) * open_)


def test_blocking_adhesion_lowers_neutrophils_less_where_blood_carries_them_in():
    def share_left(blood):
        blocked, free = (_rat(changes, (0.5, 1.0), neutrophil_blood=blood).fields["neutrophil"].max()
                         for changes in ([_lever("adhesion", 0.7, action=Action.BLOCK)], ()))  # fmt: skip
        return blocked / free

    assert share_left(0.02) < share_left(0.5) < 1


# Barrier


def test_proteases_reopen_what_the_blow_opened_and_nothing_more():
    everywhere = P._replace(leak_closure=0.0)
    for opened in (0.0, 0.4, 1.0):
        made, lost = leak_rates(opened, protease(3.0, 3.0, 1.0, P), 0.0, 0.0, 0.0, everywhere)
        assert made / lost == pytest.approx(opened)  # where the leak comes to rest
        made, lost = leak_rates(opened, 0.0, 0.0, 0.0, 0.0, everywhere)
        assert (made, lost) == (0.0, 0.0)


def test_the_leak_never_passes_what_the_blow_opened_however_strong_the_proteases():
    history = _rat(leak_reopening=50.0)
    leak = history.fields["leak"]
    opened = leak[0] / P.impact_leak_at_once  # a part of it at once, the rest by proteases
    assert (leak <= opened * (1 + 1e-5) + 1e-6).all()
    assert _centre(history, "leak")[-1] > 2 * _centre(_rat(), "leak")[-1]


def test_blocking_proteases_in_the_first_days_closes_the_barrier_and_keeps_neutrophils_out():
    blocked = _rat([_lever("protease", 1.0, 0.1, 3.0, Action.BLOCK)])
    natural = _rat()
    at_day_3 = DAYS.index(3.0)
    for field in ("leak", "neutrophil"):
        assert _centre(blocked, field)[at_day_3] < _centre(natural, field)[at_day_3]


# Pressure and flow


def test_pressure_adds_water_and_blood_against_the_dura_and_what_squeezes():
    assert pressure(0.0, 0.0, 1.0, 0.0, P) == P.pressure_rest
    closed, opened = (pressure(0.8, 0.3, dura, 0.0, P) for dura in (1.0, 0.38))
    assert (opened - P.pressure_rest) == pytest.approx(0.38 * (closed - P.pressure_rest))
    assert pressure(0.8, 0.3, 1.0, 12.0, P) == pytest.approx(closed + 12)


def test_flow_is_autoregulated_above_a_pressure_and_falls_to_nothing_below_it():
    reserve = P.arterial_pressure - P.pressure_autoregulated
    assert flow(0.0, 0.0, 0.0, P) == flow(0.0, reserve, 0.0, P) == 1
    middle = P.arterial_pressure - (P.pressure_autoregulated + P.pressure_shut) / 2
    assert flow(0.0, middle, 0.0, P) == pytest.approx(0.5)
    assert flow(0.0, P.arterial_pressure, 0.0, P) == 0
    assert flow(0.3, 0.0, 0.0, P) == pytest.approx(0.7)


def test_more_arterial_pressure_brings_flow_only_where_the_reserve_is_used_up():
    reserve = P.arterial_pressure - P.pressure_autoregulated
    assert flow(0.2, reserve - 20, 20.0, P) == flow(0.2, reserve - 20, 0.0, P)
    assert flow(0.2, reserve + 15, 20.0, P) > flow(0.2, reserve + 15, 0.0, P)
    assert ischaemia(1.0, P.white_flow_needed) == 0
    assert ischaemia(0.0, P.white_flow_needed) == 1


def test_a_squeezed_cord_loses_more_and_release_stops_the_loss_that_the_squeeze_makes():
    def axons_lost(hours):
        squeeze = [_lever("squeeze", P.arterial_pressure, 0.0, hours / 24)] if hours else ()
        return simulate_tissue([0.4], [2.0], [42.0], species="rodent", changes=squeeze).axons_lost_mm[0, 0]

    lost = [axons_lost(hours) for hours in (0, 2, 12, 48)]
    assert (np.diff(lost) > 0).all()


def test_an_outer_pressure_weighs_on_the_place_of_the_lesion_only():
    history, natural = _rat([_lever("squeeze", 40.0)], (1.0,)), _rat((), (1.0,))
    raised = history.fields["pressure"][0] - natural.fields["pressure"][0]
    shape = np.exp(-(history.axis_mm**2) / (2 * 2.0**2))
    water = P.pressure_stiffness * (history.fields["oedema"] - natural.fields["oedema"])[0]
    assert raised == pytest.approx(40 * shape + water, abs=1e-3)


def test_opening_the_dura_lowers_pressure_and_raises_flow_in_a_swollen_cord():
    people = {"species": "human", "parameters": HUMAN}
    days, open_dura = (1.0, 3.0), [_lever("dura", 0.38, action=Action.SCALE), _lever("squeeze", 25.0)]
    opened = tissue_history(1.0, 12.0, days, changes=open_dura, **people)
    closed = tissue_history(1.0, 12.0, days, changes=open_dura[1:], **people)
    assert (_centre(opened, "pressure") < _centre(closed, "pressure")).all()
    assert (_centre(opened, "flow") >= _centre(closed, "flow")).all()


def test_vessels_heal_by_themselves_at_their_rate():
    damage = _centre(_rat(days=(0.0, 4.0)), "vessel_damage")
    assert damage[1] / damage[0] == pytest.approx(np.exp(-4 * P.vessel_healing / P.clock), rel=1e-4)


# Microglia


def _microglia_after_a_week(from_share, cytokine):
    p = P._replace(microglia_growth=0.6, microglia_rise=1.0)

    def change(number, _day):
        made, lost = microglia_rates(number[0], 0.0, cytokine, 0.0, p)
        return [made - lost * number[0]]

    return odeint(change, [from_share], [0.0, 7.0], rtol=1e-9, atol=1e-12)[-1, 0]


def test_from_a_tenth_microglia_grow_back_logistically_nearly_to_rest_in_a_calm_week_and_beyond_it_when_called():
    calm = _microglia_after_a_week(0.1, 0.0)
    assert calm == pytest.approx(1 / (1 + 9 * np.exp(-0.6 * 7)), rel=1e-6)
    assert 0.85 < calm < 0.9
    assert _microglia_after_a_week(0.1, 1e3) == pytest.approx(2 / (1 + 19 * np.exp(-0.6 * 7)), rel=1e-4)
    assert _microglia_after_a_week(0.0, 1e3) == 0


def test_microglia_come_only_from_those_that_are_left():
    emptied = _rat([_lever("microglia", 1.0, 0.0, 0.01, Action.DEPLETE)])
    assert (emptied.fields["microglia"][1:] == 0).all()
    thinned = _rat([_lever("microglia", 0.9, 0.0, 0.01, Action.DEPLETE)], severity=0.0)
    assert _centre(thinned, "microglia")[1] < 0.2
    assert _centre(thinned, "microglia")[-1] == pytest.approx(1, abs=1e-3)


def test_a_drug_that_depletes_microglia_empties_an_uninjured_cord_at_the_balance_of_loss_and_growth():
    drug = 0.25
    left = _centre(_rat([_lever("microglia_depletion", drug)], (200.0,), severity=0.0), "microglia")[0]
    assert left == pytest.approx(max(1 - drug * P.clock / P.microglia_growth, 0), abs=1e-3)


def test_microglia_at_rest_stay_at_rest():
    assert _rat(severity=0.0).fields["microglia"] == pytest.approx(1)


# Nodes


def test_days_of_node_repair_run_slower_in_an_inflamed_cord():
    calm, inflamed = (node_repair_rates(mix, 0.0, 1.0, P)[0] for mix in (0.0, 1.0))
    assert calm == 1
    assert inflamed == pytest.approx(P.node_cytokine_half / (P.node_cytokine_half + 1))
    history = _rat()
    repair, centre = history.fields["node_repair"], history.axis_mm.size // 2
    assert (np.diff(repair, axis=0) > 0).all()
    assert repair[-1, centre] < 0.98 * repair[-1, 0]  # the far end is not inflamed
    assert repair[-1, 0] == pytest.approx(DAYS[-1], rel=0.02)


def test_a_potassium_blocker_helps_more_at_day_45_than_at_day_365():
    def gain(day):
        drug = [_lever("potassium_block", 1.0, day - 1, day + 1)]
        given, natural = (simulate_tissue([0.9], [12.0], [day], changes=each).share_conducting[0, 0]
                          for each in (drug, ()))  # fmt: skip
        return given - natural

    assert gain(45.0) > 10 * gain(YEAR) >= 0
    assert open_channels(0.0, HUMAN) == 1


def test_a_blocked_node_conducts_again_by_repair_or_by_the_drug_but_for_those_that_never_mend():
    assert broken_left(0.0, 0.0, P) == 1
    assert broken_left(0.0, 0.4, P) == pytest.approx(0.6)
    assert broken_left(1e4, 0.0, P) == pytest.approx(P.node_floor)
    assert broken_left(1e4, 0.0, P._replace(node_floor=0.0)) == pytest.approx(0)
    assert share_conducting(0.0, 1.0, P) == share_conducting(1.0, 0.0, P) == 1
    assert share_conducting(1.0, 1.0, P) == pytest.approx(np.exp(-P.node_tear))


@pytest.mark.parametrize(("helps", "shorter"), [(0.0, False), (0.5, True)])
def test_cells_repair_nodes_only_where_they_are_said_to(helps, shorter):
    p = HUMAN._replace(
        cell_nodes=helps, cell_anti=0.0, cell_trophic=0.0, cell_closure=0.0, cell_push=0.0
    )  # fmt: skip
    given = Regimen((Dose(7.0, 5e6, Route.INTRALESIONAL),), "autologous_msc")
    cells, nobody = (
        simulate_tissue([0.7], [12.0], [60.0], regimen=each, parameters=p).node_repair_days[0, 0]
        for each in (given, None)
    )
    assert (cells > nobody * 1.001) == shorter
    assert cells == pytest.approx(nobody, rel=1e-4) or shorter


# Losses of axons by cause


@pytest.mark.parametrize("case", [(0.3, ()), (0.9, ()), (0.9, (_lever("squeeze", 60.0, 0.0, 2.0),))])
def test_the_losses_by_cause_add_up_to_the_loss_of_axons(case):
    severity, changes = case
    history = tissue_history(severity, 2.0, DAYS, species="rodent", changes=changes, preset="fine", precision="double")
    causes = sum(history.fields[f"lost_to_{cause}"] for cause in ("inflammation", "ischaemia", "leukocytes"))
    assert history.fields["axon"] == pytest.approx(np.exp(-causes), rel=2e-3, abs=1e-6)


def test_corticospinal_axons_with_weights_of_one_die_as_the_mean_tract_does():
    even = P._replace(cst_inflammation_weight=1.0, cst_ischaemia_weight=1.0, cst_leukocyte_weight=1.0)
    assert corticospinal_axons(0.4, 0.5, 0.3, 0.2, even) == 0.4
    history = _rat(cst_inflammation_weight=1.0, cst_ischaemia_weight=1.0, cst_leukocyte_weight=1.0)
    assert history.fields["cst_axon"] == pytest.approx(history.fields["axon"], abs=1e-6)


def test_a_weight_on_one_cause_moves_corticospinal_axons_by_that_cause_only():
    twice = P._replace(cst_inflammation_weight=1.0, cst_ischaemia_weight=2.0, cst_leukocyte_weight=1.0)
    assert corticospinal_axons(0.4, 0.5, 0.0, 0.4, twice) == 0.4
    assert corticospinal_axons(0.4, 0.5, 0.3, 0.1, twice) == pytest.approx(0.4 * np.exp(-0.3))


def test_a_lever_on_ischaemia_moves_no_other_loss_at_once():
    state = State(*np.linspace(0.2, 0.9, len(State._fields)).tolist())
    rest = Forcing(0.5, 0.0, 0.0, 0.01, 0.3, 0.6, squeeze=200.0)
    spared = rest._replace(ischaemia=0.0)
    dry, kept = (kinetics(state, Site(0.5, 1.0, 0.4), each, P) for each in (rest, spared))
    assert dry.lost_to_ischaemia[0] > 0 == kept.lost_to_ischaemia[0]
    assert dry.lost_to_inflammation == kept.lost_to_inflammation
    assert dry.lost_to_leukocytes == kept.lost_to_leukocytes
    assert dry.axon[1] - kept.axon[1] == pytest.approx(dry.lost_to_ischaemia[0])


# The blow


def test_a_blow_that_kills_no_grey_matter_leaves_more_of_it_on_the_day_and_weeks_later():
    gentle = [_lever("impact_grey_loss", 0.0, action=Action.SCALE)]
    lost = [simulate_tissue([0.8], [width], [0.0, 42.0], species=species, changes=changes).grey_lost_mm[0]
            for species, width in (("rodent", 2.0), ("human", 12.0)) for changes in (gentle, ())]  # fmt: skip
    for spared, natural in (lost[:2], lost[2:]):
        assert spared[0] == 0 < natural[0]
        assert spared[1] < natural[1]


def test_without_a_blow_nothing_happens_in_a_year():
    history = _rat(days=(1.0, YEAR), severity=0.0)
    for name in FIELDS:
        if name != "node_repair":
            still = 1.0 if name in ("microglia", "grey", "axon", "myelin") else 0.0
            assert history.fields[name] == pytest.approx(still, abs=1e-6), name


def test_no_mix_and_no_maker_of_the_border_falls_below_nothing_however_many_neutrophils_there_are():
    rates = load_parameters("rodent")._replace(trophic_neutrophil=-0.1, border_neutrophil=-0.3, cytokine_neutrophil=0.4)
    history = tissue_history(0.9, 2.3, (1.0, 3.0, 7.0, 14.0, 28.0), parameters=rates, species="rodent")
    assert all(np.isfinite(values).all() for values in history.fields.values())
    assert (history.fields["border"] >= 0).all()
    assert (history.fields["oedema"] >= 0).all()


def test_a_tract_that_feels_a_cause_less_is_lost_with_all_others_when_nothing_is_left():
    assert corticospinal_axons(0.0, 0.0, 0.0, 2e4, load_parameters()._replace(cst_leukocyte_weight=0.6)) == 0.0

"""Cuts of parts of the cord: what passes on which side, what carries drive, and the detours that grow around them."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.cord.parameters import Species, load_parameters
from cordwise.experiment import Condition, Lesion, read_experiment
from cordwise.experiment.cuts import TRACTS, Cut, cut_assumptions, part_names
from cordwise.experiment.readouts import read_out, ruler
from cordwise.experiment.simulate import simulate_condition
from cordwise.experiment.subjects import typical_subject
from cordwise.experiment.tables import table

NONE, MILD = Lesion(0.0, 2.0), Lesion(0.35, 7 / 6)
RAT = typical_subject(Species.RODENT, load_parameters("rodent"))
HUMAN = typical_subject(Species.HUMAN, load_parameters("human"))


def _read(*cuts, days=(28.0,), lesion=NONE, subjects=RAT):
    seen = read_out(simulate_condition(Condition("one", lesion, cuts=cuts), subjects, days))
    return {name: values[0] for name, values in seen.items()}


@pytest.fixture
def read(tmp_path):
    def read_text(text, head='species = "rat"\nreadout_day = 42\nlesion = "none"\n'):
        path = tmp_path / "experiment.toml"
        path.write_text(head + text)
        return read_experiment(path)

    return read_text


def test_an_uninjured_animal_has_the_best_scores_and_people_a_full_ruler():
    seen = _read()
    assert seen["bbb"][0] == pytest.approx(21, rel=1e-6)
    assert seen["ladder"][0] == pytest.approx(1, rel=1e-6)
    assert _read(subjects=HUMAN)["total_motor"][0] == pytest.approx(100, rel=1e-6)


def test_a_hemisection_takes_its_own_side_and_the_spinothalamic_fibres_of_the_other():
    seen = _read(Cut("hemisection", "left"))
    for name in ("cst", "dorsolateral", "ventrolateral", "dorsal_column"):
        assert (seen[f"tract_{name}_left"][0], seen[f"tract_{name}_right"][0]) == (0, 1)
    assert (seen["tract_spinothalamic_left"][0], seen["tract_spinothalamic_right"][0]) == (1, 0)
    assert seen["tract_cst"][0] == 0.5


def test_cutting_the_dorsal_columns_takes_the_corticospinal_tract_of_rats_but_not_of_people():
    rat, human = (_read(Cut("dorsal_columns"), subjects=subjects) for subjects in (RAT, HUMAN))
    assert rat["tract_cst"][0] == pytest.approx(0.05)
    assert human["tract_cst"][0] == 1
    assert rat["tract_dorsal_column"][0] == human["tract_dorsal_column"][0] == 0


def test_open_field_follows_the_ventral_fibres_and_the_ladder_the_dorsal_ones():
    whole, dorsal, ventral = _read(), _read(Cut("dorsal_columns")), _read(Cut("ventrolateral"))
    assert ventral["bbb"][0] < dorsal["bbb"][0] <= whole["bbb"][0]
    assert dorsal["ladder"][0] < ventral["ladder"][0] < 1


def test_blocking_one_funiculus_after_the_other_lowers_the_score_as_it_did_in_rats():
    parts = ("ventrolateral", "dorsal_columns", "dorsolateral")
    block = [Cut(part, kind="block") for part in parts]
    one, with_dorsal, with_lateral = (_read(*cuts)["bbb"][0] for cuts in (block[:1], block[:2], (block[0], block[2])))
    assert [one, with_dorsal, with_lateral] == pytest.approx([17, 15.9, 11.1], abs=0.6)


def test_a_block_stops_what_fibres_carry_and_leaves_them_alive():
    seen = _read(Cut("full", kind="block"))
    assert seen["tract_cst"][0] == seen["spared_share"][0] == 1
    assert seen["bbb"][0] == seen["mep"][0] == seen["conducting_share"][0] == 0


def test_a_cut_acts_from_its_day_on_and_in_part():
    seen = _read(Cut("full", share=0.4, day=14), days=(13.0, 14.0))
    assert seen["tract_cst"].tolist() == pytest.approx([1, 0.6])


def test_cuts_at_one_level_add_up_and_at_two_levels_the_worst_place_decides():
    half = {"part": "corticospinal", "share": 0.5}
    together, apart = (_read(Cut(**half), Cut(**half, level=level)) for level in ("", "T7"))
    assert together["tract_cst"][0] == 0
    assert apart["tract_cst"][0] == 0.5


def test_a_cut_at_the_lesion_takes_its_share_of_what_the_lesion_left():
    hit, both, elsewhere = (
        _read(*cuts, lesion=MILD)["tract_cst"][0]
        for cuts in ((), (Cut("corticospinal", share=0.5),), (Cut("corticospinal", share=0.2, level="T3"),))
    )
    assert both == pytest.approx(hit / 2)
    assert elsewhere == min(hit, 0.8)


def test_two_hemisections_two_weeks_apart_leave_more_than_both_at_once():
    first, second = Cut("hemisection", "left", level="T10"), Cut("hemisection", "right", day=14, level="T7")
    for both_on in (0.0, 14.0):
        both = [
            Cut("hemisection", side, day=both_on, level=level) for side, level in (("left", "T10"), ("right", "T7"))
        ]
        apart, at_once = (_read(*cuts, days=(42.0,)) for cuts in ((first, second), both))
        assert apart["tract_ventrolateral"][0] == at_once["tract_ventrolateral"][0] == 0
        assert apart["detour"][0] > at_once["detour"][0]
        assert apart["bbb"][0] > at_once["bbb"][0]


def test_no_detour_leads_around_cuts_of_both_sides_at_one_level_and_none_is_there_without_a_cut():
    assert _read(Cut("hemisection", "left"), Cut("hemisection", "right", day=14))["detour"][0] == 0
    assert _read(lesion=MILD)["detour"][0] == 0


def test_a_day_of_a_cut_between_days_that_are_read_leaves_the_days_that_are_read():
    cords = simulate_condition(Condition("one", MILD, cuts=(Cut("full", share=0.1, day=9.5),)), RAT, (7.0, 28.0))
    assert cords.days.tolist() == [7, 28]
    assert cords.growth.shape == (1, 2)
    assert cords.fields["axon"].shape[1] == 2
    assert cords.growth[0, 0] < cords.growth_at_cuts[0, 0] < cords.growth[0, 1]


def test_the_ruler_ends_at_its_best_score():
    assert ruler("bbb", np.ones((1, 1)), 0.25, Species.RODENT)[0] == 21
    assert ruler("bbb", np.zeros((1, 1)), 0.25, Species.RODENT)[0] == 0


def test_cuts_are_read_from_lesion_and_condition_in_many_ways(read):
    lines = (
        'cuts = ["dorsal_columns"]',
        'cuts = "dorsal columns"',
        'cut = { part = "dc", side = "bilateral", share = 1.0, day = 0 }',
        'lesion = { severity = "none", cuts = ["dorsal-column"] }',
    )
    for line in lines:
        condition = read(f'[[conditions]]\nname = "a"\n{line}\n').conditions[0]
        assert condition.all_cuts == (Cut("dorsal_columns"),), line
    text = 'cuts = [{ part = "hemisection", side = "L", day = "2 weeks", level = 7, kind = "block", share = 0.5 }]'
    condition = read(f'[[conditions]]\nname = "a"\n{text}\n').conditions[0]
    assert condition.cuts == (Cut("hemisection", "left", 0.5, 14.0, "block", "7"),)


def test_a_cut_at_the_level_of_the_lesion_lies_in_the_lesion(read):
    text = 'species = "human"\nreadout_day = 42\nlesion = { level = "T10", cuts = [{ part = "cst", level = "t10" }] }\n'
    condition = read('[[conditions]]\nname = "a"\ncuts = [{ part = "dlf", level = "T7" }]\n', head=text).conditions[0]
    assert [cut.level for cut in condition.all_cuts] == ["", "T7"]


def test_sides_are_read_out_only_where_they_differ(read):
    same, other = (
        read(f'[[conditions]]\nname = "a"\ncuts = [{{ part = "hemisection", side = "{side}" }}]\n').readouts
        for side in ("both", "left")
    )
    assert "tract_cst_left" in set(other) - set(same)
    assert set(same) < set(other)


def test_an_unknown_part_is_told_with_its_place_and_once(read):
    head = 'species = "rat"\nreadout_day = 42\nlesion = { cuts = ["dorsal_colums"] }\n'
    with pytest.raises(InputError) as caught:
        read('[[conditions]]\nname = "a"\n[[conditions]]\nname = "b"\ncuts = [{ part = "vlf", day = 50 }]\n', head=head)
    assert [fault.where.split(": ")[1] for fault in caught.value.faults] == [
        "lesion.cuts[0].part",
        "conditions[1].cuts[0].day",
    ]
    assert "dorsal_columns" in caught.value.faults[0].advice or "dorsal_column" in caught.value.faults[0].advice


def test_every_part_names_known_tracts_and_every_judgement_in_it_is_listed():
    rows = table("cuts")
    assert {row["tract"] for row in rows} == set(TRACTS)
    assert {row["side"] for row in rows} == {"same", "other"}
    assert len(part_names()) == len(
        {name for row in rows for name in (row["part"], *row["aliases"].split(";")) if name}
    )
    assert [each.value for each in cut_assumptions((Cut("dorsal_columns"),), Species.RODENT)] == [0.95]

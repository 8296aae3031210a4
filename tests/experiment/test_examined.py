"""People of an experiment examined: place, side, tract and age tell, and nothing changes where nothing differs."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.inputs import Origin
from cordwise.cord.changes import Action, Change
from cordwise.cord.parameters import Species
from cordwise.experiment import Condition, Experiment, Lesion, read_experiment, run_experiment
from cordwise.experiment.cuts import Cut
from cordwise.experiment.examined import EXAMINED, GRADES
from cordwise.experiment.host import Host
from cordwise.experiment.readouts import readout_names

NECK = Lesion(0.7, 13.0, level="C5")
SPARED = (Change("axon_cytokine_hazard", Action.BLOCK, 0.5, 0.0, 365.0),)


EVERYTHING = tuple(sorted(EXAMINED))


def _run(*conditions, days=(180.0,), readouts=EVERYTHING, subjects=20, worlds=6):
    experiment = Experiment("?", Species.HUMAN, days, conditions, readouts, subjects, origin=Origin("", b""))
    return run_experiment(experiment, seed=2, worlds=worlds).conditions


def test_more_spared_fibres_are_found_in_the_examination_of_the_same_people():
    control, treated = _run(Condition("control", NECK), Condition("treated", NECK, changes=SPARED))
    for name in ("uems", "lems", "light_touch", "pin_prick", "scim", "ais"):
        assert treated.effect[name].difference > 0
    assert sum(control.readouts[name].mean for name in GRADES) == pytest.approx(1)
    assert control.readouts["ais"].mean == pytest.approx(
        sum(at * control.readouts[name].mean for at, name in enumerate(GRADES))
    )


def test_the_same_condition_twice_examines_alike_on_every_day():
    _, again = _run(Condition("a", NECK), Condition("b", NECK), days=(14.0, 90.0))
    assert all(found.difference == 0 for visit in again.by_day for found in visit.effect.values())


def test_a_lesion_of_the_chest_leaves_the_arms_and_one_of_the_neck_does_not():
    neck, chest = _run(Condition("neck", NECK), Condition("chest", replace(NECK, level="T10")))
    assert chest.readouts["uems"].mean > 49 > 40 > neck.readouts["uems"].mean
    assert chest.readouts["light_touch"].mean > neck.readouts["light_touch"].mean


def test_people_without_a_lesion_are_found_whole():
    (intact,) = _run(Condition("intact", Lesion(0.0, 7.0, level="C5")), days=(365.0,))
    assert intact.readouts["lems"].mean > 49
    assert intact.readouts["light_touch"].mean > 110


def test_a_cut_of_the_corticospinal_tract_takes_strength_and_leaves_feeling():
    control, cut = _run(Condition("control", NECK), Condition("cut", NECK, cuts=(Cut("corticospinal", day=30.0),)))
    assert cut.effect["uems"].difference < -2
    assert cut.effect["light_touch"].difference == 0
    assert control.readouts["ais"].mean > cut.readouts["ais"].mean


def test_age_takes_points_of_scim_a_decade_and_none_of_strength():
    adult, old = Condition("adult", NECK), Condition("aged", NECK, host=Host(aged=1.0))
    _, aged = _run(adult, old, days=(365.0,))
    assert -3 * 4.3 - 0.01 <= aged.effect["scim"].difference < -8
    assert aged.effect["uems"].difference == aged.effect["lems"].difference == 0


def test_conversions_count_those_who_enter_with_the_grade_and_are_left_out_where_nobody_does():
    severe, mild = (
        _run(Condition("one", Lesion(severity, 13.0, level="T4")), readouts=("ais_a_to_incomplete", "ais"))[0]
        for severity in (1.0, 0.1)
    )
    assert 0 < severe.readouts["ais_a_to_incomplete"].mean < 1
    assert set(mild.readouts) == {"ais"}


def test_people_are_examined_unless_the_file_asks_for_other_read_outs_and_animals_never(tmp_path):
    path = tmp_path / "people.toml"
    text = 'species = "human"\nreadout_day = 60\n[[conditions]]\nname = "a"\n'
    path.write_text(text)
    everything = read_experiment(path)
    assert set(everything.readouts) >= EXAMINED
    assert everything.conditions[0].lesion.level == "C5"
    path.write_text('readouts = ["total_motor"]\n' + text)
    assert read_experiment(path).readouts == ("total_motor",)
    assert not EXAMINED & set(readout_names(Species.RODENT))


def test_the_level_of_a_person_is_a_segment_and_that_of_an_animal_is_recorded(tmp_path):
    path = tmp_path / "level.toml"
    text = (
        'readout_day = 60\nlesion = { level = "vertebra T9" }\n[[conditions]]\nname = "a"\n[[conditions]]\nname = "b"\n'
    )
    path.write_text('species = "human"\n' + text)
    with pytest.raises(InputError) as caught:
        read_experiment(path)
    assert [fault.where.split(": ")[1] for fault in caught.value.faults] == ["lesion.level"]
    path.write_text('species = "rat"\n' + text)
    assert read_experiment(path).conditions[0].lesion.level == "VERTEBRA T9"


def test_examined_numbers_are_finite_when_fibres_are_all_gone():
    cut = Lesion(2.0, 13.0, transected=True, level="T4")
    (found,) = _run(Condition("cut", cut), readouts=("lems", "ais", "scim"))
    assert found.readouts["lems"].mean == 0
    assert np.isfinite(found.readouts["scim"].mean)
    assert found.readouts["ais"].mean == 0

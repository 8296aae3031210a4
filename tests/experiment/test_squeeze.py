"""A cord squeezed from outside: by how much, in whom, and until when."""

import pytest

from cordwise.cord.changes import Action, Change
from cordwise.cord.parameters import Species
from cordwise.experiment import read_experiment
from cordwise.experiment.assumptions import assumptions_of
from cordwise.experiment.tables import setting

COMPRESSION, CONTUSION = (setting(f"squeeze_{kind}", Species.HUMAN) for kind in ("compression", "contusion"))
IN_RATS = setting("squeeze_compression", Species.RODENT)
SURGERY, WITHOUT = setting("squeeze_until_surgery", Species.HUMAN), setting("squeeze_without_surgery")


@pytest.fixture
def read(tmp_path):
    def squeezes(text, species="human"):
        path = tmp_path / "experiment.toml"
        path.write_text(f'species = "{species}"\nreadout_day = 90\n' + text)
        experiment = read_experiment(path)
        assert assumptions_of(experiment)
        return [[each for each in one.changes if each.target == "squeeze" and each.action == Action.ADD]
                for one in experiment.conditions]  # fmt: skip

    return squeezes


def _until(mmhg, day):
    return [Change("squeeze", Action.ADD, mmhg, 0.0, day)]


def test_people_who_are_not_decompressed_while_others_are_stay_squeezed_for_weeks(read):
    text = (
        '[[conditions]]\nname = "never"\n[[conditions]]\nname = "early"\nlevers.decompression = { hour = 12 }\n'
        '[[conditions]]\nname = "late"\nlevers.surgery = { day = 2 }\n'
    )
    assert SURGERY < 7 <= WITHOUT < 90
    assert read(text) == [_until(CONTUSION, WITHOUT), _until(CONTUSION, 0.5), _until(CONTUSION, 2.0)]
    assert read('lesion = { kind = "compression" }\n' + text)[0] == _until(COMPRESSION, WITHOUT)


def test_where_a_file_says_nothing_of_surgery_people_are_squeezed_until_the_usual_day_of_it(read):
    assert read('[[conditions]]\nname = "a"\n[[conditions]]\nname = "b"\n') == [_until(CONTUSION, SURGERY)] * 2
    assert read('lesion = { compression_hours = 240 }\n[[conditions]]\nname = "a"\n') == [_until(COMPRESSION, 10.0)]


def test_rodents_are_squeezed_only_where_some_condition_decompresses_or_the_file_says_so(read):
    one, other = '[[conditions]]\nname = "a"\n', '[[conditions]]\nname = "b"\nlevers = ["decompression"]\n'
    assert read(one, "rat") == [[]]
    assert read('lesion = { kind = "compression" }\n' + one, "rat") == [[]]
    assert [len(each) for each in read(one + other, "rat")] == [1, 1]
    assert read("lesion = { compression_hours = 6 }\n" + one, "rat") == [_until(IN_RATS, 0.25)]
    assert read("lesion = { compression_mmhg = 60 }\n" + one, "rat") == [_until(60.0, WITHOUT)]


def test_nothing_squeezes_an_uninjured_or_a_transected_cord(read):
    for lesion in ('"none"', "0", '{ kind = "transection" }'):
        assert read(f'lesion = {lesion}\n[[conditions]]\nname = "a"\n') == [[]]

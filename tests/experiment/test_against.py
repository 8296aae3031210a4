"""Which condition another is compared with, and how a result says so."""

import pytest

from cordwise.base.errors import InputError
from cordwise.experiment import read_experiment, run_experiment
from cordwise.present.experiment.page import experiment_answer, experiment_page
from cordwise.present.experiment.tables import readout_rows

HEAD = 'species = "rat"\nreadout_day = 28\nsubjects = 3\nreadouts = ["bbb", "spared_share"]\n'
THREE = (
    '[[conditions]]\nname = "vehicle"\n'
    '[[conditions]]\nname = "aged"\nhost.age = "aged"\n'
    '[[conditions]]\nname = "aged, digested"\nhost.age = "aged"\nlevers = ["chondroitinase"]\n'
)


@pytest.fixture
def read(tmp_path):
    def read_text(text, head=HEAD):
        path = tmp_path / "experiment.toml"
        path.write_text(head + text)
        return read_experiment(path)

    return read_text


def test_a_condition_is_compared_with_the_one_it_names(read):
    found = run_experiment(read(THREE + 'against = "aged"\n'), worlds=3, seed=1)
    vehicle, aged, digested = found.conditions
    assert [each.compared_with for each in found.conditions] == ["vehicle", "vehicle", "aged"]
    gain = digested.readouts["bbb"].mean - aged.readouts["bbb"].mean
    assert digested.effect["bbb"].difference == pytest.approx(gain)
    assert aged.effect["bbb"].difference == pytest.approx(aged.readouts["bbb"].mean - vehicle.readouts["bbb"].mean)
    assert "aged, digested against aged" in str(found)
    assert "aged, digested against aged" in experiment_answer(found)
    assert [row["compared_with"] for row in readout_rows(found)][-1] == "aged"
    assert experiment_page(found).sections


def test_all_conditions_may_be_compared_with_another_than_the_first(read):
    found = run_experiment(read('against = "aged"\n' + THREE), worlds=3, seed=1)
    assert found.compared_with == "aged"
    assert [each.name for each in found.compared] == ["vehicle", "aged, digested"]
    assert found.conditions[1].effect["bbb"].difference == 0
    assert "bbb (points) against aged: vehicle" in str(found)
    assert "Difference from aged" in experiment_answer(found)


def test_without_a_word_all_are_compared_with_the_first(read):
    found = run_experiment(read(THREE), worlds=3, seed=1)
    assert {each.compared_with for each in found.conditions} == {found.compared_with} == {"vehicle"}
    assert "against" not in str(found).split("\n\n")[2].splitlines()[0]


def test_an_unknown_comparator_and_the_condition_itself_are_refused(read):
    with pytest.raises(InputError) as caught:
        read('against = "vehicel"\n' + THREE + 'against = "aged, digested"\n')
    top, own = caught.value.faults
    assert "vehicle" in top.advice
    assert own.where.endswith("conditions[2].against")


def test_people_are_answered_with_arms_legs_and_grade_and_not_with_all_that_was_read(read):
    head = 'species = "human"\nlesion = "moderate"\nreadout_day = 90\nsubjects = 2\n'
    text = '[[conditions]]\nname = "placebo"\n[[conditions]]\nname = "again"\n'
    found = run_experiment(read(text, head=head), worlds=2, seed=1)
    lines = str(found).splitlines()
    assert [line.split(" against")[0] for line in lines[2:5]] == [
        "On day 90, uems (points)",
        "On day 90, lems (points)",
        "On day 90, ais (grade)",
    ]
    assert all(line.endswith("again no difference.") for line in lines[2:5])
    assert len(lines) < 50
    assert any("more read-outs" in line for line in lines)

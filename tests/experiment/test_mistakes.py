"""What is said about mistakes of form and of names in one file, and which names are suggested."""

import pytest

from cordwise.base.errors import InputError
from cordwise.cli import main
from cordwise.cord.parameters import Species
from cordwise.experiment import read_experiment
from cordwise.experiment.levers import lever_names
from cordwise.experiment.readouts import readout_names
from cordwise.experiment.tables import closest_names


@pytest.fixture
def faults(tmp_path):
    def faults_of(text, head='species = "rat"\nreadout_day = 42\n'):
        path = tmp_path / "experiment.toml"
        path.write_text(head + text)
        with pytest.raises(InputError) as caught:
            read_experiment(path)
        return {fault.where.split(": ")[1]: fault for fault in caught.value.faults}

    return faults_of


def test_mistakes_of_form_and_of_names_are_told_in_one_run(faults):
    found = faults(
        'subjects = "x"\nreadouts = ["bbbb"]\nlesion = { severity = "bad", cuts = ["foo"] }\n'
        '[[conditions]]\nname = "a"\nlesion = 3.5\nlevers.chabcs = { day = "soon" }\n'
        'changes = [{ block = "bordr", amount = -1 }, { target = "border", action = "zap", colour = 3 }]\n'
        'cuts = [{ part = "dcc", hour = -3 }]\n'
        '[[conditions]]\nagainst = "q"\ndoses = [{ day = 60, cells = 1, route = "iv" }, { hour = 3, route = "x" }]\n'
    )
    assert set(found) == {
        "subjects",
        "readouts[0]",
        "lesion.severity",
        "lesion.cuts[0].part",
        "conditions[0].lesion.severity",
        "conditions[0].levers[0].day",
        "conditions[0].levers[0].name",
        "conditions[0].changes[0].amount",
        "conditions[0].changes[0].target",
        "conditions[0].changes[1].colour",
        "conditions[0].changes[1].action",
        "conditions[0].cuts[0].part",
        "conditions[0].cuts[0].day",
        "conditions[1].name",
        "conditions[1].against",
        "conditions[1].doses[0].day",
        "conditions[1].doses[1].cells",
        "conditions[1].doses[1].route",
    }


def test_mistakes_of_kinetics_are_told_with_all_others(faults):
    found = faults(
        'host.kinetics = { inflammation = 3, scaring = 1 }\n[[conditions]]\nname = "a"\n'
        'host.kinetics = { repair = "much" }\nlevers = ["chabcs"]\n'
    )
    assert set(found) == {
        "host.kinetics.inflammation",
        "host.kinetics.scaring",
        "conditions[0].host.kinetics.repair",
        "conditions[0].levers[0].name",
    }
    assert found["host.kinetics.scaring"].advice == 'Did you mean "scarring"?'


def test_a_mistake_of_form_alone_brings_no_other(faults):
    condition = '[[conditions]]\nname = "a"\n'
    assert set(faults(condition + 'changes = [{ target = "border" }]\n')) == {"conditions[0].changes[0].action"}
    assert set(faults(condition + 'changes = [{ scale = "border", amount = "x" }]\n')) == {
        "conditions[0].changes[0].amount"
    }
    assert set(faults(condition + 'doses = [{ day = 3, route = "iv" }]\n')) == {"conditions[0].doses[0].cells"}
    assert set(faults(condition, head='species = "cat"\nreadout_day = 42\nreadouts = ["lems"]\n')) == {"species"}
    assert set(faults(condition, head='species = "rat"\n')) == {"readout_days"}
    assert set(faults("", head='species = "rat"\nreadout_day = 42\nconditions = 3\n')) == {"conditions"}


def test_a_severity_that_is_none_is_answered_with_words_and_range_in_one_place(faults):
    (fault,) = faults('lesion = 3.5\n[[conditions]]\nname = "a"\n').values()
    assert fault.expected.endswith("or 'complete', or a number of 2 or less")


def test_an_unknown_read_out_is_answered_with_the_closest_and_where_all_are_listed(faults):
    found = faults('readouts = ["tract_cst_lef", "walking"]\n[[conditions]]\nname = "a"\n')
    assert "tract_cst_left" in found["readouts[0]"].advice
    assert all("--readouts" in fault.advice and len(fault.expected) < 40 for fault in found.values())


def test_names_are_suggested_by_whole_words_and_not_by_a_common_ending():
    assert closest_names("microglia_depletion", tuple(lever_names())) == ["microglia_depletion"] or not closest_names(
        "microglia_depletion", tuple(set(lever_names()) - {"microglia_depletion"})
    )
    assert closest_names("chondroitinaze", lever_names())[0] == "chondroitinase"
    assert closest_names("macrophages depletion", lever_names())[0] == "macrophage_depletion"
    assert closest_names("il_6_blockade", lever_names())[0] == "il6_blockade"


def test_the_command_lists_every_read_out(capsys):
    assert main(["cord", "perturb", "--readouts"]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line}
    assert listed >= {*readout_names(Species.RODENT), *readout_names(Species.HUMAN)}


CONDITION = '[[conditions]]\nname = "a"\n'


def test_a_time_said_twice_is_a_mistake_and_not_the_later_of_both(faults):
    found = faults(
        CONDITION
        + 'changes = [{ block = "border", to_day = 5, duration = 3 }, { block = "border", day = 3, hour = 5 }]\n'
        'levers = [{ name = "mp", to_day = 3, hours = 24 }]\ndoses = [{ day = 1, hour = 3, cells = 1, route = "iv" }]\n'
    )
    assert set(found) == {
        "conditions[0].changes[0].duration",
        "conditions[0].changes[1].hour",
        "conditions[0].levers[0].duration",
        "conditions[0].doses[0].hour",
    }


def test_people_cut_at_a_level_are_not_silently_examined_at_another(faults):
    head = 'species = "human"\nreadout_day = 42\n'
    found = faults(CONDITION + 'cuts = [{ part = "dc", level = "T5" }]\n', head=head)
    assert set(found) == {"conditions[0].lesion.level"}
    assert 'level = "T5"' in found["conditions[0].lesion.level"].advice


def test_hours_in_words_have_their_own_unit_and_days_come_in_any_order(tmp_path):
    path = tmp_path / "experiment.toml"
    text = 'changes = [{ block = "border", hours = "6 h" }]\n'
    path.write_text(f'species = "rat"\nreadout_days = ["6 weeks", 7, "1 week"]\n{CONDITION}{text}')
    experiment = read_experiment(path)
    assert experiment.days == (7.0, 42.0)
    assert experiment.conditions[0].changes[0].to_day == 0.25


def test_a_lever_under_two_names_is_not_counted_twice(faults, tmp_path):
    found = faults(CONDITION + 'levers = ["mp", { name = "steroid", hour = 12 }]\n')
    assert set(found) == {"conditions[0].levers[1]"}
    path = tmp_path / "experiment.toml"
    text = 'levers = ["mp", { name = "steroid", day = 3 }]\n'
    path.write_text(f'species = "rat"\nreadout_day = 42\n{CONDITION}{text}')
    assert len(read_experiment(path).conditions[0].pulls) == 2

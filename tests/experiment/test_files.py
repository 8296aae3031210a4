"""What an experiment file may say, in how many words, and what is said about its mistakes."""

import re
from dataclasses import replace

import pytest

from cordwise.base.errors import InputError
from cordwise.cord.changes import Action, Change, change_faults
from cordwise.cord.fields import FIELDS
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.evidence import load_table
from cordwise.experiment import read_experiment
from cordwise.experiment.cuts import Cut
from cordwise.experiment.host import Host
from cordwise.experiment.levers import lever_names, lever_rows
from cordwise.experiment.tables import plain, table
from cordwise.experiment.targets import find_target, targets
from paths import ROOT

EXPERIMENTS = ROOT / "experiments"


@pytest.fixture
def read(tmp_path):
    def read_text(text, head='species = "rat"\nreadout_day = 42\n'):
        path = tmp_path / "experiment.toml"
        path.write_text(head + text)
        return read_experiment(path)

    return read_text


def _faults(read, text, **more):
    with pytest.raises(InputError) as caught:
        read(text, **more)
    return caught.value.faults


@pytest.mark.parametrize("path", sorted(EXPERIMENTS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_experiment_can_be_read(path):
    experiment = read_experiment(path)
    assert experiment.question.endswith("?")
    assert len(experiment.conditions) >= 2


def test_depleting_macrophages_acts_on_both_kinds_for_as_long_as_the_file_says(read):
    experiment = read(
        '[[conditions]]\nname = "clodronate"\n'
        'changes = [{ target = "macrophages", action = "deplete", amount = 0.8, from_day = 1, to_day = 10 }]\n'
    )
    assert experiment.conditions[0].changes == tuple(
        Change(kind, Action.DEPLETE, 0.8, 1.0, 10.0) for kind in ("inflammatory_macrophage", "repair_macrophage")
    )


@pytest.mark.parametrize(
    "line",
    [
        'changes = [{ target = "border", action = "block", amount = 1, from_day = 0, to_day = 42 }]',
        'changes = [{ field = "Reactive astrocytes", action = "block" }]',
        'changes = { block = "astrocytes" }',
        'changes = [{ on = "astrocyte-border", how = "inhibit", by = 1.0, start = 0, until = "6 weeks" }]',
        'changes = [{ target = "border", action = "knockout", from_hour = 0, to_hour = 1008 }]',
    ],
)
def test_the_same_change_can_be_written_in_many_ways(read, line):
    condition = read(f'[[conditions]]\nname = "a"\n{line}\n').conditions[0]
    assert condition.changes == (Change("border", Action.BLOCK, 1.0, 0.0, 42.0),)


@pytest.mark.parametrize(
    "line",
    [
        'doses = [{ day = 3, cells = 1e6, route = "intravenous" }]',
        'product = "MSC"\ndoses = { day = "72 h", cells = "1e6", route = "iv" }',
        'doses = [{ hour = 72, dose_cells = 1000000, route = "IV", product = "allogeneic_msc" }]',
    ],
)
def test_the_same_dose_can_be_written_in_many_ways(read, line):
    condition = read(f'[[conditions]]\nname = "a"\n{line}\n').conditions[0]
    assert condition.regimen == Regimen((Dose(3.0, 1e6, Route.INTRAVENOUS),), "allogeneic_msc", 1.0)


@pytest.mark.parametrize(
    "line",
    [
        'levers = ["chondroitinase"]',
        'levers = [{ name = "scar_digestion", from_day = 7, duration = 53 }]',
        "levers.chabc = { day = 7, to_day = 60 }",
        "levers.scar_digestion = true",
    ],
)
def test_the_same_lever_can_be_pulled_in_many_ways(read, line):
    condition = read(f'[[conditions]]\nname = "a"\n{line}\n', head='species = "rat"\nreadout_day = 90\n').conditions[0]
    assert condition.changes == (Change("matrix_inhibition", Action.BLOCK, 0.6, 7.0, 60.0),)


def test_a_condition_may_differ_in_its_hosts(read):
    experiment = read(
        '[host]\nage = "aged"\n[[conditions]]\nname = "a"\n[[conditions]]\nname = "b"\nhost.splenectomised = true\n'
        '[[conditions]]\nname = "c"\nhost = { age_months = 10.5, immunosuppressed = true }\n'
    )
    assert [condition.host for condition in experiment.conditions] == [
        Host(aged=1.0),
        Host(aged=1.0, spleen_removed=True),
        Host(aged=0.5, immunosuppressed=True),
    ]


def test_a_lesion_may_be_a_word_a_number_or_a_table(read):
    condition = '[[conditions]]\nname = "a"\n'
    words = [read(f"lesion = {lesion}\n{condition}").conditions[0].lesion for lesion in ('"severe"', "0.9")]
    assert words[0] == words[1]
    assert words[0].width_mm == pytest.approx(14 / 6)
    assert read(f"[lesion]\nseverity = 0.9\nwidth_mm = 2\n{condition}").conditions[0].lesion.width_mm == 2
    assert all(
        read(f"lesion = {lesion}\n{condition}").conditions[0].lesion.transected
        for lesion in ('"transection"', "2.0", '{ kind = "transection" }')
    )


def test_every_mistake_of_a_file_is_told_at_once_with_its_place(read):
    faults = _faults(
        read,
        'readouts = ["bbb", "walking"]\n'
        '[[conditions]]\nname = "a"\n'
        'changes = [{ target = "macrofages", action = "block", amount = 2 }, { target = "border", action = "zap" }]\n'
        'levers = ["chondroitinaze"]\n'
        'doses = [{ day = 60, cells = 1e6, route = "iv" }]\n'
        '[[conditions]]\nname = "a"\n'
        'changes = [{ target = "cytokines", action = "scale" }, '
        '{ target = "m1", action = "block", from = 9, to = 8 }]\n',
    )
    places = [fault.where.split(": ")[1] for fault in faults]
    assert places == [
        "conditions[1].name",
        "readouts[1]",
        "conditions[0].levers[0].name",
        "conditions[0].changes[0].target",
        "conditions[0].changes[1].action",
        "conditions[0].doses[0].day",
        "conditions[1].changes[0].amount",
        "conditions[1].changes[1].to_day",
    ]
    assert "macrophages" in faults[3].advice
    assert "chondroitinase" in faults[2].advice


def test_what_the_model_does_not_hold_is_refused_with_the_reason(read):
    (fault,) = _faults(read, '[[conditions]]\nname = "a"\nchanges = [{ target = "glutamate", action = "block" }]\n')
    assert "use the lever riluzole" in fault.advice


@pytest.mark.parametrize("cause", ["inflammation", "ischaemia", "leukocytes"])
def test_a_tally_of_lost_axons_is_refused_and_the_hazard_that_fills_it_named(read, cause):
    line = f'changes = [{{ target = "lost_to_{cause}", action = "block" }}]'
    (fault,) = _faults(read, f'[[conditions]]\nname = "a"\n{line}\n')
    (hazard,) = re.findall(r"axon_\w+_hazard", fault.advice)
    assert find_target(hazard).kind == "rate"


def test_a_share_above_one_is_refused(read):
    (fault,) = _faults(read, '[[conditions]]\nname = "a"\nchanges = { block = "border", amount = 1.2 }\n')
    assert fault.expected == "a share from 0 to 1"


def test_an_animal_has_no_age_in_years(read):
    (fault,) = _faults(read, '[[conditions]]\nname = "a"\nhost.age_years = 40\n')
    assert fault.where.endswith("conditions[0].host.age_years")


def test_the_effect_of_cells_in_people_is_shrunk_unless_the_file_says_otherwise(read):
    dose = '[[conditions]]\nname = "a"\ndoses = [{ day = 30, cells = 1e7, route = "it" }]\n'
    head = 'species = "human"\nreadout_day = 365\n'
    assert read(dose, head=head).conditions[0].regimen.translation == 0.25
    assert read(dose, head=head + "translation = 1\n").conditions[0].regimen.translation == 1.0


def test_no_name_of_a_target_or_lever_means_two_things():
    named = [name for target in targets() if target.kind != "rate" for name in (target.name, *target.aliases)]
    assert len(named) == len(set(named))
    aliases = [name for row in table("levers") for name in (row["lever"], *filter(None, row["aliases"].split(";")))]
    assert len(set(lever_names())) == len(set(aliases))
    assert all(name == plain(name) for name in (*named, *aliases))


def test_every_target_names_what_it_acts_on_in_the_tissue_model():
    for target in targets():
        changes = [Change(name, Action.SCALE, 1.0, 0.0, 1.0) for name in target.acts_on]
        assert [fault for change in changes for fault in change_faults(change, target.name)] == []
        assert changes or target.kind == "refused"


def test_every_field_and_rate_of_the_model_can_be_changed():
    tallies = {name for name in FIELDS if name.startswith("lost_to_")}
    for name in {*FIELDS, *TissueParameters._fields} - {"length_scale"} - tallies:
        assert find_target(name, "field" if name in FIELDS else "rate").acts_on == (name,)
    assert find_target("neutrophils").acts_on == ("neutrophil",)
    assert find_target("length_scale") is None


def test_every_number_of_an_experiment_has_a_source_row_or_is_called_a_judgement():
    known = set(load_table("biology")["id"]) | {"judgement", "definition"}
    for name in ("levers", "hosts", "settings", "readouts", "cuts"):
        for row in table(name):
            assert row.width == len(row.cells), "a comma too many"
            assert set(row["source"].split("; ")) <= known, row
    assert all(find_target(row["target"]) for lever in set(lever_names().values()) for row in lever_rows(lever))
    assert {Species(row["species"]) for row in table("hosts") if row["species"] != "both"} <= set(Species)


@pytest.mark.parametrize("name", ["facts", "fact_conflicts", "time_courses", "cuts", "joint_conditions"])
def test_every_evidence_row_that_an_experiment_table_names_is_in_the_evidence(name):
    known = set(load_table("biology")["id"])
    named = {word for row in table(name) for text in row.cells.values() for word in re.findall(r"\bB\d{3}\b", text)}
    assert named - known == set()


def test_an_action_is_a_key_under_each_of_its_words(read):
    (condition,) = read(
        '[[conditions]]\nname = "a"\nchanges = [{ ablate = "neutrophils", amount = 0.9 }, { knockout = "CCR2" }, '
        '{ multiply = "OPCs", by = 3 }, { inject = "debris", amount = 2 }]\n'
    ).conditions
    assert condition.changes == (
        Change("neutrophil", Action.DEPLETE, 0.9, 0.0, 42.0),
        Change("monocytes", Action.BLOCK, 1.0, 0.0, 42.0),
        Change("remyelination", Action.SCALE, 3.0, 0.0, 42.0),
        Change("debris", Action.ADD, 2.0, 0.0, 42.0),
    )


HURT = 'lesion = { severity = "mild", width_mm = 9, level = "T9", cuts = ["dc"], compression_mmhg = 60 }\n'


def _lesions(read, text, species="rat"):
    return [each.lesion for each in read(text, head=f'species = "{species}"\nreadout_day = 42\n').conditions]


def test_what_the_lesion_of_a_condition_leaves_out_is_as_in_the_experiment(read):
    base, squeezed, deeper = _lesions(
        read,
        HURT + '[[conditions]]\nname = "base"\n[[conditions]]\nname = "squeezed"\nlesion = { compression_hours = 6 }\n'
        '[[conditions]]\nname = "deeper"\nlesion = { cuts = ["dlf"], width_mm = 12 }\n',
    )
    assert squeezed == replace(base, squeeze_days=0.25)
    assert deeper == replace(base, width_mm=12.0, cuts=(Cut("dorsolateral"),))


def test_a_severity_of_a_condition_is_another_blow_at_the_same_level(read):
    base, sham, number = _lesions(
        read,
        HURT + '[[conditions]]\nname = "base"\n[[conditions]]\nname = "sham"\nlesion = "sham"\n'
        '[[conditions]]\nname = "0.7"\nlesion = { severity = 0.7 }\n',
    )
    assert (sham.severity, sham.level, sham.cuts, sham.squeeze_mmhg) == (0.0, "T9", (), 0.0)
    assert (number.severity, number.level, number.cuts, number.squeeze_mmhg) == (0.7, "T9", (), 60.0)
    assert number.width_mm != base.width_mm


def test_a_mistake_in_the_lesion_of_the_experiment_is_told_once(read):
    head = 'species = "human"\nreadout_day = 42\n'
    text = (
        'lesion = { level = "X9", cuts = ["foo"] }\n[[conditions]]\nname = "a"\n'
        '[[conditions]]\nname = "b"\nlesion = { width_mm = 9 }\n'
    )
    assert len(_faults(read, text, head=head)) == 2


def test_a_pressure_without_a_blow_is_refused_where_it_is_written(read):
    sham = '[[conditions]]\nname = "a"\nlesion = "sham"\n'
    read(f"lesion = {{ compression_mmhg = 60 }}\n{sham}")
    (fault,) = _faults(read, '[[conditions]]\nname = "a"\nlesion = { severity = 0, compression_mmhg = 60 }\n')
    assert fault.where.endswith("conditions[0].lesion.compression_mmhg")
    (fault,) = _faults(read, 'lesion = { severity = "none", compression_hours = 6 }\n[[conditions]]\nname = "a"\n')
    assert fault.where.endswith(": lesion.compression_hours")


@pytest.mark.parametrize("change", ['{ block = "map", amount = 0.5 }', '{ scale = "training", amount = 2 }'])
def test_a_share_of_an_input_that_nothing_raises_is_refused(read, change):
    (fault,) = _faults(read, f'[[conditions]]\nname = "a"\nchanges = [{change}]\n')
    assert fault.where.endswith("changes[0].action")
    assert "is 0 unless something raises it" in fault.advice


def test_a_share_of_an_input_that_a_lever_or_the_lesion_raises_is_read(read):
    (condition,) = read(
        'lesion = { compression_mmhg = 60 }\n[[conditions]]\nname = "a"\nlevers = ["training"]\n'
        'changes = [{ scale = "training", amount = 2 }, { block = "squeeze", from_day = 1 }]\n'
    ).conditions
    order = [(each.target, each.action) for each in condition.changes]
    assert order.index(("training", Action.ADD)) < order.index(("training", Action.SCALE))
    assert order.index(("squeeze", Action.ADD)) < order.index(("squeeze", Action.BLOCK))


def test_the_arterial_pressure_alone_may_be_lowered_by_an_amount(read):
    (condition,) = read('[[conditions]]\nname = "a"\nchanges = [{ add = "map", amount = -30, hours = 6 }]\n').conditions
    assert condition.changes == (Change("arterial", Action.ADD, -30.0, 0.0, 0.25),)
    assert not list(change_faults(condition.changes[0], "change"))
    (fault,) = _faults(read, '[[conditions]]\nname = "a"\nchanges = [{ add = "training", amount = -1 }]\n')
    assert (fault.expected, fault.found) == ("a number of 0 or more", "-1")
    (fault,) = _faults(read, '[[conditions]]\nname = "a"\nchanges = [{ scale = "map", amount = -1 }]\n')
    assert fault.where.endswith("changes[0].amount")


@pytest.mark.parametrize(("name", "instead"), [("hypotension", "arterial"), ("CSF1R", "lever"), ("Kv1_1", "lever")])
def test_a_name_whose_sign_is_that_of_its_block_is_refused_with_what_to_write(read, name, instead):
    (fault,) = _faults(read, f'[[conditions]]\nname = "a"\nchanges = [{{ add = "{name}", amount = 1 }}]\n')
    assert instead in fault.advice

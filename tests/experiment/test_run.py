"""What an experiment does: subjects shared by all conditions, sets of rates, hosts, lesions, read-outs, the result."""

import json

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.inputs import Origin
from cordwise.base.randomness import Streams
from cordwise.cli import main
from cordwise.cord.changes import Action, Change
from cordwise.cord.parameters import Species, load_parameters
from cordwise.cord.patient_kinetics import RATES_OF, kinetic_spreads
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import simulate_tissue
from cordwise.experiment import Condition, Experiment, Lesion, read_experiment, run_experiment
from cordwise.experiment.effect import effect, summary
from cordwise.experiment.facts import fact_values, read_fact_experiments
from cordwise.experiment.host import Host, with_host
from cordwise.experiment.readouts import read_out, readout_names
from cordwise.experiment.simulate import simulate_condition
from cordwise.experiment.subjects import draw_subjects, typical_subject
from paths import ROOT

EXPERIMENTS = ROOT / "experiments"
SEVERE = Lesion(0.9, 14 / 6)
RAT = typical_subject(Species.RODENT, load_parameters("rodent"))


def _read(days=(42.0,), **condition):
    return read_out(simulate_condition(Condition("one", **({"lesion": SEVERE} | condition)), RAT, days))


def _graft(day=9.0, product="allogeneic_msc"):
    return Regimen((Dose(day, 2e5, Route.INTRALESIONAL),), product)


def _run(*conditions, subjects=6, worlds=8, seed=3, days=(42.0,)):
    readouts = readout_names(Species.RODENT)
    experiment = Experiment("Does it?", Species.RODENT, days, conditions, readouts, subjects, origin=Origin("", b""))
    return run_experiment(experiment, seed=seed, worlds=worlds)


def test_spared_share_growth_and_myelin_are_those_of_the_tissue_model():
    visits = simulate_tissue([0.9], [14 / 6], [7.0, 42.0], species="rodent")
    seen = _read(days=(7.0, 42.0))
    np.testing.assert_allclose(seen["spared_share"], visits.spared_share, rtol=1e-5)
    np.testing.assert_allclose(seen["plastic_gain"], visits.growth, rtol=1e-6)
    np.testing.assert_allclose(seen["conduction"], visits.conduction, rtol=1e-5)
    np.testing.assert_allclose(seen["grey_lost_mm"], visits.grey_lost_mm, rtol=1e-4)


def test_no_fibre_passes_a_transected_cord_and_cells_do_not_change_that():
    cut = Lesion(2.0, 14 / 6, transected=True)
    for seen in (_read(lesion=cut), _read(lesion=cut, regimen=_graft(day=3))):
        assert all(seen[name][0, 0] == 0 for name in ("tract_cst", "tract_other", "spared_share", "bbb"))


def test_cutting_a_recovered_cord_takes_from_that_day_on_all_that_was_spared():
    seen = _read(days=(20.0, 30.0), transection_day=25.0)
    assert seen["bbb"][0, 0] > 5
    assert seen["bbb"][0, 1] == 0


def test_cells_settle_all_at_once_then_only_die_and_longer_so_when_the_host_does_not_reject_them():
    days = (9.001, 16.0, 40.0)
    rejected, kept = (_read(days, regimen=_graft(), host=host) for host in (Host(), Host(immunosuppressed=True)))
    assert rejected["cells_alive_share"][0, 0] == pytest.approx(1, abs=1e-3)
    assert rejected["cells_alive"][0, 0] == pytest.approx(1e5, rel=1e-3)
    assert (np.diff(rejected["cells_alive_share"][0]) < 0).all()
    assert kept["cells_alive_share"][0, 2] > 10 * rejected["cells_alive_share"][0, 2]


def test_the_spleen_and_age_change_who_enters():
    adult, aged, without = (_read((3.0,), host=host)["macrophages"][0, 0] for host in (
        Host(), Host(aged=1.0), Host(spleen_removed=True)))  # fmt: skip
    assert without < adult < aged


@pytest.mark.parametrize("species", Species)
def test_kinetics_of_a_host_multiply_their_group_of_rates_and_no_other(species):
    rates = load_parameters(species)
    own = with_host(rates, Host(kinetics=(1.5, 0.0, 0.0, -1.0)), species)
    ratios = {name: getattr(own, name) / value for name, value in rates._asdict().items() if value}
    for group, deviate in (("inflammation", 1.5), ("repair", -1.0)):
        for rate in RATES_OF[group]:
            assert ratios.pop(rate) == pytest.approx(np.exp(kinetic_spreads()[group] * deviate))
    assert set(ratios.values()) == {1.0}


def test_kinetics_of_a_condition_add_to_those_of_the_experiment_and_are_told_among_what_it_rests_on(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'species = "human"\nreadout_day = 3\nreadouts = ["inflammation"]\nsubjects = 2\n'
        "host.kinetics = { inflammation = 1, repair = 0.5 }\n"
        '[[conditions]]\nname = "all"\n[[conditions]]\nname = "own"\nhost.kinetics = { inflammation = -1 }\n'
    )
    experiment = read_experiment(path)
    assert [each.host.kinetics for each in experiment.conditions] == [(1, 0, 0, 0.5), (-1, 0, 0, 0.5)]
    result = run_experiment(experiment, seed=1, worlds=2)
    told = [each.what for each in result.assumptions if "kinetics of a host's own" in each.what]
    assert [what.split(", ")[1].split(":")[0] for what in told] == ["inflammation", "repair"]
    assert result.conditions[1].effect["inflammation"].difference < 0


def test_depleting_a_field_removes_it_at_once():
    change = (Change("inflammatory_macrophage", Action.DEPLETE, 0.8, 7.0, 8.0),)
    with_it, without = (_read((7.001,), changes=changes) for changes in (change, ()))
    ratio = with_it["macrophages_inflammatory"][0, 0] / without["macrophages_inflammatory"][0, 0]
    assert ratio == pytest.approx(0.2, abs=0.01)


def test_a_set_of_rates_repeats_with_its_seed_whatever_the_conditions_and_the_number_of_sets():
    alone = draw_subjects(Species.RODENT, 4, 2, Streams(7))
    more = draw_subjects(Species.RODENT, 4, 3, Streams(7))
    np.testing.assert_array_equal(alone.severity_normals, more.severity_normals[:8])
    np.testing.assert_array_equal(alone.parameters.monocyte_entry, more.parameters.monocyte_entry[:8])


def test_a_condition_without_a_difference_has_no_effect_at_all():
    result = _run(Condition("a", SEVERE), Condition("b", SEVERE))
    assert all(found.difference == found.low95 == found.high95 == 0 for found in result.conditions[1].effect.values())
    assert result.conditions[0].readouts["bbb"].sd > 0


def test_the_result_gives_every_read_out_mean_and_spread_and_every_effect_an_interval_that_holds_it():
    result = _run(Condition("vehicle", SEVERE), Condition("graft", SEVERE, regimen=_graft(3.0)), days=(7.0, 42.0))
    assert [each.name for each in result.conditions] == ["vehicle", "graft"]
    graft = result.conditions[1]
    assert set(graft.readouts) == set(graft.effect) == set(readout_names(Species.RODENT))
    assert all(found.low95 <= found.difference <= found.high95 for found in graft.effect.values())
    assert [each.day for each in graft.by_day] == [7.0, 42.0]
    assert graft.by_day[-1].effect == graft.effect
    assert graft.effect["bbb"].low95 > 0


def test_an_effect_is_the_mean_paired_difference_and_its_interval_the_spread_over_sets_of_rates():
    rng = np.random.default_rng(1)
    base = rng.normal(10, 2, (4000, 5))
    found = effect(base + rng.normal(1, 0.5, base.shape), base)
    assert found.difference == pytest.approx(1, abs=4 * 0.5 / np.sqrt(base.size))
    half = (found.high95 - found.low95) / 2
    assert half == pytest.approx(1.96 * 0.5 / np.sqrt(5), rel=0.08)
    assert summary(base).sd == pytest.approx(2, rel=0.05)


def test_subjects_left_out_do_not_enter_the_numbers():
    base = np.array([[1.0, 3.0, np.nan], [np.nan, np.nan, np.nan], [2.0, 2.0, 5.0]])
    found = effect(base + 1, base)
    assert found.difference == found.low95 == found.high95 == 1
    assert summary(base).mean == pytest.approx(13 / 5)


def test_facts_of_many_sets_of_rates_at_once_are_those_of_each_set_alone():
    experiments = {"t01_macrophage_depletion": read_fact_experiments(EXPERIMENTS)["t01_macrophage_depletion"]}
    rat, human = load_parameters("rodent"), load_parameters("human")
    factors = np.array([0.7, 1.0, 1.3])
    together = fact_values(
        rat._replace(monocyte_entry=rat.monocyte_entry * factors), human, experiments, with_courses=False
    )
    for number, factor in enumerate(factors):
        alone = fact_values(
            rat._replace(monocyte_entry=rat.monocyte_entry * factor), human, experiments, with_courses=False
        )
        for row, value in alone.items():
            assert together[row][number] == pytest.approx(value[0], rel=1e-4)


def test_the_command_prints_json_with_provenance_and_the_same_numbers_for_the_same_seed(capsys):
    arguments = [
        "cord",
        "perturb",
        str(EXPERIMENTS / "t09_scar_digestion.toml"),
        "--seed",
        "5",
        "--worlds",
        "4",
        "--json",
    ]
    texts = []
    for _ in range(2):
        assert main(arguments) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    result = json.loads(texts[0])
    assert result["kind"] == "experiment"
    assert result["provenance"]["seed"] == 5
    assert result["conditions"][1]["effect"]["spared_share"]["difference"] == pytest.approx(0, abs=1e-4)


def test_the_command_answers_in_words_and_lists_its_targets(capsys):
    assert (
        main(["cord", "perturb", str(EXPERIMENTS / "t04_remyelination_blocked.toml"), "--seed", "5", "--worlds", "4"])
        == 0
    )
    assert "Does walking need new myelin?" in capsys.readouterr().out
    assert main(["cord", "perturb", "--targets"]) == 0
    assert "graft_rejection" in capsys.readouterr().out


def test_the_command_answers_a_mistake_with_its_place_and_exit_code_2(tmp_path, capsys):
    path = tmp_path / "wrong.toml"
    path.write_text('species = "rat"\nreadout_day = 42\n[[conditions]]\nname = "a"\nlevers = ["acupuncture"]\n')
    assert main(["cord", "perturb", str(path)]) == 2
    assert "conditions[0].levers[0].name" in capsys.readouterr().err
    assert main(["cord", "perturb"]) == 2


def test_one_call_takes_an_experiment_by_name_draws_a_seed_and_keeps_it_with_the_file():
    found = run_experiment("t09_scar_digestion", worlds=2)
    record = found.provenance
    assert (record.command, record.seed, record.input_name) == ("cord perturb", found.seed, "t09_scar_digestion.toml")
    assert record.options == {"worlds": 2}
    again = run_experiment(read_experiment(EXPERIMENTS / "t09_scar_digestion.toml"), worlds=2, seed=found.seed)
    assert again == found


@pytest.mark.parametrize(("options", "where"), [({"worlds": 0}, "worlds"), ({"device": "abacus"}, "device")])
def test_a_wrong_argument_is_told_by_its_name(options, where):
    with pytest.raises(InputError) as caught:
        run_experiment("t09_scar_digestion", **options)
    assert [fault.where for fault in caught.value.faults] == [where]


def test_a_difference_of_rounding_is_no_effect_however_certain():
    base = np.full((4, 5), 21.0)
    found = effect(base * (1 - 1e-7), base)
    assert (found.difference, found.low95, found.high95) == (0.0, 0.0, 0.0)
    assert effect(base * 0.999, base).difference < 0

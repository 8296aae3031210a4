"""The picture of two people with the same injury and other kinetics, without cells and with them."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from cordwise.base.errors import InputError
from cordwise.experiment import read_experiment, run_experiment
from cordwise.present.charts.theme import DARK_COLOURS
from cordwise.present.experiment.own_kinetics import course_of, own_kinetics, own_kinetics_finding
from cordwise.present.pictures import own_kinetics_picture_svg
from paths import ROOT

EXPERIMENT = read_experiment(ROOT / "experiments" / "own_kinetics.toml")


@pytest.fixture(scope="module")
def result():
    few = replace(EXPERIMENT, subjects=4, days=(3.0, 28.0, 365.0))
    return run_experiment(few, seed=1, worlds=2)


def test_the_shipped_experiment_hits_everybody_alike_and_differs_in_inflammation_and_cells():
    calm, calm_cells, inflamed, inflamed_cells = EXPERIMENT.conditions
    assert {each.lesion for each in EXPERIMENT.conditions} == {calm.lesion}
    assert calm.host == calm_cells.host != inflamed.host == inflamed_cells.host
    assert (calm.regimen, inflamed.regimen) == (None, None)
    assert calm_cells.regimen == inflamed_cells.regimen
    assert calm_cells.regimen is not None
    compared = [EXPERIMENT.comparator_of(each) for each in (calm_cells, inflamed_cells)]
    assert compared == [calm.name, inflamed.name]


def test_each_person_has_a_colour_and_each_world_a_dash(result):
    drawn = own_kinetics(result)["vconcat"][0]["encoding"]
    blue, again, orange, last = drawn["color"]["scale"]["range"]
    assert blue == again != orange == last
    without, with_cells, *_ = drawn["strokeDash"]["scale"]["range"]
    assert drawn["strokeDash"]["scale"]["range"] == [without, with_cells] * 2
    assert without != with_cells


def test_every_condition_is_drawn_on_every_day_and_the_motor_score_is_that_of_arms_and_legs(result):
    rows = course_of(result, ("uems", "lems"), 1.0)
    assert len(rows) == len(result.conditions) * len(result.readout_days)
    last = result.conditions[-1].readouts
    assert rows[-1]["value"] == pytest.approx(last["uems"].mean + last["lems"].mean)
    assert "inflamed" in own_kinetics_finding(result)


def test_the_picture_fits_a_telephone_and_every_colour_of_it_has_one_for_the_dark(result):
    root = ElementTree.fromstring(own_kinetics_picture_svg(result))
    assert float(root.get("width")) <= 390
    sizes = [float(each.get("font-size").removesuffix("px")) for each in root.iter() if each.get("font-size")]
    assert min(sizes) >= 12
    used = set(re.findall(r"#[0-9a-f]{6}", own_kinetics_picture_svg(result))) - {"#ffffff"}
    assert used <= set(DARK_COLOURS)


def test_an_experiment_of_other_conditions_is_refused_with_what_it_lacks(result):
    two = replace(result, conditions=result.conditions[:2])
    with pytest.raises(InputError, match="four: two people"):
        own_kinetics(two)
    bare = {name: value for name, value in result.conditions[0].readouts.items() if name != "lems"}
    with pytest.raises(InputError, match="lems"):
        own_kinetics(replace(result, conditions=(replace(result.conditions[0], readouts=bare), *result.conditions[1:])))

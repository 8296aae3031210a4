"""The patient file: named patterns, cells from the shelf and cells grown to order."""

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.cord.patient_kinetics import FURTHEST, KINETICS
from cordwise.cord.product import AutologousRegimen, MarrowProcess, Regimen, Route, expected
from cordwise.patient.file import PatientFile, read_patient
from cordwise.patient.file_types import KineticsTable
from cordwise.patient.life.manufacture import regimen_for
from cordwise.present.patient.text import harvest_words
from paths import ROOT

PATIENTS = ROOT / "patients"
MARROW = (PATIENTS / "marrow_c6_a.toml").read_text()
ID = np.array([3])


def _read(folder, text):
    (folder / "patient.toml").write_text(text)
    return read_patient(folder / "patient.toml")


@pytest.mark.parametrize("path", sorted(PATIENTS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_read_and_opens_with_its_question_and_what_to_expect(path):
    request = read_patient(path)
    assert request.visit_days
    opening = path.read_text().splitlines()
    assert opening[0].startswith("# Question:")
    assert any(line.startswith("# Expect:") for line in opening)


def test_cells_grown_to_order_are_given_on_the_day_the_process_makes_them_ready():
    request = read_patient(PATIENTS / "marrow_c6_a.toml")
    assert isinstance(request.regimen, AutologousRegimen)
    assert request.regimen.process == MarrowProcess(10.0, 30.0, 1e8, 3, 5e7, second_aspirate=True)
    regimen, made = regimen_for(request.regimen, ID, Streams(1))
    assert regimen.days[0] == pytest.approx(made.ready_day, abs=0.05)
    assert regimen.doses[0].route == Route.INTRAVENOUS
    middle = made.others.ready_day.p50
    assert middle == pytest.approx(expected(request.regimen.process).ready_day[0], abs=2)
    assert f"ready on day {made.ready_day:g}" in harvest_words(made)


def test_cells_off_the_shelf_have_the_days_of_the_file_and_no_manufacture():
    request = read_patient(PATIENTS / "cervical_b.toml")
    assert isinstance(request.regimen, Regimen)
    assert regimen_for(request.regimen, ID, Streams(1)) == (request.regimen, None)


def test_a_patient_whose_cells_do_not_grow_gets_none_and_is_told_so():
    order = AutologousRegimen(MarrowProcess(10.0, 0.01, 1e8, 0, 1e8), Route.INTRAVENOUS)
    regimen, made = regimen_for(order, ID, Streams(1))
    assert regimen.doses == ()
    assert made.ready_day is None
    assert "nothing was released (too few cells)" in harvest_words(made)
    assert "none gets a product" in harvest_words(made)


CENTRAL = (PATIENTS / "central_c.toml").read_text()


def test_the_kinetics_of_a_file_are_those_it_names_and_no_others(tmp_path):
    assert read_patient(PATIENTS / "central_c.toml").kinetics == {}
    asked = _read(tmp_path, f"{CENTRAL}\n[kinetics]\ninflammation = 1.5\nrepair = 0\n")
    assert asked.kinetics == {"inflammation": 1.5, "repair": 0}


def test_a_file_may_name_every_group_of_rates_that_people_differ_in():
    assert tuple(KineticsTable.model_fields) == KINETICS


def test_every_fault_of_kinetics_is_told_at_once_beside_those_of_other_tables(tmp_path):
    wrong = "[kinetics]\ninflammation = 3\nclearance = nan\nscaring = 1\nrepair = true\n"
    with pytest.raises(InputError) as told:
        _read(tmp_path, CENTRAL.replace('grade = "C"', 'grade = "F"') + wrong)
    faults = {fault.where.split(": ")[1]: fault for fault in told.value.faults}
    keys = ("inflammation", "clearance", "scaring", "repair")
    assert set(faults) == {"patient.grade", *(f"kinetics.{key}" for key in keys)}
    assert "2.5" in faults["kinetics.inflammation"].expected
    assert faults["kinetics.scaring"].advice == 'Did you mean "scarring"?'


def test_the_schema_of_the_file_bounds_the_deviates():
    schema = PatientFile.model_json_schema()["$defs"]["KineticsTable"]["properties"]
    bounds = [(form["minimum"], form["maximum"]) for each in schema.values() for form in each["anyOf"][:1]]
    assert bounds == [(-FURTHEST, FURTHEST)] * len(KINETICS)


def test_a_named_pattern_is_found_and_an_unknown_one_is_answered_with_the_known(tmp_path):
    assert read_patient(PATIENTS / "central_c.toml").syndrome.name == "central"
    with pytest.raises(InputError) as told:
        _read(tmp_path, (PATIENTS / "central_c.toml").read_text().replace('"central"', '"centrl"'))
    assert "brown_sequard" in str(told.value)
    assert 'Did you mean "central"?' in str(told.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[manufacture]", "[[cells]]\nday = 3\ncells = 1e8\nroute = 'intravenous'\n[manufacture]"), "found both"),
        (('kind = "autologous_msc"', 'kind = "allogeneic_msc"'), '"autologous_msc", with [manufacture]'),
        (("minimum_cells = 5e7", "minimum_cells = 5e8"), "manufacture.minimum_cells"),
        (("passages = 3", "passages = 3\ndoses = 2"), "manufacture.dose_interval_days"),
        (("aspirate_ml = 30", "aspirate_ml = 0"), "a number above 0"),
    ],
)
def test_contradictions_between_cells_and_manufacture_are_told(tmp_path, change, told):
    with pytest.raises(InputError) as fault:
        _read(tmp_path, MARROW.replace(*change))
    assert told in str(fault.value)


def test_a_file_with_neither_cells_nor_manufacture_is_a_fault(tmp_path):
    start, end = MARROW.index("[manufacture]"), MARROW.index("[product]")
    with pytest.raises(InputError, match="found neither"):
        _read(tmp_path, MARROW[:start] + MARROW[end:])


def test_a_request_is_found_by_the_name_of_its_example_and_keeps_the_bytes_of_its_file():
    request = read_patient("central_c")
    assert request == read_patient(PATIENTS / "central_c.toml")
    assert request.origin.data == (PATIENTS / "central_c.toml").read_bytes()


def test_a_file_of_another_kind_is_named():
    with pytest.raises(InputError, match=r"a study.*\n.*cordwise appraise"):
        read_patient(ROOT / "studies" / "honmou2021.toml")

"""The whole appraisal of the shipped studies, under a few parameter sets."""

from dataclasses import replace

import numba
import numpy as np
import pytest

from cordwise.appraisal.run import appraise
from cordwise.appraisal.study import read_study
from cordwise.appraisal.verdict import Verdict
from cordwise.base.errors import InputError
from cordwise.base.provenance import to_json
from cordwise.population.choice import ChosenPopulation, choose_population
from cordwise.population.posterior import shipped_fit
from example_appraisal import DRAWS, PATIENTS, STUDIES, appraised


@pytest.fixture(scope="module")
def sapporo():
    return appraised("honmou2021")


@pytest.fixture(scope="module")
def keio():
    return appraised("keio_ips2025")


def test_the_same_seed_gives_the_same_bytes_whatever_the_number_of_threads_and_the_way_the_study_is_named(keio):
    before = numba.get_num_threads()
    numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
    try:
        again = appraise("keio_ips2025", draws=DRAWS, patients=PATIENTS, seed=1)
    finally:
        numba.set_num_threads(before)
    assert to_json(again.to_dict()) == to_json(keio.to_dict())


@pytest.mark.slow
def test_another_seed_gives_other_numbers(keio):
    other = appraise(read_study(STUDIES / "keio_ips2025.toml"), draws=DRAWS, patients=PATIENTS, seed=2)
    assert other.arms != keio.arms


def test_the_result_says_where_it_comes_from(sapporo):
    record = sapporo.provenance
    assert (record.command, record.seed, record.input_name) == ("appraise", 1, "honmou2021.toml")
    assert record.options == {"draws": DRAWS, "patients": PATIENTS}


def test_more_severe_injuries_improve_less_often_without_cells(sapporo):
    chances = [row.probability for row in sapporo.arms[0].by_grade]
    assert chances == sorted(chances)


def test_the_expected_number_is_the_sum_over_grades_and_the_mean_of_its_distribution(sapporo):
    (arm,) = sapporo.arms
    assert arm.expected_improved == pytest.approx(sum(row.expected for row in arm.by_grade), rel=1e-6)
    assert arm.expected_improved == pytest.approx(np.dot(arm.distribution, range(14)), rel=1e-6)


@pytest.mark.parametrize("registry", [None, "Kirshblum2016"])
def test_the_parts_of_its_uncertainty_add_up_to_the_spread_of_its_distribution(registry):
    population = choose_population(registry=registry)
    (arm,) = appraise("honmou2021", population=population, draws=100, patients=200, seed=1, portrait=False).arms
    numbers = np.arange(len(arm.distribution))
    spread = np.dot(arm.distribution, numbers**2) - np.dot(arm.distribution, numbers) ** 2
    parts = arm.parts
    whole = parts.chance**2 + parts.parameters**2 + parts.registry**2 + parts.structure**2
    assert whole == pytest.approx(spread, rel=0.1)


def test_what_is_known_of_a_registrys_conversions_is_no_uncertainty():
    shipped = shipped_fit()
    fit = replace(
        shipped,
        structure=replace(shipped.structure, dispersion=np.full_like(shipped.structure.dispersion, 1e-9)),
        conversions={"EMSCI": np.full_like(shipped.conversions["EMSCI"], 1.0)},
    )
    population = ChosenPopulation("EMSCI", fit=fit)
    (arm,) = appraise("honmou2021", population=population, draws=20, patients=200, seed=1, portrait=False).arms
    assert arm.expected_improved > 6
    assert arm.parts.structure < 0.2


def test_a_later_baseline_leaves_less_to_recover(sapporo):
    expected = [point.expected for point in sapporo.baseline_day_curve]
    assert expected[0] > expected[3] > expected[-1]


def test_improvement_without_cells_grows_with_follow_up_where_it_is_more_than_retest(sapporo):
    for series in sapporo.timeline.series:
        if series.grade == "A":  # on days as late as these nearly all of its conversions are retest
            assert series.share[-1] == pytest.approx(series.share[0], abs=0.05)
        else:
            assert series.share[-1] > series.share[0] + 0.05


def test_four_patients_with_two_improved_are_within_natural_recovery(keio):
    assert keio.verdict is Verdict.WITHIN
    assert keio.bias.misgrading.explains_at == 0.0


def test_a_dose_six_weeks_after_injury_hardly_informs_the_translation(sapporo):
    found = sapporo.translation
    assert 0.7 < (found.high95 - found.low95) / (found.prior.high95 - found.prior.low95) < 1.3


def test_both_cords_of_the_picture_are_the_same_until_the_cells_are_given(sapporo):
    patient = sapporo.patient
    before = [place for place, day in enumerate(patient.days) if day < patient.regimen.doses[0].day]
    for field, values in patient.fields.without.items():
        treated = np.array(patient.fields.with_cells[field])
        np.testing.assert_allclose(np.array(values)[before], treated[before], atol=5e-3, err_msg=field)
    assert patient.scores.without.ais[0] == patient.scores.with_cells.ais[0]


def test_recalled_and_seen_sources_are_marked_apart(sapporo):
    assert {source.status for source in sapporo.study.sources} == {"seen", "recalled"}
    by_what = {row.what: row.status for row in sapporo.assumptions}
    assert by_what["Who entered, by grade"] == "recalled"
    assert by_what["Neurological levels"] == "seen"


def test_numbers_have_eight_digits_so_that_a_last_bit_is_no_difference(sapporo):
    assert all(float(f"{chance:.8g}") == chance for chance in sapporo.arms[0].distribution)


@pytest.mark.parametrize(("wrong", "told"), [({"draws": 1}, "draws: expected 2"), ({"patients": 0}, "patients: ")])
def test_an_argument_out_of_range_is_told(wrong, told):
    with pytest.raises(InputError, match=told):
        appraise("honmou2021", **wrong)

"""The invented registry that ships: found by name, told apart from real ones, and met by the population."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.examples import examples
from cordwise.evidence import Targets, read_targets
from cordwise.population.check import check_population


@pytest.fixture(scope="module")
def found():
    return check_population("my_registry", case_mix="my_registry_at_entry", draws=5, patients=2000, seed=1)


def test_every_table_of_the_folder_says_that_it_is_invented():
    assert [path.stem for path in examples("registries")] == ["my_registry", "my_registry_at_entry"]
    for path in examples("registries"):
        assert all(row.source.startswith("Invented registry") for row in read_targets(path.stem))


def test_its_simulated_people_are_predicted_by_the_population_they_come_from(found):
    assert found.summary.n == found.summary.n_predicted == 12
    assert sum(row.is_missed for row in found.targets) <= 2


def test_the_population_is_weighed_until_it_resembles_those_who_enter(found):
    observed, before, after = (
        np.array([getattr(row, name) for row in found.case_mix.rows]) for name in ("observed", "unweighted", "weighted")
    )
    assert (np.abs(after - observed) <= np.abs(before - observed) + 0.02).all()
    assert 0.5 < found.case_mix.effective_share < 1


def test_the_record_names_both_tables(found):
    assert found.provenance.input_name == "my_registry.csv"
    assert found.provenance.options["case_mix"] == "my_registry_at_entry.csv"
    assert found.provenance.options["case_mix_sha256"] == read_targets("my_registry_at_entry").source_file.sha256


def _unanswered(found):
    copying = found.summary.where_emsci_can_be_copied
    return set(copying.rmse_if_copied) - set(copying.rmse)


def test_a_measure_that_nobody_simulated_answers_is_left_open_in_the_text():
    of_two_people = (check_population("my_registry", draws=2, patients=1, seed=seed) for seed in range(1, 20))
    found = next(each for each in of_two_people if _unanswered(each))
    copying = found.summary.where_emsci_can_be_copied
    assert set(copying.rmse) < set(copying.rmse_if_copied)
    of_copying = str(found).partition("against copying EMSCI's figure")[2].splitlines()
    shown = {line.split()[0]: line.split()[1] for line in of_copying if len(line.split()) > 1}
    assert all((shown[measure] == "-") == (measure in _unanswered(found)) for measure in copying.rmse_if_copied)


def test_the_text_says_how_many_people_and_sets_still_count(found):
    assert f"{100 * found.case_mix.effective_share:.0f} % of the simulated patients still count" in str(found)
    assert "5 of 5 parameter sets count" in str(found)
    assert 0 < found.case_mix.effective_people_least <= found.case_mix.effective_people <= 2000


def test_a_row_that_cannot_be_met_is_told_in_the_text():
    far = Targets.of(
        [
            replace(row, value=5.0, n=300) if row.target_id == "E07" else row
            for row in read_targets("my_registry_at_entry")
        ]
    )
    found = check_population("my_registry", case_mix=far, draws=5, patients=400, seed=1)
    (missed,) = [row for row in found.case_mix.rows if row.is_missed]
    assert f"  {missed.words}" in str(found).splitlines()

import csv
from importlib.resources import files

from cordwise.appraisal.conventions import convention
from cordwise.appraisal.translation import PRIOR_SHAPE


def rows():
    text = files("cordwise.appraisal").joinpath("data/conventions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_number_taken_by_judgement_has_a_unit_a_source_a_status_and_a_meaning():
    assert rows()
    for row in rows():
        assert all(row[column] for column in ("name", "value", "unit", "source", "status", "meaning")), row
        assert convention(row["name"]) == float(row["value"])


def test_the_prior_of_the_translation_leans_to_little_carrying_over():
    probable, improbable = PRIOR_SHAPE
    assert improbable > probable > 0

"""The numbers taken by convention."""

import csv
from importlib.resources import files

from cordwise.stats.dose_finding.conventions import convention


def test_every_conventional_number_has_a_unit_a_source_a_status_and_a_meaning():
    text = files("cordwise.stats.dose_finding").joinpath("data/conventions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    for row in rows:
        assert all(row[column] for column in ("name", "value", "unit", "source", "status", "meaning")), row
        assert row["status"] in ("seen", "recalled", "fitted", "judgement")
        assert convention(row["name"]) == float(row["value"])

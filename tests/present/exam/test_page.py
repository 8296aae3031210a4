"""The reports of classified examinations."""

import json

import pytest

import cordwise as cw
from paths import ROOT

REGISTRY = ROOT / "examinations" / "registry.csv"


@pytest.fixture(scope="module")
def graded():
    return cw.classify(REGISTRY)


def test_the_report_of_a_batch_counts_every_grade_and_shows_every_examination(graded, tmp_path):
    page = graded.report(tmp_path / "graded.html").read_text(encoding="utf-8")
    assert f"{len(graded) - graded.refused} of {len(graded)} examinations were classified" in page
    assert all(str(name) in page for name in graded.ids)


def test_the_chart_of_a_batch_adds_up_to_the_examinations_classified(graded):
    (values,) = graded.chart("grades").to_dict()["datasets"].values()
    assert sum(row["examinations"] for row in values) == len(graded) - graded.refused


def test_a_refused_examination_is_reported_with_its_fault(tmp_path):
    wrong = json.loads((ROOT / "examinations" / "examination.json").read_text())
    wrong["right"]["motor"]["C5"] = "9"
    page = cw.classify([wrong]).report(tmp_path / "wrong.html").read_text(encoding="utf-8")
    assert "1 refused" in page
    assert "right C5 motor" in page or "right.motor.C5" in page


def test_the_report_of_an_examination_gives_the_reason_of_every_step(tmp_path):
    explained = cw.explain(ROOT / "examinations" / "examination.json")
    page = explained.report(tmp_path / "explained.html").read_text(encoding="utf-8")
    assert all(step.words.split(",")[0].split("'")[0] in page for step in explained.steps)

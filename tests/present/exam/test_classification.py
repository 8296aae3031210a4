"""A batch of classified examinations as a person reads it: a short text, and a table in a notebook."""

import re

import pytest

from cordwise.isncsci.files.door import classify

RESEARCH = "For research and trial planning, not for decisions about a patient's care."


@pytest.fixture(scope="module")
def registry():
    return classify("registry.csv")


def test_the_text_counts_exams_and_grades(registry):
    text = str(registry)
    assert text.startswith("40 of 40 examinations classified, 0 refused.\n")
    grades = re.findall(r"([A-E](?: or [A-E])*) (\d+)", text)
    assert sum(int(count) for _, count in grades) == 40
    assert text.endswith(f"{RESEARCH}\n")


def test_refused_exams_are_counted_and_have_no_grade(registry):
    text = str(classify([{"id": "empty"}]))
    assert text == f"0 of 1 examinations classified, 1 refused.\n{RESEARCH}\n"


def test_the_notebook_shows_the_first_exams_and_says_how_many_there_are(registry):
    shown = registry._repr_html_()
    assert shown.count("<tr>") == 11
    assert "40 examinations, 0 refused. The first 10 are shown." in shown
    assert "C7,C8,T1,T4" in shown
    assert "care." in shown


def test_what_a_file_says_is_no_markup():
    shown = classify([{"id": "<script>alert(1)</script>", "vac": "<b>"}])._repr_html_()
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "refused: " in shown

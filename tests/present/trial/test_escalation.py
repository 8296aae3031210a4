"""What is shown of a simulated dose-finding trial: page, charts, tables and JSON say what was found."""

import json

import pytest

from cordwise.base.provenance import to_json
from cordwise.present.presenters import read_result, report_html
from cordwise.present.trial.escalation.charts import overdose_rows, selection_rows
from cordwise.trial.escalation.file import check_escalation
from cordwise.trial.escalation.run import escalate

FILE = {
    "name": "invented",
    "question": "Which design finds the <b>dose</b>?",
    "product": {"product": "allogeneic_msc", "route": "intrathecal"},
    "toxicity": {"definition": "an event", "target": 0.25, "window_days": 28, "source": "invented"},
    "doses": [{"cells": cells, "source": "invented"} for cells in (1e7, 1e8, 1e9)],
    "size": {"patients": 18},
    "accrual": {"patients_per_month": 2, "source": "invented"},
    "designs": [
        {"name": "3+3", "method": "three_plus_three"},
        {"name": "BOIN", "method": "boin"},
        {"name": "CRM", "method": "crm", "guess": 2},
    ],
    "scenarios": [
        {"name": "second", "description": "the second is right", "toxicity": [0.1, 0.25, 0.5], "source": "invented"},
        {"name": "toxic", "description": "all are too toxic", "toxicity": [0.5, 0.6, 0.7], "source": "invented"},
    ],
}


@pytest.fixture(scope="module")
def result():
    return escalate(check_escalation(FILE, "invented.toml"), seed=3, replicates=200)


@pytest.fixture(scope="module")
def page(result):
    return report_html(result)


def test_the_result_survives_its_json(result):
    written = json.loads(to_json(result.to_dict()))
    again = read_result(written)
    assert again.to_dict() == written
    assert str(again) == str(result)


def test_the_answer_stands_in_the_text_and_in_the_json(result):
    assert result.to_dict()["answer"] in str(result)


def test_the_right_dose_is_shaded_and_shares_add_up(result):
    rows = selection_rows(result.designs, 0)
    assert {row["dose"] for row in rows if row["is_right"]} == {"dose 2|25\u202f%"}
    assert {row["dose"] for row in selection_rows(result.designs, 1) if row["is_right"]} == {"none|"}
    for name in ("3+3", "BOIN"):
        assert sum(row["share"] for row in rows if row["design"] == name) == pytest.approx(1.0)


def test_where_all_doses_are_too_toxic_every_patient_is_overdosed(result):
    shares = {row["row"]: row["share"] for row in overdose_rows(result.designs)}
    assert shares["toxic: 3+3"] == shares["toxic: BOIN"] == 1.0
    assert 0 < shares["second: BOIN"] < 1


def test_exact_chances_decisions_and_skeletons_stand_on_the_page(page):
    assert "3+3, exact" in page
    assert "Decisions of BOIN" in page
    assert "Toxicity rates assumed by the model" in page
    assert "Where exact chances of selection exist (8 of them)" in page


def test_a_hostile_question_is_shown_as_text(page):
    assert "<b>" not in page
    assert "&lt;b&gt;dose" in page


def test_every_table_and_every_chart_can_be_had(result):
    found = result.to_frame("doses")
    assert len(found) == 3 * 2 * 4  # designs, scenarios, doses with none
    assert found.group_by("design", "scenario").sum()["selected"].to_list() == pytest.approx([1.0] * 6)
    assert set(result.to_frame()["design"]) == {"3+3", "BOIN", "CRM"}
    assert set(result.to_frame("decisions")["design"]) == {"BOIN"}
    for name in result.charts:
        assert result.chart(name).to_dict()

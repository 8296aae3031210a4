"""Rates of adverse events: each from a row of the evidence."""

from cordwise.cord.product import Route
from cordwise.evidence import find_row
from cordwise.trial.observe.adverse_events import ANY_ROUTE, adverse_event_rates, adverse_event_rows


def test_every_rate_of_adverse_events_comes_from_a_row_of_the_evidence_with_as_many_patients():
    for row in adverse_event_rows():
        evidence = find_row(row.table, row.row)
        patients = evidence["n_subjects"] if row.table == "meta_analyses" else evidence["n"]
        assert int(patients) == row.patients, row
        assert evidence["status"] == row.status, row
        if row.event == "serious related" and row.table == "cell_trials":
            assert evidence["serious_ae"].startswith("0"), row


def test_serious_related_events_are_pooled_by_route():
    serious = {each.route: each for each in adverse_event_rates() if each.event == "serious related"}
    assert serious.keys() == {route.value for route in Route}
    assert {each.route for each in adverse_event_rates()} == {*serious, ANY_ROUTE}
    assert serious["intralesional"].posterior.mean > serious["intrathecal"].posterior.mean
    assert serious["intrathecal"].status == "recalled"
    assert "yang2021" in serious["intrathecal"].sources

"""The report of a trial design: assurance first, single trials, rates, looks and sizes, then what all rests on."""

from cordwise.present.html.closing import assumptions, credibility, provenance
from cordwise.present.html.page import Page, Section
from cordwise.present.patient.page import patient_section
from cordwise.present.trial.conduct import adaptation_section, conduct_section, flow_section
from cordwise.present.trial.examples import example_section
from cordwise.present.trial.looks import looks_section
from cordwise.present.trial.methods import credibility_statements, estimand_section, study_section
from cordwise.present.trial.operating import assurance_section, operating_section, outcomes_section
from cordwise.present.trial.sizes import enrolment_day_section, size_section
from cordwise.present.trial.tables import design_table, sentences
from cordwise.present.trial.text import answer
from cordwise.trial.result import TrialResult


def trial_page(result: TrialResult) -> Page:
    """Return the report of a simulated trial."""
    sections = (
        assurance_section(result),
        example_section(result),
        operating_section(result),
        *looks_section(result),
        *adaptation_section(result),
        flow_section(result),
        size_section(result),
        enrolment_day_section(result),
        outcomes_section(result),
        estimand_section(result),
        conduct_section(result),
        patient_section(result.patient),
        study_section(result),
        Section("design", "The design", tables=(design_table(result.design),)),
        assumptions(result),
        credibility(result, credibility_statements(result)),
        provenance(result),
    )
    return Page(f"Trial design: {result.design.name}", result.question, sentences(answer(result)), sections)

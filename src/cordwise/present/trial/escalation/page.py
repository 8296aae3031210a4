"""The report of a dose-finding study: what each design selects, whom it overdoses, and how it decides."""

from typing import Any

from cordwise.base.codec import to_plain
from cordwise.present import numbers
from cordwise.present.html.closing import assumptions, credibility, facts, provenance
from cordwise.present.html.page import Page, Section, figure
from cordwise.present.trial.escalation.charts import OVERDOSED, SELECTION, overdosed_patients, selection_by_dose
from cordwise.present.trial.escalation.tables import (
    characteristics_table,
    decision_table,
    exposure_table,
    selection_table,
    skeleton_table,
)
from cordwise.present.trial.escalation.text import answer
from cordwise.present.trial.tables import flat, sentences
from cordwise.trial.escalation.result import Escalation


def escalation_page(result: Escalation) -> Page:
    """Return the report of simulated dose-escalation designs."""
    sections = (
        _selection(result),
        _overdosing(result),
        _decisions(result),
        Section("design", "The file", tables=(facts("The designs as simulated", list(flat(_file(result)))),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    title = f"Dose escalation: {result.design.name}"
    return Page(title, result.question, sentences(answer(result)), sections)


def _file(result: Escalation) -> dict[str, Any]:
    """Return the file without its question, which opens the page."""
    return {key: value for key, value in to_plain(result.design).items() if key != "question"}


def _selection(result: Escalation) -> Section:
    """Return which dose each design selects in each scenario."""
    told = "; ".join(
        f"{found.name}, {design.name}: right in {numbers.share(found.correct_rate)}"
        for design in result.designs
        for found in design.scenarios
    )
    drawn = figure(selection_by_dose(result), name="selection", title=SELECTION, description=f"{told}.")
    target = result.design.toxicity.target
    words = (
        f"{numbers.count(result.replicates)} simulated trials of each design in each scenario; all designs meet the "
        f"same patients. The right dose is the one whose rate is nearest the target of {numbers.share(target)}, and "
        "none where even the lowest is too toxic. MCSE: Monte Carlo standard error.",
    )
    tables = [characteristics_table(result)]
    tables += [selection_table(result, place) for place in range(len(result.design.scenarios))]
    return Section("selection", "Which dose the designs select", words, (drawn,), tuple(tables))


def _overdosing(result: Escalation) -> Section:
    """Return how many patients each design treats at a dose that is too toxic, and who is treated where."""
    told = "; ".join(
        f"{found.name}, {design.name}: {numbers.share(found.overdosed_share)}"
        for design in result.designs
        for found in design.scenarios
    )
    drawn = figure(overdosed_patients(result), name="overdosed", title=OVERDOSED, description=f"{told}.")
    words = ("Overdosed: treated at a dose whose assumed rate is above the target, unless it is the right one.",)
    tables = tuple(exposure_table(result, place) for place in range(len(result.design.scenarios)))
    return Section("overdosing", "Who is treated at which dose", words, (drawn,), tables)


def _decisions(result: Escalation) -> Section:
    """Return how the designs decide: tables of counts, and the starting rates of models."""
    tables = [decision_table(row) for row in result.decision_tables]
    if result.skeletons:
        tables.append(skeleton_table(result.skeletons))
    words = tuple(f"{each.name}: {_METHODS[each.method]}." for each in result.designs)
    return Section("decisions", "How the designs decide", words, tables=tuple(tables))


_METHODS = {
    "three_plus_three": "no toxicity among three goes up, one among three adds three more, two stop the search",
    "boin": "the observed share with toxicity is compared with two limits around the target",
    "crm": "a model of all doses is updated after each cohort, and the dose nearest the target is given next",
    "tite_crm": "the same model, with patients still under observation counted in part",
}


def _credibility(result: Escalation) -> list[tuple[str, str]]:
    """Return the credibility statements of an escalation run."""
    return [
        ("Model influence", "High: toxicities are drawn from assumed rates; no biology enters."),
        ("Decision consequence", "For planning a first trial; no decision about a patient's care rests on it."),
        ("Verification", _verification(result)),
        ("Validation", "The toxicity rates are assumptions of the file; nothing here says which of them holds."),
        ("Not judged", "Whether the cells work at any of these doses."),
    ]


def _verification(result: Escalation) -> str:
    """Return how far simulated and exact chances of selection lie apart, where exact ones exist."""
    distances = [
        abs(simulated - exact)
        for design in result.designs
        for found in design.scenarios
        if found.selected_exact is not None
        for simulated, exact in zip(found.selected, found.selected_exact, strict=True)
    ]
    if not distances:
        return "No design here has exact characteristics to compare with."
    return (
        f"Where exact chances of selection exist ({len(distances)} of them), simulated ones differ by at most "
        f"{numbers.number(max(distances), 3)}."
    )

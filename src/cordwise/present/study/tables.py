"""Tables of an appraisal."""

from collections.abc import Callable, Sequence

from cordwise.appraisal.bias import TippingPoints
from cordwise.appraisal.result import AppraisedStudy, ArmAppraisal
from cordwise.appraisal.translation import Translation
from cordwise.evidence import Citation
from cordwise.present import numbers
from cordwise.present.html.closing import facts
from cordwise.present.html.page import Table, source_cell, status_cell, table
from cordwise.present.population.measures import PARTS, parts_of


def arms_table(arms: Sequence[ArmAppraisal]) -> Table:
    """Return one row an arm: seen, expected, the range one group would show, and the tail probability."""
    headings = {
        "Group": False,
        "Seen to improve": True,
        "Expected without cells (95 % interval)": True,
        "Range for one such group (95 %)": True,
        "Chance of as many or more": True,
        "At most (97.5 % of parameter sets)": True,
    }
    rows = [
        (
            arm.name,
            numbers.out_of(arm.observed_improved, arm.n),
            numbers.interval(arm.expected_improved, arm.low95, arm.high95),
            numbers.between(arm.predictive_low95, arm.predictive_high95, 0),
            numbers.probability(arm.p_at_least),
            numbers.probability(arm.p_at_least_high95),
        )
        for arm in arms
    ]
    return table("Number improved, seen and expected", headings, list(rows))


def parts_table(arms: Sequence[ArmAppraisal]) -> Table:
    """Return what makes the number of one group uncertain, arm by arm, for those of which it is known."""
    headings = {"Group": False, **{part.capitalize(): True for part in PARTS}}
    rows = [
        (arm.name, *(numbers.number(each) for each in parts_of(arm.parts))) for arm in arms if arm.parts is not None
    ]
    return table("What makes the number in one such group uncertain: SDs, in people", headings, rows)


def grades_table(arms: Sequence[ArmAppraisal]) -> Table:
    """Return one row for each arm and grade at baseline."""
    headings = {
        "Group": False,
        "AIS at baseline": False,
        "Patients": True,
        "Seen to improve": True,
        "Expected": True,
        "Chance that one patient improves (95 % interval)": True,
    }
    rows = [
        (
            arm.name,
            row.grade,
            numbers.count(row.n),
            numbers.count(row.observed_improved),
            numbers.number(row.expected),
            numbers.share_interval(row.probability, row.low95, row.high95),
        )
        for arm in arms
        for row in arm.by_grade
    ]
    return table("By grade at baseline, without cells", headings, list(rows))


def bias_table(bias: TippingPoints) -> Table:
    """Return the sizes of each bias at which the result stops being surprising, and at which it is expected."""
    headings = {"Bias": False, "No longer surprising from": True, "Expected outright at": True}
    misgrading, selection = bias.misgrading, bias.selection
    ungraded, unselected = misgrading.curve[0].rate, selection.curve[0].odds_ratio
    rows = [
        (
            "Misgrading: those who did not improve but are graded up",
            _size(misgrading.explains_at, ungraded, numbers.share),
            _size(misgrading.matches_at, ungraded, numbers.share),
        ),
        (
            "Selection: odds to recover of those chosen, as a multiple",
            _size(selection.explains_at, unselected, numbers.number),
            _size(selection.matches_at, unselected, numbers.number),
        ),
    ]
    return table("Tipping points of two biases", headings, list(rows))


def _size(at: float | None, none: float, write: Callable[[float], str]) -> str:
    """Return the size of a bias that tips the result, or that none is needed, or that none is enough."""
    if at is None:
        return "not reached"
    return "none needed" if at == none else write(at)


def translation_table(found: Translation) -> Table:
    """Return the share carried over before and after the study."""
    rows = [
        (name, numbers.interval(values.median, values.low95, values.high95, 2))
        for name, values in (("Before the study (prior)", found.prior), ("After the study", found))
    ]
    headings = {"Share of the animal effect that carries over": False, "Median (95 % interval)": True}
    return table("Translation, before and after", headings, list(rows))


def study_table(study: AppraisedStudy) -> Table:
    """Return what was done in the study."""
    low, high = (numbers.cells(cells) for cells in study.dose_cells)
    rows = [
        ("Study", study.name),
        ("Product and route", f"{study.product.replace('_', ' ')}, {study.route}"),
        ("Cells", low if low == high else f"{low} to {high}"),
        ("Day of the dose", numbers.day_range(study.dose_day)),
        ("Baseline examination", numbers.day_range(study.baseline_day)),
        ("Follow-up examination", numbers.day_range(study.followup_day)),
        ("Neurological levels", study.levels),
        ("Grades gained to count", numbers.value(study.improved_grades)),
        *([("Grades confirmed by a second examination", numbers.value(study.confirmed))] if study.confirmed else []),
        ("Control group", numbers.value(study.controlled)),
        ("Blinded grading", numbers.value(study.blinded)),
    ]
    return facts("What was done, as published", rows)


def sources_table(sources: Sequence[Citation]) -> Table:
    """Return the sources with their addresses and whether they were seen."""
    rows = [(source_cell(row.label, row.url), status_cell(row.status)) for row in sources]
    return table("Sources of the published figures", {"Source": False, "Status": False}, list(rows))

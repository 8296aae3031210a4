"""What an appraisal rests on, each assumption with where it comes from."""

from cordwise.appraisal.bias import SURPRISING_BELOW
from cordwise.appraisal.comparator import Comparator
from cordwise.appraisal.natural_recovery import Effort
from cordwise.appraisal.study import Study
from cordwise.appraisal.translation import PRIOR_SHAPE
from cordwise.base.assumptions import Assumption
from cordwise.evidence import Citation, cite, evidence_version, raw_table

_CONDUCT, _COUNTS = "cell_trials", "grade_matrices"  # tables that say how a study was done, and who moved where
_MODEL_CARD = "docs/explanation/model-card.md"


def citations(study: Study, *tables: str) -> list[Citation]:
    """Return the citations of the study's rows in some tables, each once, marked where recalled."""
    rows = ((table, row) for table in tables for row in raw_table(table) if row["study_id"] == study.evidence)
    return list(dict.fromkeys(cite(table, row) for table, row in rows))


def sources(study: Study) -> list[Citation]:
    """Return the sources of a study in the evidence base."""
    return citations(study, _CONDUCT, _COUNTS)


def assumptions(study: Study, whose: str, matched: Comparator, effort: Effort) -> list[Assumption]:
    """Return the assumptions of an appraisal."""
    return [*_of_the_study(study), *_of_the_comparison(study, whose, matched, effort), *_of_the_reading()]


def _of_the_study(study: Study) -> list[Assumption]:
    low, high = study.baseline_day
    counts = _status(citations(study, _COUNTS))
    conduct = _status(citations(study, _CONDUCT)[:1])  # the first row of a study is the one on all who were treated
    return [
        _row("Who entered, by grade", _grades(study), f"study file, {_COUNTS}", counts),
        _row("Neurological levels", study.levels, f"study file, {_CONDUCT}", conduct),
        _row("Baseline, days after injury", f"{low:g} to {high:g}, evenly spread", f"study file, {_CONDUCT}", conduct),
        _row("Follow-up, day after injury", f"{study.followup_day:g}", f"study file, {_CONDUCT}", conduct),
        _row("Everyone who entered was examined at follow-up", "yes", f"study file, {_COUNTS}", counts),
        *_of_the_grading(study),
    ]


def _of_the_grading(study: Study) -> list[Assumption]:
    """Return what a study with confirmed grades takes for granted; grades of one examination need no row."""
    if not study.confirmed:
        return []
    entry = "both examinations at baseline gave the same grade, or the patient did not enter"
    gained = "the lower grade of two examinations on one day"
    return [
        _row("Grades are confirmed: who entered", entry, "study file", "as given"),
        _row("Grades are confirmed: what counts at follow-up", gained, "study file", "as given"),
        _row("The two examiners of a day err independently", "yes", "simplification", "judgement"),
    ]


def _of_the_comparison(study: Study, whose: str, matched: Comparator, effort: Effort) -> list[Assumption]:
    selected = int(matched.improvement.selected.sum())
    error = float(matched.improvement.pooled_mcse[:, -1].max())
    return [
        _row(
            "Recovery without cells",
            f"simulated patients of {whose}, from what published registries have in common and how they differ",
            f"evidence base {evidence_version()}; {_MODEL_CARD}",
            "fitted",
        ),
        *_of_the_case_mix(matched),
        _row("Baselines after day 40, change at six months", "few targets: one registry", _MODEL_CARD, "judgement"),
        _row("Of those expected, graded higher by examining alone", _by_retest(study, matched), "this run", "computed"),
        _row("People of the study recover as a registry's do", "yes, given grade and level", "no check", "judgement"),
        _row("How far parameter sets differ on other days, and with cells", "as at follow-up", "this run", "judgement"),
        _row(
            "Simulated patients behind the comparison",
            f"{selected:,} selected from {effort.draws} parameter sets of {effort.patients:,} each; "
            f"Monte Carlo error of a grade's chance at most {error:.3f}",
            "this run",
            "computed",
        ),
    ]


def _of_the_case_mix(matched: Comparator) -> list[Assumption]:
    match = matched.improvement.match
    if match is None:
        return []
    rows = ", ".join(dict.fromkeys(row.measure for row in match.rows))
    counted = f"{len(match.rows)} rows at entry ({rows})"
    found = match.in_figures()
    kept = "; ".join((found.kept_words, *(row.words for row in found.missed)))
    return [
        _row("Simulated patients weighed to the study's patients", f"{counted}; {kept}", "study file", "as given"),
        _row(
            "The curve over days of baseline",
            "patients not weighed: the table holds for one day",
            "this run",
            "as given",
        ),
    ]


def _by_retest(study: Study, matched: Comparator) -> str:
    """Return how many of each arm would be graded higher if examined again on the day of baseline."""
    chances = dict(zip(matched.grades, matched.retest.probability[:, :, 0].mean(axis=0), strict=True))
    numbers = {
        claim.name: sum(count * chances[grade] for grade, count in claim.baseline.items() if count)
        for claim in study.claims
    }
    return "; ".join(f"{name}: {number:.1f}" for name, number in numbers.items())


def _of_the_reading() -> list[Assumption]:
    shape = ", ".join(f"{value:g}" for value in PRIOR_SHAPE)
    return [
        _row("Tail probability below which a number is surprising", f"{SURPRISING_BELOW:g}", "convention", "judgement"),
        _row(
            "Share of the rodent effect carried over, before the study", f"Beta({shape})", "no human row", "judgement"
        ),
        _row(
            "Reach and actions of the cells, beside that share",
            "centre of their priors",
            "tissue parameters",
            "judgement",
        ),
    ]


def _status(rows: list[Citation]) -> str:
    if not rows:
        return "as given"
    return "recalled" if any(row.is_recalled for row in rows) else "seen"


def _grades(study: Study) -> str:
    return "; ".join(
        f"{claim.name}: " + ", ".join(f"{count} {grade}" for grade, count in claim.baseline.items() if count)
        for claim in study.claims
    )


def _row(what: str, value: str, source: str, status: str) -> Assumption:
    return Assumption(what=what, value=value, source=source, status=status)

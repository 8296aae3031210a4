"""What an appraisal rests on, each assumption with where it comes from."""

from typing import Any

from cordwise.appraise.bias import SURPRISING_BELOW
from cordwise.appraise.claim import Study
from cordwise.appraise.match import FULL, Comparator
from cordwise.appraise.translation import PRIOR_SHAPE
from cordwise.evidence import Citation, cite, evidence_version, raw_table

_STUDY_TABLES = ("cell_trials", "grade_matrices")


def citations(study: Study) -> list[Citation]:
    """Return the citations of the study's rows in the evidence base, each once, marked where recalled."""
    if study.evidence is None:
        return []
    rows = ((table, row) for table in _STUDY_TABLES for row in raw_table(table) if row["study_id"] == study.evidence)
    return list(dict.fromkeys(cite(table, row) for table, row in rows))


def sources(study: Study) -> list[dict[str, str]]:
    """Return the sources of a study as plain JSON values."""
    return [citation.as_json() for citation in citations(study)]


def assumptions(study: Study, matched: Comparator) -> list[dict[str, Any]]:
    """Return the assumptions of an appraisal: what, value, source, status."""
    rows = citations(study)
    status = "recalled" if any(row.is_recalled for row in rows) else "seen" if rows else "as given in the study file"
    label = f"study file; evidence rows {study.evidence}" if study.evidence else "study file"
    selected = int(matched.improvement.selected.sum())
    error = float(matched.improvement.pooled_mcse[:, -1].max())
    low, high = study.baseline_day
    shape = " and ".join(f"{value:g}" for value in PRIOR_SHAPE)
    return [
        _row("Who entered: grades, and neurological levels", f"{_grades(study)}; {study.levels}", label, status),
        _row("Baseline examination, days after injury", f"{low:g} to {high:g}, evenly spread", label, status),
        _row("Follow-up examination, days after injury", f"{study.followup_day:g}", label, status),
        _row(
            "Recovery without cells",
            "simulated patients fitted to EMSCI and to the first four weeks of Sygen",
            f"evidence base {evidence_version()}; docs/explanation/model-card.md",
            "fitted",
        ),
        _row(
            "Baselines later than day 40 and AIS change at six months",
            "extrapolated: no target covers them",
            "model card",
            "judgement",
        ),
        _row(
            "Within grade, level and day, people of the study recover as the registry's do",
            "yes",
            "cannot be checked",
            "judgement",
        ),
        _row("Everyone who entered was examined at follow-up", "yes", label, status),
        _row(
            "Simulated patients behind the comparison",
            f"{selected} selected from {FULL.draws} parameter sets of {FULL.patients} each; "
            f"largest Monte Carlo error of a grade's chance about {error:.3f}",
            "this run",
            "computed",
        ),
        _row(
            "A number counts as surprising below a tail probability of",
            f"{SURPRISING_BELOW:g}",
            "convention",
            "judgement",
        ),
        _row(
            "Share of the rodent effect that carries over, before the study",
            f"Beta({shape})",
            "no human row informs it",
            "judgement",
        ),
    ]


def _grades(study: Study) -> str:
    return "; ".join(
        f"{claim.name}: " + ", ".join(f"{count} {grade}" for grade, count in claim.baseline.items() if count)
        for claim in study.claims
    )


def _row(what: str, value: str, source: str, status: str) -> dict[str, str]:
    return {"what": what, "value": value, "source": source, "status": status}

"""What the structure of the model may miss in a printed mean, before the fit says by what factor."""

from cordwise.evidence import Target
from cordwise.population.observation import table
from cordwise.population.prediction import CHANGE, PROPORTION

_UNLISTED = "other"
_FIRST_WEEK = 7.0  # last day


def tolerance(measure: str, column: str = "tolerance") -> float:
    """Return the model error allowed in a measure; a change belongs to its measure, others share a row."""
    rows = {row["measure"]: row for row in table("fit_tolerances")}
    return float(rows.get(measure.removesuffix(CHANGE), rows[_UNLISTED])[column] or "nan")


def missing_scale(target: Target) -> float:
    """Return the scale of what the structure may miss in a printed mean, more in the first week."""
    factor = tolerance("first_week") if target.followup_day <= _FIRST_WEEK else 1.0
    return factor * tolerance(target.measure)


def direction_of(target: Target) -> float:
    """Return 1 for a share of people who are better off than at baseline, -1 for another share, 0 for a score."""
    if target.measure != PROPORTION:
        return 0.0
    return 1.0 if target.is_improvement or target.category_high > target.baseline_grade_high else -1.0

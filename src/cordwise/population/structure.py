"""What the structure of the model may miss in a printed mean, before the fit says by what factor."""

from cordwise.population.observation import table
from cordwise.population.prediction import CHANGE

_UNLISTED = "other"


def tolerance(measure: str, column: str = "tolerance") -> float:
    """Return the model error allowed in a measure; a change belongs to its measure, others share a row."""
    rows = {row["measure"]: row for row in table("fit_tolerances")}
    return float(rows.get(measure.removesuffix(CHANGE), rows[_UNLISTED])[column] or "nan")

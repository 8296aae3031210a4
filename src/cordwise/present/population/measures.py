"""Measures in words and amounts in their units: percentage points of shares, points of scores."""

from collections.abc import Sequence

from cordwise.population.intervals import Parts
from cordwise.present import numbers

SHARE = "ais"
SCORES, EVERYTHING = "scores", "all"  # groups of measures
MEASURE_NAMES: dict[str, str] = {
    "uems": "Upper extremity motor score",
    "lems": "Lower extremity motor score",
    "light_touch": "Light touch",
    "pin_prick": "Pin prick",
    "ais": "AIS grade (share of patients)",
    "scim": "SCIM III",
    "wisci": "WISCI II",
    "uems_change": "Change of upper extremity motor score",
    "lems_change": "Change of lower extremity motor score",
    SCORES: "All scores",
    EVERYTHING: "All figures",
}
PARTS = ("chance", "parameters", "registry", "structure")
PARTS_MEANING = (
    "What makes a forecast uncertain, as standard deviations: the people who happen to be in the table (chance), what "
    "all registries have in common (parameters), how registries differ (registry), and what the model misses beyond "
    "its parameters (structure)."
)


def measure_name(measure: str) -> str:
    """Return a measure in words."""
    return MEASURE_NAMES.get(measure, measure)


def unit_of(measure: str) -> float:
    """Return what a figure of a check is multiplied with to be in points: 100 for shares, 1 for scores."""
    return 100.0 if measure == SHARE else 1.0


def unit_words(measure: str) -> str:
    """Return the unit of differences of a measure."""
    return "percentage points" if measure == SHARE else "points"


def figure_words(measure: str, category: str) -> str:
    """Return what a figure is of: a score, or the grade that a share of people has."""
    return f"{measure} {category}".strip()


def parts_of(parts: Parts | None) -> tuple[float | None, ...]:
    """Return the SDs of chance, parameters, registry and structure; None for each where they are not known."""
    return tuple(None if parts is None else getattr(parts, name) for name in PARTS)


def parts_columns(parts: Parts | None) -> dict[str, float | None]:
    """Return the parts as columns of a table, one SD each."""
    return {f"sd_{name}": value for name, value in zip(PARTS, parts_of(parts), strict=True)}


def root_mean_square(parts: Sequence[Parts]) -> Parts | None:
    """Return each part over several figures, as a root mean square; None without any."""
    if not parts:
        return None
    means = {name: sum(getattr(each, name) ** 2 for each in parts) / len(parts) for name in PARTS}
    return Parts(**{name: mean**0.5 for name, mean in means.items()})


def written(value: float | None, digits: int = 1) -> str:
    """Return a number of a text table, a dash where there is none."""
    return "-" if value is None or not numbers.is_number(value) else f"{value:.{digits}f}"

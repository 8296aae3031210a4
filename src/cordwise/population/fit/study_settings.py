"""How small studies beside the registries are met: days, levels and what may be missed, each with its source."""

from cordwise.isncsci import level_index
from cordwise.population.observation import table


def study_setting(name: str) -> float:
    """Return a number of `study_settings.csv`; a level is given as its number."""
    row = next(row for row in table("study_settings") if row["name"] == name)
    return float(level_index(row["value"])) if row["unit"] == "level" else float(row["value"])

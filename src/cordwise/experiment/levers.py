"""Levers: drugs and devices by name, each a few changes whose strength and time stand in a table with their source."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cordwise.base.assumptions import Assumption
from cordwise.base.errors import CordwiseError
from cordwise.base.tables import Row
from cordwise.cord.changes import Action, Change
from cordwise.experiment.tables import plain, table
from cordwise.experiment.targets import find_target, model_changes


@dataclass(frozen=True, slots=True)
class Pull:
    """A lever pulled: its name, intensity (1 is the strength of the table), and from which day to which."""

    lever: str
    intensity: float
    from_day: float
    to_day: float


@cache
def lever_names() -> dict[str, str]:
    """Return the lever of each name and alias."""
    names: dict[str, str] = {}
    for row in table("levers"):
        names |= {name: row["lever"] for name in (row["lever"], *row["aliases"].split(";")) if name}
    return names


def lever_rows(lever: str) -> tuple[Row, ...]:
    """Return the rows of one lever."""
    return tuple(row for row in table("levers") if row["lever"] == lever)


def find_lever(name: str) -> str | None:
    """Return the lever of a name, or None."""
    return lever_names().get(plain(name))


def usual_start(lever: str) -> float:
    """Return the day on which a lever is pulled when the file does not say."""
    return float(lever_rows(lever)[0]["from_day"])


def usual_days(lever: str) -> float | None:
    """Return for how many days a lever is pulled when the file does not say; None is to the end."""
    days = lever_rows(lever)[0]["days"]
    return float(days) if days else None


def amount_in(lever: str, unit: str) -> float | None:
    """Return the strength of a lever in a unit, None if it has none in that unit."""
    return next((float(row["value"]) for row in lever_rows(lever) if row["unit"] == unit), None)


def greatest_intensity(lever: str) -> float:
    """Return the intensity at which a share of the lever reaches 1; more has no meaning."""
    shares = [float(row["value"]) for row in lever_rows(lever) if row["action"] in (Action.BLOCK, Action.DEPLETE)]
    return 1 / max(shares) if shares else float("inf")


def lever_changes(pull: Pull) -> Iterator[Change]:
    """Yield the changes of the tissue model that a pulled lever means."""
    for row in lever_rows(pull.lever):
        target, action, value = find_target(row["target"]), Action(row["action"]), float(row["value"])
        if target is None:
            raise CordwiseError(f"experiment_levers.csv, {pull.lever}: no target {row['target']!r}")
        amount = 1 + (value - 1) * pull.intensity if action == Action.SCALE else value * pull.intensity
        yield from model_changes(target, action, amount, pull.from_day, pull.to_day)


def lever_assumptions(lever: str) -> Iterator[Assumption]:
    """Yield the numbers of a lever, as a result lists them."""
    for row in lever_rows(lever):
        what = f"{lever}: {row['meaning']} ({row['action']} {row['target']})"
        yield Assumption(
            what=what, value=float(row["value"]), unit=row["unit"], source=row["source"], status=row["status"]
        )

"""Adverse events by route, pooled from the rows of the evidence base that report them with their patients."""

from dataclasses import dataclass
from functools import cache

from cordwise.base.tables import Row, packaged_table
from cordwise.stats.bayes.beta_mixture import BetaMixture, beta

ANY_ROUTE = "any"
_JEFFREYS = 0.5  # events, and patients without, before any data


@dataclass(frozen=True, slots=True)
class AdverseEventRow:
    """One row: events among patients given cells by one route, and the row of the evidence base it comes from."""

    event: str
    route: str
    events: int
    patients: int
    table: str
    row: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class AdverseEventRate:
    """A kind of event by one route, pooled over its rows as if they were one series.

    Mostly without controls and with follow-up of a year or less, so a rate is what was reported, not what cells cause.
    """

    event: str
    route: str
    events: int
    patients: int
    rows: tuple[AdverseEventRow, ...]

    @property
    def posterior(self) -> BetaMixture:
        """Return the distribution of the rate under Jeffreys' prior."""
        return beta(_JEFFREYS + self.events, _JEFFREYS + self.patients - self.events)

    @property
    def sources(self) -> str:
        """Return the studies, for a table of assumptions."""
        return "; ".join(dict.fromkeys(f"{each.table}: {each.row}" for each in self.rows))

    @property
    def status(self) -> str:
        """Return `recalled` when any row is."""
        return "recalled" if any(each.status == "recalled" for each in self.rows) else "seen"


@cache
def adverse_event_rows() -> tuple[AdverseEventRow, ...]:
    """Return the rows as they stand in the package's table."""
    return tuple(_adverse_event_row(row) for row in packaged_table("cordwise.trial.observe", "adverse_events"))


@cache
def adverse_event_rates() -> tuple[AdverseEventRate, ...]:
    """Return the pooled rate of every kind of event by every route for which the evidence has one."""
    kinds = dict.fromkeys((row.event, row.route) for row in adverse_event_rows())
    return tuple(_pooled(event, route) for event, route in kinds)


def _pooled(event: str, route: str) -> AdverseEventRate:
    rows = tuple(row for row in adverse_event_rows() if (row.event, row.route) == (event, route))
    return AdverseEventRate(event, route, sum(row.events for row in rows), sum(row.patients for row in rows), rows)


def _adverse_event_row(row: Row) -> AdverseEventRow:
    words = {name: row[name] for name in ("event", "route", "table", "row", "status", "note")}
    return AdverseEventRow(events=int(row["events"]), patients=int(row["patients"]), **words)

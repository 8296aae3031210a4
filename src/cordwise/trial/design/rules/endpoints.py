"""Rules of the endpoints: their days, which is primary, what a composite is made of."""

from collections.abc import Iterator
from pathlib import Path

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.trial.design.measures import MEASURES, OF_GRADES
from cordwise.trial.design.rules.raw import Raw, baseline_end, number, numbers, table, tables, words


def days(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that an endpoint is read at a visit, after the baseline."""
    visits, baseline = numbers(table(raw, "followup"), "visits"), baseline_end(raw)
    for position, endpoint in tables(raw, "endpoints"):
        day, where = number(endpoint.get("day")), place(path, ("endpoints", position, "day"))
        if visits and day is not None and day not in visits:
            expected = f"one of the visits: {', '.join(f'{visit:g}' for visit in visits)}"
            late = day > visits[-1]
            advice = "The endpoint lies after the last visit. " if late else ""
            yield Fault(where, expected, f"{day:g}", f"{advice}Add the day to followup.visits, or choose a visit.")
        elif not visits and day is not None and baseline is not None and day <= baseline:
            yield Fault(where, f"a day after the baseline window ends on day {baseline:g}", f"{day:g}")


def primary(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that one endpoint is primary; an only endpoint is primary by itself."""
    endpoints = tables(raw, "endpoints")
    count = sum(endpoint.get("primary") is True for _, endpoint in endpoints)
    if count > 1 or (len(endpoints) > 1 and count != 1):
        advice = "Set primary = true in one endpoint."
        yield Fault(place(path, ("endpoints",)), "one primary endpoint", f"{count}", advice)


def composites(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that a hierarchical composite has components, and nothing else has."""
    for position, endpoint in tables(raw, "endpoints"):
        at, parts = ("endpoints", position), words(endpoint, "components")
        hierarchical = endpoint.get("measure") == "hierarchical"
        where = place(path, (*at, "components"))
        if hierarchical and len(parts) < 2:
            advice = 'For example components = ["ais_grade", "total_motor_change"].'
            yield Fault(where, "two measures or more, the most important first", f"{len(parts)}", advice)
        if not hierarchical and parts:
            yield Fault(where, 'nothing beside measure = "hierarchical"', shown(parts))
        if "hierarchical" in parts:
            yield Fault(where, "measures that are not composites themselves", '"hierarchical"')
        margins = numbers(endpoint, "component_margins")
        if margins and len(margins) != len(parts):
            where = place(path, (*at, "component_margins"))
            yield Fault(where, f"{len(parts)} numbers, one for each component", f"{len(margins)}")


def confirmations(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that only what is read from AIS grades is confirmed by a second examination."""
    for position, endpoint in tables(raw, "endpoints"):
        measure = endpoint.get("measure")
        if endpoint.get("confirmed") is not True or measure not in MEASURES:
            continue
        if not {measure, *words(endpoint, "components")} & {*OF_GRADES}:
            expected = f"false, or a measure of AIS grades: {', '.join(OF_GRADES)}"
            found = f"true with measure = {shown(measure)}"
            advice = "Two examinations confirm a grade, not a score; remove confirmed, or choose another measure."
            yield Fault(place(path, ("endpoints", position, "confirmed")), expected, found, advice)


def events(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that strategies are given for events that the design has."""
    known = [each.get("name") for _, each in tables(raw, "intercurrent_events")]
    for position, endpoint in tables(raw, "endpoints"):
        for name in table(table(endpoint, "estimand"), "events"):
            if name not in known:
                where = place(path, ("endpoints", position, "estimand", "events"))
                expected = f"names of [[intercurrent_events]]: {', '.join(map(shown, known)) or 'none are given'}"
                yield Fault(where, expected, shown(name))


def deltas(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that a delta is stated with the rule that uses it, and for a score."""
    for position, endpoint in tables(raw, "endpoints"):
        uses = endpoint.get("missing") == "delta"
        if uses != bool(endpoint.get("delta_points")):
            where = place(path, ("endpoints", position, "delta_points"))
            found = shown(endpoint["delta_points"]) if "delta_points" in endpoint else "nothing"
            yield Fault(
                where,
                'the points added to imputed scores of treated patients, not 0, with missing = "delta" only',
                found,
            )


def kind_of(endpoint: Raw) -> str | None:
    """Return the kind of an endpoint's measure, None where it is unknown."""
    measure = endpoint.get("measure")
    return MEASURES[measure].kind if isinstance(measure, str) and measure in MEASURES else None


RULES = (days, primary, composites, confirmations, events, deltas)

"""The sections on size: how many patients each arm needs, and how that falls with the day of enrolment."""

from collections.abc import Sequence
from itertools import groupby

from cordwise.present import numbers
from cordwise.present.html.page import Figure, Section, Table, figure, table
from cordwise.present.trial import drawn
from cordwise.present.trial.charts.enrolment_day import fixed_effect
from cordwise.present.trial.tables import required_table
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay, falls
from cordwise.trial.result import PowerAtSize, TrialResult


def size_section(result: TrialResult) -> Section:
    """Return one power curve for each endpoint, and the sizes that reach the planned power."""
    curve = result.sample_size_curve
    figures = tuple(_power(curve, each, place) for place, each in enumerate(drawn.sizes(result)))
    required = result.required_size
    words = (
        f"Sizes up to the design's own are simulated as one trial, analysed once at its end{_first_arm(result)}. "
        "Larger ones, drawn broken, are extrapolated from z in every parameter set: its mean there grows as the root "
        "of the size, its spread within the set stays.",
    )
    words = words if curve else ()
    tables = (required_table(required),) if required else ()
    return Section("sample-size", "How many patients each arm needs", words, figures, tables)


def _first_arm(result: TrialResult) -> str:
    """Return which treated arm the sizes are for, where there are several."""
    arms = result.treated_arms
    return f"; it rejects where the first treated arm, {arms[0]}, does" if len(arms) > 1 else ""


def _power(curve: Sequence[PowerAtSize], chart: drawn.TitledSpec, place: int) -> Figure:
    """Return the power curve of one endpoint."""
    rows = [row for row in curve if row.endpoint == chart.endpoint]
    largest = max(row.n_per_arm for row in rows)
    at_largest = "; ".join(
        f"{row.scenario} {numbers.rate(row.reject_rate, row.mcse, row.total_error)}"
        for row in rows
        if row.n_per_arm == largest
    )
    return figure(
        chart.spec,
        name=f"sample-size-{place}",
        title=chart.title,
        description=f"Share of trials that reject with {numbers.count(largest)} patients an arm: {at_largest}.",
    )


def enrolment_day_section(result: TrialResult) -> Section:
    """Return how the patients needed for a fixed effect change with the day of enrolment, drawn and in words."""
    heading = "Later enrolment, and the patients it takes"
    rows = result.enrolment_days
    if not rows:
        return Section("enrolment-day", heading)
    by_endpoint = [list(group) for _, group in groupby(rows, key=lambda row: row.endpoint)]
    words = tuple(map(day_words, by_endpoint))
    figures = tuple(
        figure(each.spec, name="enrolment-day", title=each.title, description=" ".join(words))
        for each in drawn.enrolment_days(result)
    )
    return Section("enrolment-day", heading, words, figures, (_days_table(by_endpoint),))


def day_words(rows: Sequence[EnrolmentDay]) -> str:
    """Return whether the patients needed for one endpoint fall with the day, with the numbers."""
    first, last = rows[0], rows[-1]
    sizes = (
        f"{numbers.count(first.n_per_arm)} in each arm on day {first.day:g}, "
        f"{numbers.count(last.n_per_arm)} on day {last.day:g}"
    )
    opening = f"For a fixed effect of {fixed_effect(first)} on {first.endpoint}, the patients needed"
    if falls(rows):
        ratio = numbers.number(first.n_per_arm / last.n_per_arm)
        return f"{opening} fall with every later day of enrolment, in all by a factor of {ratio}: {sizes}."
    most = max(rows, key=lambda row: row.n_per_arm)
    peak = f"most, {numbers.count(most.n_per_arm)}, on day {most.day:g}"
    reason = " A share varies most where it is near one half." if first.fixed_effect < 1 else ""
    return f"{opening} do not fall with every later day: {sizes}, and {peak}.{reason}"


def _days_table(by_endpoint: Sequence[Sequence[EnrolmentDay]]) -> Table:
    """Return the sizes with the spread they follow from."""
    headings = {
        "Endpoint": False,
        "Fixed effect": True,
        "Enrolled on day": True,
        "Mean without cells": True,
        "Standard deviation": True,
        "Patients per arm": True,
    }
    body = []
    for row in (row for rows in by_endpoint for row in rows):
        digits = 3 if row.fixed_effect < 1 else 1
        body.append(
            (
                row.endpoint,
                fixed_effect(row),
                f"{row.day:g}",
                numbers.number(row.control_mean, digits),
                numbers.number(row.control_sd, digits),
                numbers.count(row.n_per_arm) + numbers.errors(row.mcse, None, 0),
            )
        )
    return table("Patients per arm for a fixed effect, by the day of enrolment", headings, body)

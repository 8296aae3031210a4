"""The report of a cross-validation: errors of strata that the fit did not see, beside two other forecasts."""

from collections.abc import Mapping

from cordwise.population.validation.result import CrossValidation
from cordwise.present import numbers
from cordwise.present.html.closing import credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, table
from cordwise.present.population.measures import MEASURE_NAMES


def cross_validation_page(result: CrossValidation) -> Page:
    """Return the report of a cross-validation."""
    sections = (
        Section("measures", "How far off, by measure", (_how(),), tables=(_measures(result),)),
        Section("strata", "How far off, by stratum", tables=(_strata(result),)),
        credibility(result, _credibility()),
        provenance(result),
    )
    return Page("Cross-validation of the population", question_of(result), (_answer(result),), sections)


def _answer(result: CrossValidation) -> str:
    rmse = result.rmse
    found = "; ".join(
        f"{MEASURE_NAMES.get(name, name)} {numbers.number(value)} points ({_points(rmse.copied, name)} if copied from "
        f"the neighbouring grades)"
        for name, value in rmse.predicted.items()
    )
    return f"Root mean square error of strata that the fit did not see: {found}."


def _how() -> str:
    return (
        "Each stratum, a grade at baseline with its group of levels, is left out in turn with all its measures and "
        "visits; the population is refitted without it and predicts it."
    )


def _measures(result: CrossValidation) -> Table:
    headings = {"Measure": False, "Left out": True, "Fitted to it": True, "Copied from the neighbouring grades": True}
    rmse = result.rmse
    rows = [
        (MEASURE_NAMES.get(name, name), *(_points(each, name) for each in (rmse.predicted, rmse.fitted, rmse.copied)))
        for name in rmse.predicted
    ]
    return table("Root mean square error in points, over all strata", headings, rows)


def _strata(result: CrossValidation) -> Table:
    headings = {"Stratum": False, "Measure": False, "Left out": True, "Copied from the neighbouring grades": True}
    rows = [
        (each.name, MEASURE_NAMES.get(name, name), numbers.number(value), _points(each.rmse.copied, name))
        for each in result.strata
        for name, value in each.rmse.predicted.items()
    ]
    return table("Root mean square error in points, stratum by stratum", headings, rows)


def _points(errors: Mapping[str, float], measure: str) -> str:
    return numbers.number(errors.get(measure))


def _credibility() -> list[tuple[str, str]]:
    return [
        ("Model influence", "Shows how the structure carries over; the ensemble that ships is fitted to all strata."),
        ("Comparator", "EMSCI's figures of the nearest grades of the same levels."),
        ("Not judged", "Other registries: every stratum here comes from the one to which the case mix is fitted."),
    ]

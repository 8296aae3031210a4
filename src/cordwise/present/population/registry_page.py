"""The report of a cross-validation by registry: forecasts of registries that a fit had not seen, and their rivals."""

from cordwise.population.validation.result import ForecastComparison, LeftOutFigure, RegistryCrossValidation
from cordwise.present import numbers
from cordwise.present.html.closing import credibility, provenance, question_of
from cordwise.present.html.page import Figure, Page, Section, Table, figure, table
from cordwise.present.population import registry_charts as charts
from cordwise.present.population.left_out import (
    SHARES_AND_SCORES,
    answer_lines,
    by_registry,
    capitalised,
    figures_name,
    forecast_name,
    half_widths_off,
    knowledge_words,
    main_forecast,
    missed,
    quality,
)
from cordwise.present.population.measures import EVERYTHING, figure_words, measure_name, unit_of, unit_words


def registry_validation_page(result: RegistryCrossValidation) -> Page:
    """Return the report of a cross-validation by registry."""
    sections = (
        _figures(result),
        _rivals(result),
        _calibration(result),
        Section("registries", "Registry by registry", tables=(_registries(result),)),
        _narrowing(result),
        _missed(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    title = "Cross-validation of the population by registry"
    return Page(title, question_of(result), tuple(answer_lines(result)), sections)


def _figures(result: RegistryCrossValidation) -> Section:
    words = (
        "Each registry is left out in turn with all its figures; the population is fitted without it and forecasts it "
        "as a registry not yet seen. A forecast is a distribution: its mean is held against the figure, and its middle "
        "95 % is the interval.",
    )
    drawn = _drawn(result, "observed_against_predicted", charts.OBSERVED_TITLE, " ".join(answer_lines(result)[:2]))
    return Section("figures", "Forecast against figure", words, drawn)


def _rivals(result: RegistryCrossValidation) -> Section:
    words = (
        "The interval score is the mean width of the 95 % intervals and 40 times what lies outside them: it rewards "
        "intervals that are narrow and hold. EMSCI copied: what EMSCI printed for the same grade and levels, spread as "
        "it was off for other registries. Meta-analysis: random effects over the other registries' like rows. Spread "
        "of priors: the scales of the priors of how far registries differ, halved and doubled.",
    )
    drawn = _drawn(result, "forecasts_compared", charts.FORECASTS_TITLE, answer_lines(result)[-1])
    return Section("forecasts", "Against plainer forecasts", words, drawn, (_forecasts(result),))


def _calibration(result: RegistryCrossValidation) -> Section:
    model, heading = main_forecast(result), "How sure the forecasts are"
    counts = [
        f"{name.capitalize()}: {', '.join(str(each) for each in found.pit_histogram)}."
        for measure, name in SHARES_AND_SCORES
        if (found := quality(model, measure)) and found.pit_histogram
    ]
    if not counts:
        return Section("calibration", heading)
    told = f"Figures in each tenth of their forecast distribution. {' '.join(counts)}"
    return Section("calibration", heading, figures=_drawn(result, "where_figures_fell", charts.PIT_TITLE, told))


def _drawn(result: RegistryCrossValidation, chart: str, title: str, told: str) -> tuple[Figure, ...]:
    if not result.figures:
        return ()
    spec = getattr(charts, chart)(result)
    return (figure(spec, name=chart.replace("_", "-"), title=title, description=told),)


def _forecasts(result: RegistryCrossValidation) -> Table:
    headings = {
        "Forecast": False,
        "Judged on": False,
        "Measure": False,
        "Figures": True,
        "Inside": True,
        "Root mean square error": True,
        "Interval score": True,
    }
    main = main_forecast(result)
    rows = [row for each in result.forecasts for row in _forecast(each, whole=each is main)]
    return table("Percentage points for shares of grades, points for scores", headings, rows)


def _forecast(each: ForecastComparison, *, whole: bool) -> list[tuple[str, ...]]:
    """Return the rows of one forecast: of every measure, or of shares and scores together."""
    return [
        (
            capitalised(forecast_name(each)),
            figures_name(each),
            measure_name(row.measure),
            numbers.count(row.rows),
            numbers.share(row.coverage95),
            numbers.number(row.rmse),
            numbers.number(row.interval_score),
        )
        for row in each.quality
        if row.measure != EVERYTHING and (whole or row.measure in dict(SHARES_AND_SCORES))
    ]


def _registries(result: RegistryCrossValidation) -> Table:
    headings = {
        "Registry": False,
        "Inside their 95 % interval": True,
        "Error of shares, percentage points": True,
        "Error of scores, points": True,
    }
    rows = [
        (
            each.registry,
            numbers.out_of(each.inside, each.figures),
            _or_none(each.rmse_shares),
            _or_none(each.rmse_scores),
        )
        for each in by_registry(result)
    ]
    return table("Root mean square errors of registries that were left out", headings, rows)


def _or_none(value: float | None) -> str:
    return "none printed" if value is None else numbers.number(value)


def _narrowing(result: RegistryCrossValidation) -> Section:
    heading = "What a registry's own figures add"
    if not result.narrowing:
        return Section("narrowing", heading)
    headings = {
        "Registry": False,
        "Known": False,
        "Other figures": True,
        "Mean width": True,
        "then": True,
        "Interval score": True,
        "then ": True,
        "Inside then": True,
    }
    rows = [
        (
            row.registry,
            row.known,
            numbers.count(row.rows),
            numbers.number(row.width),
            numbers.number(row.width_known),
            numbers.number(row.interval_score),
            numbers.number(row.interval_score_known),
            numbers.share(row.coverage95_known),
        )
        for row in result.narrowing
    ]
    listed = table("95 % intervals of the other figures, before and after", headings, rows)
    return Section("narrowing", heading, tuple(knowledge_words(result)), tables=(listed,))


def _missed(result: RegistryCrossValidation) -> Section:
    outside, heading = missed(result), "Figures outside their interval"
    if not outside:
        return Section("missed", heading, ("Every figure lies inside its 95 % interval.",))
    headings = {
        "Registry": False,
        "Figure": False,
        "Baseline": False,
        "Day": True,
        "n": True,
        "Observed": True,
        "Forecast (95 % interval)": True,
        "Half-widths off": True,
    }
    caption = "Shares in percent, scores in points"
    return Section("missed", heading, tables=(table(caption, headings, [_missed_row(row) for row in outside]),))


def _missed_row(row: LeftOutFigure) -> tuple[str, ...]:
    unit = unit_of(row.measure)
    return (
        row.registry,
        figure_words(row.measure, row.category),
        f"AIS {row.baseline_ais}, {row.levels}",
        numbers.number(row.followup_day, 0),
        numbers.count(row.n),
        numbers.number(unit * row.observed),
        numbers.interval(unit * row.predicted, unit * row.low95, unit * row.high95),
        numbers.number(half_widths_off(row)),
    )


def _credibility(result: RegistryCrossValidation) -> list[tuple[str, str]]:
    names = ", ".join(each.registry for each in by_registry(result))
    off = " and ".join(
        f"{numbers.number(found.rmse)} {unit_words(measure)} ({name})"
        for measure, name in SHARES_AND_SCORES
        if (found := quality(main_forecast(result), measure))
    )
    return [
        (
            "Model influence",
            "High where a forecast stands in for a control group: this page says how far off it would have been for "
            "registries that the fit did not see.",
        ),
        ("Comparator", f"Figures of {names}; two plainer forecasts of the same figures."),
        ("Validation", f"Root mean square error of the forecast means: {off}."),
        (
            "Method",
            "Slopes of the figures are those at the fit to everything; leaving out one registry moves that little.",
        ),
        (
            "Not judged",
            "EMSCI, which is most of the data and is never left out; treated people; registries of other decades and "
            "care than these; single persons.",
        ),
    ]

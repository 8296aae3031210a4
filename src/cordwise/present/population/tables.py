"""The tables of checks and cross-validations, a plain value in each cell."""

from cordwise.base.codec import to_plain
from cordwise.population.check import PopulationCheck
from cordwise.population.validation.result import CrossValidation, RegistryCrossValidation
from cordwise.present.population.left_out import by_registry
from cordwise.present.population.measures import parts_columns, root_mean_square
from cordwise.present.presenters import Rows


def target_rows(result: PopulationCheck) -> Rows:
    """Return one row for each published figure, beside its prediction and what makes that uncertain."""
    return [
        {**{name: value for name, value in to_plain(row).items() if name != "parts"}, **parts_columns(row.parts)}
        for row in result.targets
    ]


def measure_rows(result: PopulationCheck) -> Rows:
    """Return one row for each measure: errors, scores, and root mean squares of the parts of the uncertainty."""
    summary, copying = result.summary, result.summary.where_emsci_can_be_copied
    return [
        {
            "measure": name,
            "predicted": len(own),
            "covered": sum(not row.is_missed for row in own),
            "interval_score": summary.interval_score.get(name),
            "rmse": error,
            "rmse_if_nobody_changed": summary.rmse_if_nobody_changed.get(name),
            "rmse_where_copied": copying.rmse.get(name),
            "rmse_if_copied": copying.rmse_if_copied.get(name),
            **parts_columns(root_mean_square([row.parts for row in own if row.parts is not None])),
        }
        for name, error in summary.rmse.items()
        for own in ([row for row in result.predicted if row.measure == name],)
    ]


def case_mix_rows(result: PopulationCheck) -> Rows:
    """Return one row for each figure at entry, with what the population shows before and after it is weighed."""
    return [to_plain(row) for row in result.case_mix.rows] if result.case_mix else []


def stratum_rows(result: CrossValidation) -> Rows:
    """Return one row for each stratum and measure with its root mean square errors."""
    return [
        {"stratum": each.name, "measure": name, "predicted": value, "copied": each.rmse.copied.get(name)}
        for each in result.strata
        for name, value in each.rmse.predicted.items()
    ]


def error_rows(result: CrossValidation) -> Rows:
    """Return one row for each measure with its root mean square errors over all strata."""
    rmse = result.rmse
    return [
        {"measure": name, "predicted": value, "fitted": rmse.fitted.get(name), "copied": rmse.copied.get(name)}
        for name, value in rmse.predicted.items()
    ]


def forecast_rows(result: RegistryCrossValidation) -> Rows:
    """Return one row for each forecast of left-out registries and measure."""
    return [
        {
            "forecast": each.forecast,
            "figures": each.figures,
            "spread_factor": each.spread_factor,
            **{name: value for name, value in to_plain(row).items() if name != "pit_histogram"},
        }
        for each in result.forecasts
        for row in each.quality
    ]


def left_out_rows(result: RegistryCrossValidation) -> Rows:
    """Return one row for each figure of a left-out registry, beside its forecast."""
    return [{**to_plain(row), "is_missed": row.is_missed} for row in result.figures]


def registry_rows(result: RegistryCrossValidation) -> Rows:
    """Return one row for each registry that was left out: percentage points for shares, points for scores."""
    return [to_plain(row) for row in by_registry(result)]


def narrowing_rows(result: RegistryCrossValidation) -> Rows:
    """Return one row for each registry and piece of knowledge of it."""
    return [to_plain(row) for row in result.narrowing]


def pit_rows(result: RegistryCrossValidation) -> Rows:
    """Return one row for each forecast, measure and tenth of the forecast distribution: figures that fell there."""
    return [
        {
            "forecast": each.forecast,
            "figures": each.figures,
            "spread_factor": each.spread_factor,
            "measure": row.measure,
            "tenth": tenth,
            "observed": count,
        }
        for each in result.forecasts
        for row in each.quality
        for tenth, count in enumerate(row.pit_histogram, start=1)
    ]

"""The tables of checks and cross-validations, a plain value in each cell."""

from cordwise.base.codec import to_plain
from cordwise.population.check import PopulationCheck
from cordwise.population.validation.result import CrossValidation
from cordwise.present.presenters import Rows


def target_rows(result: PopulationCheck) -> Rows:
    """Return one row for each published figure, beside its prediction."""
    return [to_plain(row) for row in result.targets]


def measure_rows(result: PopulationCheck) -> Rows:
    """Return one row for each measure: root mean square errors, and how many figures lie in their intervals."""
    summary, copying = result.summary, result.summary.where_emsci_can_be_copied
    return [
        {
            "measure": name,
            "predicted": len(own),
            "covered": sum(not row.is_missed for row in own),
            "rmse": error,
            "rmse_if_nobody_changed": summary.rmse_if_nobody_changed.get(name),
            "rmse_where_copied": copying.rmse.get(name),
            "rmse_if_copied": copying.rmse_if_copied.get(name),
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

"""Rules for missing values: complete cases, failures, multiple imputation, reference-based, and tipping points."""

from cordwise.stats.missing.analyses import (
    DeltaTippingPoint,
    complete_case,
    multiple_imputation,
    pooled_analysis,
    tipping_point,
)
from cordwise.stats.missing.cases import failures_for_missing, only_complete
from cordwise.stats.missing.categories import control_based_categories
from cordwise.stats.missing.imputation import Imputations, MissingMethod, impute
from cordwise.stats.missing.rubin import Pooled, pool_estimates

__all__ = [
    "DeltaTippingPoint",
    "Imputations",
    "MissingMethod",
    "Pooled",
    "complete_case",
    "control_based_categories",
    "failures_for_missing",
    "impute",
    "multiple_imputation",
    "only_complete",
    "pool_estimates",
    "pooled_analysis",
    "tipping_point",
]

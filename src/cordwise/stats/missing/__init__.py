"""Rules for missing values: complete cases, failures, multiple imputation, reference-based, tipping points."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.missing.analyses import (
        DeltaTippingPoint,
        complete_case,
        multiple_imputation,
        pooled_analysis,
        tipping_point,
    )
    from cordwise.stats.missing.cases import failures_for_missing, only_complete
    from cordwise.stats.missing.categories import control_based_categories, drawn_categories
    from cordwise.stats.missing.imputation import Imputations, MissingMethod, impute
    from cordwise.stats.missing.rubin import Pooled, pool_estimates

__all__ = [
    "DeltaTippingPoint",
    "Imputations",
    "MissingMethod",
    "Pooled",
    "complete_case",
    "control_based_categories",
    "drawn_categories",
    "failures_for_missing",
    "impute",
    "multiple_imputation",
    "only_complete",
    "pool_estimates",
    "pooled_analysis",
    "tipping_point",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "analyses": "DeltaTippingPoint complete_case multiple_imputation pooled_analysis tipping_point",
        "cases": "failures_for_missing only_complete",
        "categories": "control_based_categories drawn_categories",
        "imputation": "Imputations MissingMethod impute",
        "rubin": "Pooled pool_estimates",
    },
)

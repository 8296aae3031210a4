"""Changing a trial between its stages: combination tests, sample-size re-estimation, dropped arms, enrichment."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.adaptive.arm_dropping import DroppingRule, Stage, dropped_arms_test, keep_arms
    from cordwise.stats.adaptive.combination import (
        FisherMethod,
        fisher_alpha,
        fisher_critical_values,
        fisher_product,
        inverse_normal,
        stage_z,
    )
    from cordwise.stats.adaptive.enrichment import (
        Choice,
        EnrichmentRule,
        IntersectionTest,
        choose_population,
        enrichment_test,
    )
    from cordwise.stats.adaptive.sample_size_reestimation import (
        PromisingZone,
        blinded_sd,
        promising_zone_total,
        resized_total,
    )

__all__ = [
    "Choice",
    "DroppingRule",
    "EnrichmentRule",
    "FisherMethod",
    "IntersectionTest",
    "PromisingZone",
    "Stage",
    "blinded_sd",
    "choose_population",
    "dropped_arms_test",
    "enrichment_test",
    "fisher_alpha",
    "fisher_critical_values",
    "fisher_product",
    "inverse_normal",
    "keep_arms",
    "promising_zone_total",
    "resized_total",
    "stage_z",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "arm_dropping": "DroppingRule Stage dropped_arms_test keep_arms",
        "combination": "FisherMethod fisher_alpha fisher_critical_values fisher_product inverse_normal stage_z",
        "enrichment": "Choice EnrichmentRule IntersectionTest choose_population enrichment_test",
        "sample_size_reestimation": "PromisingZone blinded_sd promising_zone_total resized_total",
    },
)

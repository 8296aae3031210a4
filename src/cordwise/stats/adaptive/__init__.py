"""Changing a trial between its stages: combination tests, new sizes, dropped arms, enriched populations."""

from cordwise.stats.adaptive.arm_dropping import DroppingRule, Stage, dropped_arms_test, keep_arms
from cordwise.stats.adaptive.combination import (
    fisher_alpha,
    fisher_critical_values,
    fisher_product,
    inverse_normal,
    stage_z,
)
from cordwise.stats.adaptive.enrichment import Choice, EnrichmentRule, choose_population, enrichment_test
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

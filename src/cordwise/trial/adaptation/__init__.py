"""Changing a trial between its stages: combination tests, new sizes, dropped arms, enriched populations."""

from cordwise.trial.adaptation.arm_dropping import DroppingRule, Stage, dropped_arms_test, keep_arms
from cordwise.trial.adaptation.combination import (
    fisher_alpha,
    fisher_critical_values,
    fisher_product,
    inverse_normal,
    stage_z,
)
from cordwise.trial.adaptation.enrichment import Choice, EnrichmentRule, choose_population, enrichment_test
from cordwise.trial.adaptation.resizing import PromisingZone, blinded_sd, promising_zone_total, resized_total

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

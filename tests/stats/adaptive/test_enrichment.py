"""Enrichment at a look: the choice, the familywise error, the power in a subgroup."""

import numpy as np
import pytest
from scipy.special import ndtri

from cordwise.stats.adaptive import (
    Choice,
    EnrichmentRule,
    choose_population,
    enrichment_test,
)

ALPHA, REPLICATES = 0.025, 10_000
CRITICAL = -ndtri(ALPHA)


def mcse(rate, count=REPLICATES):
    return np.sqrt(rate * (1 - rate) / count)


def populations(generator, full, subgroup, share=0.4):
    """Return stage-wise z of everyone and of a subgroup that holds a share of the patients; drifts per stage."""
    inside = generator.standard_normal((REPLICATES, 2)) + subgroup
    outside = generator.standard_normal((REPLICATES, 2)) + full
    everyone = np.sqrt(share) * inside + np.sqrt(1 - share) * outside
    return np.stack([everyone, inside], axis=2)


def test_the_choice_follows_the_thresholds():
    z = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    choice = choose_population(z, EnrichmentRule("z", 0.0, 0.5), information=0.5, critical=CRITICAL)
    by_power = choose_population(z, EnrichmentRule("conditional_power", 0.9, 0.1), information=0.5, critical=CRITICAL)

    assert choice.tolist() == [Choice.BOTH, Choice.FULL, Choice.SUBGROUP, Choice.STOP]
    assert by_power.tolist() == [Choice.SUBGROUP, Choice.STOP, Choice.SUBGROUP, Choice.STOP]


@pytest.mark.parametrize("intersection", ["simes", "bonferroni"])
@pytest.mark.parametrize("rule", [EnrichmentRule("z", 0.0, 0.3), EnrichmentRule("conditional_power", 0.2, 0.2)])
def test_enrichment_holds_the_familywise_error(rule, intersection):
    z = populations(np.random.default_rng(12), 0.0, 0.0)
    choice = choose_population(z[:, 0], rule, information=0.5, critical=CRITICAL)
    p = enrichment_test(z[:, 0], z[:, 1], choice, (1, 1), intersection=intersection)
    wrong = (p <= ALPHA).any(axis=1).mean()

    assert wrong < ALPHA + 4 * mcse(ALPHA)
    assert wrong > 0.005
    assert (p[choice == Choice.STOP] == 1).all()


def test_enrichment_finds_an_effect_that_only_the_subgroup_has():
    z = populations(np.random.default_rng(13), 0.0, 2.0)
    rule = EnrichmentRule("z", 1.2, 0.5)
    choice = choose_population(z[:, 0], rule, information=0.5, critical=CRITICAL)
    p = enrichment_test(z[:, 0], z[:, 1], choice, (1, 1))

    assert (p[:, 1] <= ALPHA).mean() > 0.6
    assert (choice == Choice.SUBGROUP).mean() > 0.3

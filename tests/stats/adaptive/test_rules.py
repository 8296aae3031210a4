import numpy as np
import pytest
from scipy.special import ndtri

from cordwise.stats.adaptive import (
    Choice,
    DroppingRule,
    EnrichmentRule,
    PromisingZone,
    Stage,
    blinded_sd,
    choose_population,
    dropped_arms_test,
    enrichment_test,
    inverse_normal,
    keep_arms,
    promising_zone_total,
    resized_total,
)
from cordwise.stats.sequential import conditional_power

ALPHA, REPLICATES = 0.025, 10_000
CRITICAL = -ndtri(ALPHA)
ZONE = PromisingZone(planned=200, largest=400, least_power=0.3, target_power=0.8)


def mcse(rate, count=REPLICATES):
    return np.sqrt(rate * (1 - rate) / count)


def stages_against_control(generator, effects, arms):
    """Return two stages of z of arms that share a control, equal sizes, each stage half of the patients."""
    shared = generator.standard_normal((REPLICATES, 2, 1))
    own = generator.standard_normal((REPLICATES, 2, arms))
    return (shared + own) / np.sqrt(2) + np.asarray(effects) / np.sqrt(2)


def test_a_promising_trial_grows_until_its_conditional_power_is_the_target():
    z = np.array([1.4])
    total = promising_zone_total(z, 100, ZONE, critical=CRITICAL)
    theta = z / np.sqrt(100)
    short = (CRITICAL - z * np.sqrt(0.5)) / np.sqrt(0.5)

    assert ZONE.planned < total[0] < ZONE.largest
    for patients, reached in ((total, True), (total - 1, False)):
        power_z = theta * np.sqrt(patients - 100) - short
        assert (power_z[0] >= ndtri(0.8)) == reached


def test_trials_outside_the_zone_keep_their_size_and_none_passes_the_cap():
    z = np.array([-1.0, 0.2, 1.05, 1.2, 1.4, 1.6, 2.5])
    power = conditional_power(z, 0.5, CRITICAL)
    total = promising_zone_total(z, 100, ZONE, critical=CRITICAL)
    promising = (power >= 0.3) & (power < 0.8)

    assert promising.any()
    np.testing.assert_array_equal(total[~promising], 200)
    assert (total[promising] > 200).all()
    assert total.max() <= 400


def test_a_promising_zone_holds_the_error_and_gains_power():
    generator, rates = np.random.default_rng(6), {}
    for effect in (0.0, 0.16):
        first = generator.standard_normal(REPLICATES) + effect * np.sqrt(100)
        total = promising_zone_total(first, 100, ZONE, critical=CRITICAL)
        noise = generator.standard_normal(REPLICATES)
        for name, patients in (("fixed", np.full(REPLICATES, 200)), ("adapted", total)):
            second = noise + effect * np.sqrt(patients - 100)
            combined = inverse_normal(np.column_stack([first, second]), (100, 100))[:, -1]
            rates[name, effect] = (combined >= CRITICAL).mean()

    assert abs(rates["adapted", 0.0] - ALPHA) < 4 * mcse(ALPHA)
    assert rates["adapted", 0.16] > rates["fixed", 0.16] + 0.02


def test_the_blinded_spread_needs_the_assumed_difference_taken_out():
    generator = np.random.default_rng(7)
    treated = np.arange(4_000) % 2 == 1
    outcome = 3.0 * generator.standard_normal((20, 4_000)) + 4.0 * treated
    observed = generator.random(outcome.shape) < 0.8
    plain = blinded_sd(outcome, observed).mean()

    assert plain == pytest.approx(np.sqrt(9 + 4), rel=0.01)
    assert blinded_sd(outcome, observed, assumed_difference=4.0).mean() == pytest.approx(3.0, rel=0.01)


def test_a_spread_twice_as_large_asks_for_four_times_the_patients_up_to_the_cap():
    total = resized_total(np.array([5.0, 10.0, 20.0, np.nan]), planned_sd=10.0, planned=100, smallest=80, largest=300)

    np.testing.assert_array_equal(total, [80, 100, 300, 100])


def test_one_patient_has_no_spread():
    assert np.isnan(blinded_sd(np.ones((1, 3)), np.array([[True, False, False]]))[0])


def test_arms_are_kept_by_threshold_and_by_rank():
    z = np.array([[0.5, 2.0, 1.0], [-1.0, -0.5, -2.0], [1.0, 1.0, 1.0]])
    kept = keep_arms(z, DroppingRule(threshold=0.0, most=2))

    np.testing.assert_array_equal(kept, [[False, True, True], [False, False, False], [True, True, False]])


@pytest.mark.parametrize(
    "rule", [DroppingRule(most=1), DroppingRule(threshold=0.0), DroppingRule(threshold=0.5, most=2)]
)
@pytest.mark.parametrize("effects", [(0.0, 0.0, 0.0), (4.5, 0.0, 0.0)])
def test_dropping_arms_holds_the_familywise_error(rule, effects):
    z = stages_against_control(np.random.default_rng(9), effects, 3)
    kept, sizes = keep_arms(z[:, 0], rule), (1.0, 1.0, 1.0, 1.0)
    second = np.where(kept, z[:, 1], np.nan)
    p = dropped_arms_test(Stage(z[:, 0], sizes), Stage(second, sizes), kept, (1, 1))
    true_nulls = np.asarray(effects) == 0
    wrong = (p[:, true_nulls] <= ALPHA).any(axis=1).mean()

    assert wrong < ALPHA + 4 * mcse(ALPHA)
    assert wrong > 0.0001
    assert (p[~kept] == 1).all()


def test_keeping_every_arm_is_at_its_full_level_under_the_null():
    z = stages_against_control(np.random.default_rng(10), (0.0, 0.0), 2)
    everyone, sizes = np.ones((REPLICATES, 2), dtype=bool), (1.0, 1.0, 1.0)
    p = dropped_arms_test(Stage(z[:, 0], sizes), Stage(z[:, 1], sizes), everyone, (1, 1))

    assert abs((p <= ALPHA).any(axis=1).mean() - ALPHA) < 4 * mcse(ALPHA)


def test_the_best_arm_is_found_more_often_than_in_an_undirected_trial():
    z = stages_against_control(np.random.default_rng(11), (3.0, 0.0, 0.0), 3)
    kept, sizes = keep_arms(z[:, 0], DroppingRule(most=1)), (1.0, 1.0, 1.0, 1.0)
    p = dropped_arms_test(Stage(z[:, 0], sizes), Stage(z[:, 1], sizes), kept, (1, 1))

    assert (p[:, 0] <= ALPHA).mean() > 0.5
    assert (p[:, 1:] <= ALPHA).any(axis=1).mean() < 0.02


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

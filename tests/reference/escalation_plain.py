"""Plain versions of dose-escalation designs: one trial at a time, in the words of the design."""

from itertools import product

from scipy.integrate import quad
from scipy.stats import beta as beta_distribution
from scipy.stats import norm


def three_plus_three(rates):
    """Chances of no dose and of each dose, and the mean number of patients, over every way a dose can turn out."""
    selected, patients = [0.0] * (len(rates) + 1), 0.0

    def treat(dose, chance):
        nonlocal patients
        if dose == len(rates):
            selected[dose] += chance
            return
        rate = rates[dose]
        for first in product((False, True), repeat=3):
            likely = chance * weight(first, rate)
            patients += 3 * likely
            if sum(first) == 0:
                treat(dose + 1, likely)
            elif sum(first) > 1:
                selected[dose] += likely
            else:
                for second in product((False, True), repeat=3):
                    more = likely * weight(second, rate)
                    patients += 3 * more
                    if sum(second) == 0:
                        treat(dose + 1, more)
                    else:
                        selected[dose] += more

    treat(0, 1.0)
    return selected, patients


def weight(outcomes, rate):
    chance = 1.0
    for toxic in outcomes:
        chance *= rate if toxic else 1 - rate
    return chance


def boin_trial(tolerances, rates, target, limits, cohort, patients):
    """One BOIN trial: patients and toxicities at each dose, and the dose selected (from 0; -1 for none)."""
    doses, dose, closed = len(rates), 0, len(rates)
    treated, toxic = [0] * doses, [0] * doses
    for first in range(0, patients, cohort):
        for tolerance in tolerances[first : first + cohort]:
            treated[dose] += 1
            toxic[dose] += tolerance < rates[dose]
        for each in range(doses):
            if is_closed(treated[each], toxic[each], target):
                closed = min(closed, each)
        if closed == 0:
            return treated, toxic, -1
        share = toxic[dose] / treated[dose]
        if share <= limits[0] and dose + 1 < doses and dose + 1 < closed:
            dose += 1
        elif share >= limits[1] and dose > 0:
            dose -= 1
        dose = min(dose, closed - 1)
    tried = [each for each in range(closed) if treated[each] > 0]
    rates_seen = [(toxic[each] + 0.05) / (treated[each] + 0.1) for each in tried]
    weights = [variance_weight(treated[each], toxic[each]) for each in tried]
    rising = pool_adjacent(rates_seen, weights)
    return treated, toxic, min(tried, key=lambda each: abs(rising[tried.index(each)] + 1e-10 * each - target))


def is_closed(treated, toxic, target):
    return treated >= 3 and beta_distribution.sf(target, toxic + 1, treated - toxic + 1) > 0.95


def variance_weight(treated, toxic):
    return 1 / beta_distribution.var(toxic + 0.05, treated - toxic + 0.05)


def pool_adjacent(values, weights):
    """Isotonic regression by pooling adjacent violators."""
    pools = []
    for value, mass in zip(values, weights, strict=True):
        pools.append([value, mass, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m, i), (b, n, j) = pools[-2:]
            pools[-2:] = [[(a * m + b * n) / (m + n), m + n, i + j]]
    return [value for value, _, count in pools for _ in range(count)]


def crm_posterior_mean(skeleton, prior_sd, doses, toxic, parts):
    """Posterior mean of the power model's parameter, patients without toxicity counted by the part of their window."""

    def joint(b):
        value = norm.pdf(b, 0, prior_sd)
        for dose, had, part in zip(doses, toxic, parts, strict=True):
            rate = skeleton[dose] ** float(2.718281828459045**b)
            value *= rate if had else 1 - part * rate
        return value

    ends = (-6 * prior_sd, 6 * prior_sd)
    return quad(lambda b: b * joint(b), *ends, limit=200)[0] / quad(joint, *ends, limit=200)[0]

"""Power over the parameter sets, by the engine and by another route, and stated errors beside those that seeds show.

Run it with `python verification/power_by_set.py`; `make verify` does.  It prints

* the power of the demonstration design in every scenario: assurance, range over the parameter sets, parts of the error,
  and beside it the same by plain direct simulation of some sets, in which every trial has people of its own;
* for three designs the spread of every printed number over seeds against its stated error of replicates and people;
* the same numbers from banks with four times as many people in each group.

Returns 1 where one of these parts by more than chance allows.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import chdtrc, ndtr

from cordwise.bank.bank import build_bank
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.outcomes import Outcomes, follow
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import draw_patients
from cordwise.population.entry import is_eligible
from cordwise.population.posterior import load_posterior
from cordwise.stats.two_arm.proportions import proportions_p
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.characteristics.findings import TrialFindings, find
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.design.file import Design, read_design
from cordwise.trial.enrol.losses import withdrawal_chance
from cordwise.trial.observe.counterfactuals import bank_spec, most_people, scenario_counterfactuals
from cordwise.trial.plan.plan import TrialPlan, plan_trial

SEED, LEAST_P, MOST_ERRORS = 1, 1e-3, 4.0
CANDIDATES = 4096  # drawn at a time
CELLS = {"product": "autologous_msc", "route": "intravenous", "day": 50}
THREE_ARMS = {
    "arms": [
        {"name": "placebo", "control": "placebo"},
        {"name": "low", "dose_cells": 1e7, **CELLS},
        {"name": "high", "dose_cells": 1e8, **CELLS},
    ],
    "randomisation": {"ratio": [1, 1, 1], "block_size": 6},
    "size": {"total": 180},
    "scenarios": [
        {
            "name": "assumed effect by dose",
            "description": "the log odds that a tract fibre works rise by 0.7 and 1.5",
            "assumed_log_odds": {"low": 0.7, "high": 1.5},
            "onset_days": 30,
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One number that a report prints, with its error of replicates and people."""

    name: str
    value: float
    error: float


def main() -> int:
    """Print all tables, and return 1 where something parts by more than chance."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replicates", type=int, default=2000)
    asked.add_argument("--sets", type=int, default=40, help="parameter sets of the direct simulation")
    asked.add_argument("--trials", type=int, default=100, help="direct trials in each of them")
    asked.add_argument("--seeds", type=int, default=10)
    asked.add_argument("--seeds-of-large-banks", type=int, default=3)
    asked.add_argument("--workers", type=int, default=2)
    given, start = asked.parse_args(), perf_counter()
    demo = read_design("subacute_msc")
    designs = {
        "demonstration": demo,
        "two looks": demo.with_(looks={"information": [0.5, 1.0]}),
        "three arms": demo.with_(**THREE_ARMS),
    }
    failed = not _two_routes(demo, given.replicates, given.sets, given.trials, given.workers)
    by_seed = {
        name: [
            printed_numbers(found_in(design, SEED + seed, given.replicates, given.workers))
            for seed in range(given.seeds)
        ]
        for name, design in designs.items()
    }
    for name, found in by_seed.items():
        failed |= not _spread_of_seeds(name, found)
    large = [
        printed_numbers(found_in(demo, 1000 + seed, given.replicates, given.workers, people=4))
        for seed in range(given.seeds_of_large_banks)
    ]
    failed |= not _drift(by_seed["demonstration"], large)
    print(
        f"\n{'Something parts by more than chance' if failed else 'Everything agrees'}; {perf_counter() - start:.0f} s."
    )
    return int(failed)


def found_in(design: Design, seed: int, replicates: int, workers: int, *, people: int = 1) -> TrialFindings:
    """Return what the engine finds, from a bank with so many times the people that a trial takes."""
    plan, streams = plan_trial(design), Streams(seed)
    spec = replace(bank_spec(plan), people=people * most_people(plan))
    bank = build_bank(spec, load_posterior(), streams, counterfactuals=scenario_counterfactuals(plan, streams))
    prepared = prepare(plan, bank, streams)
    trials = simulate_replicates(prepared, replicates=replicates, workers=workers)
    return find(trials, bank, sample_size_curves(prepared, replicates=replicates, workers=workers))


def printed_numbers(findings: TrialFindings) -> list[Printed]:
    """Return the rates, means, biases, truths and sizes that a report prints, each with its error."""
    found = []
    for scenario in findings.scenarios:
        name = scenario.scenario.name
        found.append(Printed(f"{name}: rejects", scenario.reject.value, scenario.reject.mcse))
        found.append(Printed(f"{name}: patients", scenario.enrolled.value, scenario.enrolled.mcse))
        found.append(Printed(f"{name}: days", scenario.day.value, scenario.day.mcse))
        for endpoint in scenario.endpoints:
            for arm in endpoint.arms:
                each, where = arm.characteristics, f"{name}, {endpoint.endpoint.name}, {arm.characteristics.arm}"
                found.append(Printed(f"{where}: rejects", each.reject.value, each.reject.mcse))
                found.append(Printed(f"{where}: true value", each.truth.value, each.truth.bank_error))
                found.append(Printed(f"{where}: bias", each.bias.value, each.bias.mcse))
                found.append(Printed(f"{where}: coverage", each.coverage.value, each.coverage.mcse))
            if endpoint.required is not None and endpoint.required.mcse is not None:
                size = endpoint.required
                where = f"{name}, {endpoint.endpoint.name}: patients for power 0.8"
                found.append(Printed(where, float(size.n_per_arm), size.mcse or 0.0))
    return found


def direct_trials(
    plan: TrialPlan,
    parameters: PopulationParameters,
    streams: Streams,
    trials: int,
    counterfactuals: Mapping[str, Counterfactual],
) -> dict[str, Bool[ndarray, " trial"]]:
    """Return which trials reject in one parameter set, by scenario; every trial has people of its own."""
    random = streams("direct").generator()
    improved, motor = _improved(plan, parameters, streams, trials * plan.total, counterfactuals)
    withdraws = random.random(len(motor)) < withdrawal_chance(motor, rate=plan.dropout_rate, slope=plan.dropout_slope)
    rejects: dict[str, list[bool]] = {name: [] for name in improved}
    for trial in range(trials):
        people = np.arange(trial * plan.total, (trial + 1) * plan.total)
        treated = random.permutation(plan.total) < plan.total // 2
        for name, (before, after) in improved.items():
            counts = [
                (outcome[people] & ~withdraws[people])[arm].sum()
                for outcome, arm in ((before, ~treated), (after, treated))
            ]
            sizes = [(~treated).sum(), treated.sum()]
            p = proportions_p(np.array(counts, float), np.array(sizes, float), "n_minus_1_chi_square")
            rejects[name].append(bool(p <= plan.primary.alpha))
    return {name: np.array(each) for name, each in rejects.items()}


def _improved(
    plan: TrialPlan,
    parameters: PopulationParameters,
    streams: Streams,
    wanted: int,
    counterfactuals: Mapping[str, Counterfactual],
) -> tuple[dict[str, tuple[ndarray, ndarray]], Float[ndarray, " patient"]]:
    """Return who improves a grade without cells and with them, by scenario, and the motor score at baseline."""
    found: dict[str, list[tuple[ndarray, ndarray]]] = {name: [] for name in ("null", *counterfactuals)}
    motor, entered, first = [], 0, 0
    while entered < wanted:
        patients = draw_patients(parameters, streams, count=CANDIDATES, first=first)
        first += CANDIDATES
        youngest, oldest = plan.age_years
        patients = patients[(patients.age_years >= youngest) & (patients.age_years < oldest + 1)]
        share = streams("direct/day").generator(first).random(len(patients))
        baseline = plan.baseline_day[0] + (plan.baseline_day[1] - plan.baseline_day[0]) * share
        days = np.column_stack([baseline, np.full(len(baseline), plan.primary.day)])

        def seen(of: Counterfactual) -> Outcomes:
            return follow(patients, days, ("baseline", "end"), parameters, streams, of)  # noqa: B023 - called at once

        control = seen(without_cells())
        may = is_eligible(control, plan.levels, plan.grades)
        before = (control.ais[:, 1] > control.ais[:, 0])[may]
        found["null"].append((before, before))
        for name, each in counterfactuals.items():
            found[name].append((before, (seen(each).ais[:, 1] > control.ais[:, 0])[may]))
        motor.append((control.uems[:, 0].astype(float) + control.lems[:, 0])[may])
        entered += int(may.sum())
    both = {
        name: (np.concatenate([one for one, _ in parts])[:wanted], np.concatenate([two for _, two in parts])[:wanted])
        for name, parts in found.items()
    }
    return both, np.concatenate(motor)[:wanted]


def _two_routes(design: Design, replicates: int, sets: int, trials: int, workers: int) -> bool:
    """Print the power over the sets by the engine, then beside direct simulation of some of them."""
    plan, streams = plan_trial(design), Streams(SEED)
    found = found_in(design, SEED, replicates, workers)
    print(f"Power of {design.name}, {replicates} replicates in {found.bank.sets} parameter sets")
    print(f"{'scenario':<32}{'assurance':>10}{'replicates':>12}{'people':>9}{'parameters':>12}{'95 % of the sets':>20}")
    for scenario in found.scenarios:
        rate = scenario.reject
        print(
            f"{scenario.scenario.name:<32}{rate.value:>10.3f}{rate.replicates:>12.4f}{rate.bank:>9.4f}"
            f"{rate.parameters:>12.4f}{rate.sets_low95:>12.3f} to {rate.sets_high95:.3f}"
        )
    chosen, numbers = load_posterior().spread(sets)
    given = {  # of the only treated arm, by the scenario's name
        name.rpartition(": ")[0]: each for name, each in scenario_counterfactuals(plan, streams).items()
    }
    direct = [direct_trials(plan, each, Streams(7000 + at), trials, given) for at, each in enumerate(chosen)]
    agree = [_beside(found, direct, numbers, name, sets, trials) for name in ("null", *given)]
    return all(agree)


def _beside(
    found: TrialFindings,
    direct: Sequence[Mapping[str, Bool[ndarray, " trial"]]],
    numbers: ndarray,
    name: str,
    sets: int,
    trials: int,
) -> bool:
    """Print both routes for one scenario, set by set, and return whether their means and their spreads agree."""
    rate = next(each.reject for each in found.scenarios if each.scenario.name == name)
    here, there = rate.by_set[numbers], np.array([each[name].mean() for each in direct])
    noise = there * (1 - there) / max(trials - 1, 1)
    between = max(float(there.var(ddof=1) - noise.mean()), 0.0)
    per_set = rate.mcse**2 * len(rate.by_set)  # variance of one set's rate, replicates and people together
    error = float(np.sqrt(noise.mean() / sets + per_set / sets))
    away = (here.mean() - there.mean()) / error if error else 0.0
    pooled = np.clip((there * trials + rate.value) / (trials + 1), 1e-9, 1 - 1e-9)
    chi2 = float(((here - there) ** 2 / (per_set + pooled * (1 - pooled) / trials)).sum())
    p = float(chdtrc(sets, chi2))
    print(f"\n{name}: {sets} sets by direct simulation of {trials} trials each, people fresh in every trial")
    print(
        f"  mean of these sets {here.mean():.3f} by the engine, {there.mean():.3f} directly, {away:+.1f} errors apart"
    )
    print(f"  deviation between sets {rate.parameters:.3f} by the engine, {np.sqrt(between):.3f} directly")
    print(f"  set by set: chi-square {chi2:.1f} on {sets}, p {p:.3g}")
    print(
        "  set: engine, direct; "
        + "; ".join(f"{n}: {a:.2f}, {b:.2f}" for n, a, b in zip(numbers, here, there, strict=True))
    )
    return abs(away) < MOST_ERRORS and p > LEAST_P


def _spread_of_seeds(name: str, found: Sequence[Sequence[Printed]]) -> bool:
    """Print each number's spread over seeds against its stated error, and return whether all agree."""
    print(f"\n{name}: spread over {len(found)} seeds against the stated error of replicates and people")
    print(f"{'number':<70}{'mean':>10}{'spread':>10}{'stated':>10}{'chi-square':>12}{'p':>9}")
    rows = list(_by_name(found, _chi_square))
    for label, (mean, spread, stated, chi2, p) in rows:
        print(f"{label:<70}{mean:>10.4g}{spread:>10.3g}{stated:>10.3g}{chi2:>12.2f}{p:>9.3g}")
    usable = [row[1] for row in rows if row[1][2] > 0]
    least = min(row[4] for row in usable)
    ratio = float(np.sqrt(np.mean([(row[1] / row[2]) ** 2 for row in usable])))
    print(f"{len(usable)} numbers; root mean square of spread over stated error {ratio:.2f}; least p {least:.3g}")
    return least > LEAST_P / len(usable)


def _by_name(
    found: Sequence[Sequence[Printed]], of: Callable[[ndarray, ndarray], tuple[float, ...]]
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield what is made of each number's values and errors, where every seed has printed it."""
    tables = [{each.name: each for each in run} for run in found]
    for label in tables[0]:
        if all(label in table for table in tables):
            values = np.array([table[label].value for table in tables])
            errors = np.array([table[label].error for table in tables])
            if np.isfinite(values).all() and np.isfinite(errors).all():
                yield label, of(values, errors)


def _chi_square(values: ndarray, errors: ndarray) -> tuple[float, ...]:
    """Return mean, spread, stated error, chi-square on one less than the seeds, and its chance of being larger."""
    stated, spread = float(np.sqrt((errors**2).mean())), float(values.std(ddof=1))
    if stated <= 1e-9 * max(1.0, abs(float(values.mean()))):
        return float(values.mean()), spread, 0.0, 0.0, 1.0
    chi2 = (len(values) - 1) * spread**2 / stated**2
    return float(values.mean()), spread, stated, chi2, float(chdtrc(len(values) - 1, chi2))


def _drift(usual: Sequence[Sequence[Printed]], large: Sequence[Sequence[Printed]]) -> bool:
    """Print each number beside that from banks with four times the people, and return whether all agree."""
    print(
        f"\nBanks with four times the people in each group, {len(large)} seeds, beside {len(usual)} of the usual size"
    )
    print(f"{'number':<70}{'usual':>10}{'large':>10}{'errors apart':>14}")
    summary = dict(_by_name(large, _mean_and_error))
    apart = []
    for label, (value, error) in _by_name(usual, _mean_and_error):
        if label in summary and (both := float(np.hypot(error, summary[label][1]))):
            apart.append((summary[label][0] - value) / both)
            print(f"{label:<70}{value:>10.4g}{summary[label][0]:>10.4g}{apart[-1]:>+14.1f}")
    most = max(map(abs, apart))
    chance = 2 * (1 - ndtr(most)) * len(apart)
    print(f"{len(apart)} numbers, at most {most:.1f} errors apart; so much among so many: p below {min(chance, 1):.2g}")
    return bool(chance > LEAST_P)


def _mean_and_error(values: ndarray, errors: ndarray) -> tuple[float, ...]:
    return float(values.mean()), float(np.sqrt((errors**2).sum()) / len(errors))


if __name__ == "__main__":
    sys.exit(main())

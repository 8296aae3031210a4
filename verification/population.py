"""The figures of the model card: how the population does in and out of sample, and what it predicts.

Run it with `python verification/population.py`; `make verify` does.
"""

import sys
from collections.abc import Iterator, Sequence

import numpy as np

from cordwise.appraisal.natural_recovery import entrants, improvement_by_baseline_day, retest_upgrades
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, packaged_targets
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import free_rows, parameter_table
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.check import check_population
from cordwise.population.entry import Entry
from cordwise.population.fit.identifiability import learned_markdown, what_was_learned
from cordwise.population.fit.lesion_length import published_scans, scanned_patients
from cordwise.population.fit.misfit import registry_case_mix, simulated_case_mix
from cordwise.population.fit.reliability import published_agreements, twice_examined
from cordwise.population.fit.time_course import gain_shares
from cordwise.population.observation import Viewing, plan_schedules
from cordwise.population.posterior import Posterior, load_posterior
from cordwise.population.prediction import draw_subjects, simulate
from cordwise.population.target_predictions import TargetPredictions, predict_targets
from cordwise.population.validation.cross_validation import cross_validate_shipped

SEED = 1
ENTRY_DAYS = 7  # Sygen's weeks 0 and 1
SOME_DRAWS, FEW_DRAWS = 40, 20  # parameter sets where each has its own call, spread over the ensemble
PATIENTS_OF_ONE = 4000
LEFT_OUT_PATIENTS = 6000
IMPROVERS_OF_EACH = 1000  # people of each parameter set
GRADES = (AIS.A, AIS.B, AIS.C, AIS.D)
CERVICAL = (level_index("C1"), level_index("C8"))
COHORT = np.array([6, 2, 5])  # of grades A, B and C: the cohort of studies/honmou2021.toml
BASELINE_DAYS = (1.0, 7.0, 14.0, 30.0, 45.0, 60.0, 75.0)
TAIL = (2.5, 97.5)


def main() -> int:
    """Print every table and return 0."""
    targets, posterior = tuple(packaged_targets()), load_posterior()
    for title, lines in _tables(targets, posterior):
        print(f"\n{title}")
        for line in lines:
            print("  ", line)
    print("\nWhat was learned of each parameter\n" + learned_markdown(what_was_learned(posterior)))
    return 0


def _tables(targets: tuple[Target, ...], posterior: Posterior) -> Iterator[tuple[str, Sequence[str]]]:
    yield "Size of the fit", _size(posterior)
    found = predict_targets(targets, posterior, Streams(SEED), quiet=False)
    yield "All targets, in sample", str(check_population(packaged_targets(), seed=SEED, quiet=False)).splitlines()
    for name in ("EMSCI", "Sygen"):
        yield f"RMS error, {name} only", _by_measure(found, [name in target.source for target in targets])
    yield (
        "Share of the year's gain in UEMS since week 2",
        [str(line) for line in gain_shares(found.targets, found.predicted, found.observed)],
    )
    yield "Grades a year after week 2 or week 1: observed, predicted", _conversions(found)
    yield "Sygen's week 4 when its patients at entry are matched", _sygen_matched(targets, posterior)
    closed = predict_targets(targets, posterior, Streams(SEED), counterfactual=Counterfactual())
    yield (
        "EMSCI with tissue that stands from the start, not refitted",
        _by_measure(closed, ["EMSCI" in target.source for target in targets]),
    )
    yield (
        "Left-out strata",
        str(cross_validate_shipped(seed=SEED, patients=LEFT_OUT_PATIENTS)).splitlines(),
    )
    yield "EMSCI's case mix: observed, predicted", _case_mix(targets, posterior)
    yield "SD of the change from week 2 to a year, A to D", _spread_of_change(targets, posterior)
    yield "Length of the lesion on MRI: mean (SD) observed, predicted", _scans(posterior)
    yield "Agreement of two examiners: observed, predicted", _agreement(posterior)
    yield "Graded higher when examined again on day 45, A to C", _upgrades(posterior)
    yield "Expected improvers of 6 A, 2 B and 5 C, C1-C8, day 183, by day of baseline", _improvers(posterior)


def _size(posterior: Posterior) -> list[str]:
    fitted, function = free_rows(), free_rows("function")
    ensemble = posterior.log["ensemble"]
    return [
        f"{len(tuple(packaged_targets()))} targets, {len(published_scans())} of scans, "
        f"{len(published_agreements())} of agreement",
        f"{len(parameter_table())} parameters, {len(fitted)} fitted: {len(fitted) - len(function)} of recovery, "
        f"{len(function)} of function",
        f"{len(posterior.draws)} sets; {ensemble['recovery']['learned']:.0f} of "
        f"{len(fitted) - len(function)} directions narrowed to half or less",
    ]


def _by_measure(found: TargetPredictions, chosen: list[bool] | None = None) -> list[str]:
    kept = np.where(chosen, found.predicted, np.nan) if chosen else found.predicted
    return [f"{name:<14} {value:8.3g}" for name, value in found.rmse(kept).items()]


def _conversions(found: TargetPredictions) -> list[str]:
    return [
        f"{target.source[:40]:<40} {target.levels:<7} {target.baseline_ais} to {target.category:<4}"
        f"{100 * target.value:5.1f} {100 * predicted:5.1f} %  n {target.n:g}"
        for target, predicted in zip(found.targets, found.predicted, strict=True)
        if target.measure == "ais"
    ]


def _sygen_matched(targets: tuple[Target, ...], posterior: Posterior) -> list[str]:
    sygen = [target for target in targets if "Sygen tables" in target.source]
    entry = BaselineTable(tuple(target for target in sygen if target.followup_day <= ENTRY_DAYS))
    later = [target for target in sygen if target.followup_day > ENTRY_DAYS]
    found = predict_targets(later, posterior, Streams(SEED), case_mix=entry)
    copied = found.rmse(found.copied)
    return [f"{line}   copied from EMSCI {copied[line.split()[0]]:.3g}" for line in _by_measure(found)]


def _case_mix(targets: tuple[Target, ...], posterior: Posterior) -> list[str]:
    wanted, found = registry_case_mix(targets), [simulated_case_mix(each) for each in _emsci(targets, posterior)]
    lines = []
    for name in ("grades", "levels", "tetraplegia"):
        mean = np.mean([getattr(each, name) for each in found], axis=0)
        lines.append(f"{name:<12} {_percent(getattr(wanted, name))}   {_percent(mean)}")
    return lines


def _spread_of_change(targets: tuple[Target, ...], posterior: Posterior) -> list[str]:
    changes: dict[str, list[list[float]]] = {"uems": [], "lems": []}
    for population in _emsci(targets, posterior):
        view, outcomes = population.view(Viewing.EMSCI_ENTRY), population.outcomes
        in_neck = outcomes.neurological_level[:, 0] <= level_index("T1")
        for name, rows in changes.items():
            change = (getattr(outcomes, name)[:, -1] - getattr(outcomes, name)[:, 0]).astype(float)
            chosen = view.has_baseline & (in_neck if name == "uems" else True)
            rows.append([float(change[chosen & (outcomes.ais[:, 0] == grade)].std()) for grade in GRADES])
    return [f"{name:<5}" + "".join(f"{sd:6.1f}" for sd in np.mean(rows, axis=0)) for name, rows in changes.items()]


def _emsci(targets: tuple[Target, ...], posterior: Posterior) -> Iterator:
    schedule = next(each for each in plan_schedules(targets) if each.registry == "EMSCI")
    for number, parameters in enumerate(posterior.spread(SOME_DRAWS)[0]):
        subjects = draw_subjects(schedule, Streams(SEED), count=PATIENTS_OF_ONE, first=number * PATIENTS_OF_ONE)
        yield simulate(subjects, parameters, without_cells())


def _scans(posterior: Posterior) -> list[str]:
    counterfactual, patients = without_cells(), scanned_patients(Streams(SEED), count=PATIENTS_OF_ONE)
    found = np.array([patients.predicted(draw, counterfactual) for draw in posterior.spread(FEW_DRAWS)[0]])
    lines = []
    for scans, draws in zip(published_scans(), np.moveaxis(found, 1, 0), strict=True):
        mean, sd = draws.mean(axis=0)
        hours = " to ".join(f"{hour:g}" for hour in scans.hours)
        lines.append(
            f"{scans.row} {scans.measure} at {hours} h: {scans.mean:g} ({scans.sd:g}), {mean:.0f} ({sd:.0f}) "
            f"{scans.unit}"
        )
    return lines


def _agreement(posterior: Posterior) -> list[str]:
    counterfactual, patients = without_cells(), twice_examined(Streams(SEED), count=PATIENTS_OF_ONE)
    draws = posterior.spread(FEW_DRAWS)[0]
    found = np.array([patients.agreements(draw, counterfactual) for draw in draws])
    lines = [
        f"{each.score:<12} {each.value:.2f}  {values.mean():.3f} ({_interval(values, '.3f')})"
        for each, values in zip(published_agreements(), found.T, strict=True)
    ]
    for score in ("motor", "light_touch", "pin_prick"):
        points = np.mean([patients.repeatability(draw, counterfactual, score) for draw in draws])
        lines.append(f"AIS A examined twice: 95 % of differences in {score} within {points:.1f} points")
    return lines


def _upgrades(posterior: Posterior) -> list[str]:
    entry = Entry(CERVICAL, GRADES[:3], (45.0, 45.0))
    who = entrants(posterior.draws, Streams(SEED), entry, people_of_each=IMPROVERS_OF_EACH)
    found = retest_upgrades(who, Streams(SEED), entry)
    return [_percent(found.probability[:, :, 0].mean(axis=0))]


def _improvers(posterior: Posterior) -> list[str]:
    entries = [Entry(CERVICAL, GRADES[:3], (day, day)) for day in BASELINE_DAYS]
    found = improvement_by_baseline_day(
        posterior.draws, Streams(SEED), entries, 183.0, people_of_each=IMPROVERS_OF_EACH, min_grades=1
    )
    lines = []
    for day, improvement in zip(BASELINE_DAYS, found, strict=True):
        shares = improvement.probability[:, :, 0]
        expected = shares @ COHORT
        lines.append(
            f"day {day:<4g} {expected.mean():4.1f} ({_interval(expected, '.1f')})   A, B, C: "
            f"{_percent(shares.mean(axis=0))}"
        )
    return lines


def _interval(values: np.ndarray, form: str) -> str:
    low, high = np.percentile(values, TAIL)
    return f"{low:{form}} to {high:{form}}"


def _percent(shares: np.ndarray) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in shares) + " %"


if __name__ == "__main__":
    sys.exit(main())

"""The figures of the model card: how the population does in and out of sample, and what it predicts.

Run it with `python verification/population.py`; `make verify` does.
"""

import sys
from collections.abc import Iterator, Sequence

import numpy as np

from cordwise.appraisal.natural_recovery import entrants, improvement_by_baseline_day, retest_upgrades
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, released_targets
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import free_rows, parameter_table
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.check import check_population
from cordwise.population.entry import Entry
from cordwise.population.fit.figures import fitted_targets
from cordwise.population.fit.identifiability import learned_markdown, what_was_learned
from cordwise.population.fit.lesion_length import published_scans, scanned_patients
from cordwise.population.fit.published_mix import registry_case_mix, simulated_case_mix
from cordwise.population.fit.reliability import published_agreements, twice_examined
from cordwise.population.fit.time_course import gain_shares
from cordwise.population.observation import Viewing, plan_schedules
from cordwise.population.posterior import Posterior, load_posterior, shipped_fit
from cordwise.population.prediction import draw_subjects, simulate
from cordwise.population.registries import registry_of
from cordwise.population.target_predictions import TargetPredictions, predict_targets
from cordwise.population.validation.run import cross_validate_by_stratum

SEED = 1
ENTRY_DAYS = 7  # Sygen's weeks 0 and 1
SOME_DRAWS, FEW_DRAWS = 40, 20  # parameter sets where each has its own call, spread over the ensemble
PATIENTS_OF_ONE = 4000
IMPROVERS_OF_EACH = 1000  # people of each parameter set
GRADES = (AIS.A, AIS.B, AIS.C, AIS.D)
CERVICAL = (level_index("C1"), level_index("C8"))
COHORT = np.array([6, 2, 5])  # of grades A, B and C: the cohort of studies/honmou2021.toml
BASELINE_DAYS = (1.0, 7.0, 14.0, 30.0, 45.0, 60.0, 75.0)
TAIL = (2.5, 97.5)


def main() -> int:
    """Print every table and return 0."""
    targets = tuple(released_targets())
    for title, lines in _tables(targets):
        print(f"\n{title}")
        for line in lines:
            print("  ", line)
    print("\nWhat was learned of each parameter\n" + learned_markdown(what_was_learned(shipped_fit())))
    return 0


def _tables(targets: tuple[Target, ...]) -> Iterator[tuple[str, Sequence[str]]]:
    unseen, emsci = load_posterior(), load_posterior("EMSCI")
    yield "Size of the fit", _size()
    own = _as_their_own(targets)
    for name in shipped_fit().places:
        found = _of_registry(own, name)
        yield f"RMS error of {name}, each figure as the registry's own: {len(found.targets)}", _by_measure(found)
    home = _of_registry(own, "EMSCI")
    yield (
        "Share of the year's gain in UEMS since week 2",
        [str(line) for line in gain_shares(home.targets, home.predicted, home.observed)],
    )
    yield (
        "Conversions: observed, as the registry's own, and as those of a registry not yet seen",
        _conversions(own),
    )
    yield "Gain of B from week 2 to a year in EMSCI: observed, predicted", _gains(home, "B")
    yield (
        "All figures, as those of a registry not yet seen",
        str(check_population(released_targets(), seed=SEED, quiet=False)).splitlines(),
    )
    yield "Sygen's later weeks when its patients at entry are matched", _sygen_matched(targets, unseen)
    rows = [target for target in targets if registry_of(target) == "EMSCI"]
    closed = predict_targets(rows, emsci, Streams(SEED), counterfactual=Counterfactual())
    yield "EMSCI with tissue that stands from the start, not refitted", _by_measure(closed)
    yield "Left-out strata", str(cross_validate_by_stratum(seed=SEED)).splitlines()
    yield "EMSCI's case mix: observed, predicted", _case_mix(targets, emsci)
    yield "SD of the change from week 2 to a year, A to D", _spread_of_change(targets, emsci)
    yield "Length of the lesion on MRI: mean (SD) observed, predicted", _scans(unseen)
    yield "Agreement of two examiners: observed, predicted", _agreement(unseen)
    yield "Graded higher when examined again on day 45, A to C", _upgrades(unseen)
    yield "Expected improvers of 6 A, 2 B and 5 C, C1-C8, day 183, by day of baseline", _improvers(unseen)


def _as_their_own(targets: tuple[Target, ...]) -> TargetPredictions:
    """Predict every figure that was fitted with the parameter sets of the registry that printed it."""
    parts = []
    for name in shipped_fit().places:
        rows = [target for target in fitted_targets(targets) if registry_of(target) == name]
        parts.append(predict_targets(rows, load_posterior(name), Streams(SEED), quiet=True))
    fields = ("predicted", "low95", "high95", "unchanged", "copied", "mcse")
    columns = (np.concatenate([getattr(part, each) for part in parts]) for each in fields)
    return TargetPredictions(tuple(target for part in parts for target in part.targets), *columns)


def _of_registry(found: TargetPredictions, name: str) -> TargetPredictions:
    kept = np.array([registry_of(target) == name for target in found.targets])
    fields = ("predicted", "low95", "high95", "unchanged", "copied", "mcse")
    columns = (getattr(found, each)[kept] for each in fields)
    return TargetPredictions(tuple(found.targets[place] for place in np.flatnonzero(kept)), *columns)


def _size() -> list[str]:
    fitted, function, fit = free_rows(), free_rows("function"), shipped_fit()
    figures = ", ".join(f"{count} {kind}" for kind, count in fit.log["figures"].items())
    return [
        f"figures: {figures}; {len(fit.places)} registries",
        f"{len(parameter_table())} parameters, {len(fitted)} fitted: {len(fitted) - len(function)} of recovery, "
        f"{len(function)} of function",
        f"{len(fit.common)} draws; RMS error by kind of figure at the mean: {fit.log['rmse']}",
        f"SD between registries: {fit.log['between']}; structure: {fit.log['structure']}",
    ]


def _by_measure(found: TargetPredictions, chosen: list[bool] | None = None) -> list[str]:
    kept = np.where(chosen, found.predicted, np.nan) if chosen else found.predicted
    return [f"{name:<14} {value:8.3g}" for name, value in found.rmse(kept).items()]


def _conversions(own: TargetPredictions) -> list[str]:
    rows = [target for target in own.targets if target.measure == "ais"]
    unseen = predict_targets(rows, load_posterior(), Streams(SEED))
    mean = {target.target_id: 100 * value for target, value in zip(own.targets, own.predicted, strict=True)}
    return [
        f"{target.source[:28]:<28} {target.levels:<7} day {target.baseline_day_max:g} to {target.followup_day:g}: "
        f"{target.baseline_ais} to {target.category:<8} {100 * target.value:5.1f} {mean[target.target_id]:5.1f} "
        f"{100 * new:5.1f} ({100 * low:.0f} to {100 * high:.0f}) %  n {target.n:g}"
        for target, new, low, high in zip(rows, unseen.predicted, unseen.low95, unseen.high95, strict=True)
    ]


def _gains(found: TargetPredictions, grade: str) -> list[str]:
    lines, curves = [], {}
    for target, value in zip(found.targets, found.predicted, strict=True):
        if target.baseline_ais == grade and target.measure != "ais":
            curves.setdefault((target.measure, target.levels), {})[target.followup_day] = (target.value, value)
    for (measure, levels), curve in curves.items():
        first, last = curve[min(curve)], curve[max(curve)]
        lines.append(f"{measure:<12} {levels:<7} {last[0] - first[0]:5.1f} {last[1] - first[1]:5.1f}")
    return lines


def _sygen_matched(targets: tuple[Target, ...], posterior: Posterior) -> list[str]:
    sygen = [target for target in targets if "Sygen tables" in target.source]
    entry = BaselineTable(tuple(target for target in sygen if target.followup_day <= ENTRY_DAYS))
    later = [target for target in sygen if target.followup_day > ENTRY_DAYS]
    alone = predict_targets(later, posterior, Streams(SEED))
    found = predict_targets(later, posterior, Streams(SEED), case_mix=entry)
    copied, bare = found.rmse(found.copied), alone.rmse()
    return [
        f"{line}   without matching {bare[line.split()[0]]:.3g}   copied from EMSCI {copied[line.split()[0]]:.3g}"
        for line in _by_measure(found)
    ]


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

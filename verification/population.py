"""The figures of the model card: what the population foresees of registries it has not seen, how it fits, what follows.

`python verification/population.py` prints them, which `make verify` does; with `--write` they are put into the model
card with its pictures, and the page of parameters is made anew. Leaving registries out takes longest: `--validated
FOLDER` reads it from a run folder of `cordwise population cross-validate` instead.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from model_card import CARD, LEARNED, PICTURES, fill, markdown_table

from cordwise.appraisal.natural_recovery import entrants, improvement_by_baseline_day, retest_upgrades
from cordwise.base.randomness import Streams
from cordwise.evidence import Target, released_targets
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import free_rows, parameter_table
from cordwise.population.entry import Entry
from cordwise.population.fit.identifiability import LEARNED as NARROWED
from cordwise.population.fit.identifiability import learned_markdown, what_was_learned
from cordwise.population.fit.lesion_length import published_scans, scanned_patients
from cordwise.population.fit.published_mix import registry_case_mix, simulated_case_mix
from cordwise.population.fit.reliability import published_agreements, twice_examined
from cordwise.population.fit.time_course import gain_shares
from cordwise.population.observation import Viewing, plan_schedules
from cordwise.population.posterior import Posterior, load_posterior, shipped_fit
from cordwise.population.prediction import draw_subjects, simulate
from cordwise.population.registries import directions, registry_of
from cordwise.population.target_predictions import TargetPredictions, predict_targets
from cordwise.population.validation.result import CrossValidation, RegistryCrossValidation
from cordwise.population.validation.run import cross_validate_by_registry, cross_validate_by_stratum
from cordwise.present.pictures import validation_pictures_svg
from cordwise.present.population.left_out import (
    SHARES_AND_SCORES,
    answer_lines,
    by_registry,
    figures_name,
    forecast_name,
    knowledge_words,
    missed,
    quality,
)
from cordwise.present.population.measures import SHARE, figure_words, measure_name, unit_of, written
from cordwise.present.presenters import read_result

SEED = 1
HOME = "EMSCI"
SOME_DRAWS, FEW_DRAWS = 40, 20  # parameter sets where each has its own call, spread over all
PATIENTS_OF_ONE = 4000
IMPROVERS_OF_EACH = 1000  # people of each parameter set
GRADES = (AIS.A, AIS.B, AIS.C, AIS.D)
CERVICAL = (level_index("C1"), level_index("C8"))
COHORT = np.array([6, 2, 5])  # of grades A, B and C: the cohort of studies/honmou2021.toml
BASELINE_DAYS = (1.0, 7.0, 14.0, 30.0, 45.0, 60.0, 75.0)
FOLLOWUP_DAY, RETEST_DAY = 183.0, 45.0
TAIL = (2.5, 97.5)
WORST_SHOWN = 6  # of each registry


def main() -> int:
    """Print every figure of the model card, or write them into it; return 0."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="put the figures into the documents")
    asked.add_argument("--validated", type=Path, help="run folder of `cordwise population cross-validate`")
    given = asked.parse_args()
    result = _validated(given.validated)
    blocks = dict(_blocks(result))
    for name, body in blocks.items():
        print(f"\n{name}\n{body}")
    learned = learned_markdown(what_was_learned(shipped_fit()))
    print("\nWhat was learned of each parameter\n" + learned)
    if given.write:
        fill(CARD, blocks)
        fill(LEARNED, {"learned": learned})
        for name, drawn in validation_pictures_svg(result).items():
            (PICTURES / f"{name}.svg").write_text(drawn, encoding="utf-8")
    return 0


def _validated(folder: Path | None) -> RegistryCrossValidation:
    if folder is None:
        return cross_validate_by_registry(seed=SEED, quiet=False)
    found = read_result(json.loads((folder / "results.json").read_bytes()))
    if not isinstance(found, RegistryCrossValidation):
        raise TypeError(f"{folder} holds no cross-validation by registry")
    return found


def _blocks(result: RegistryCrossValidation) -> Iterator[tuple[str, str]]:
    yield "left-out", "\n".join(f"* {line}" for line in answer_lines(result))
    yield "forecasts", _forecasts(result)
    yield "registries", _registries(result)
    yield "missed", _missed(result)
    yield "knowledge", "\n".join(f"* {line}" for line in knowledge_words(result))
    yield "size", _size()
    yield "between", _between()
    targets = tuple(released_targets())
    home = load_posterior(HOME)
    found = {name: _predicted(targets, name) for name in ("", HOME, "Sygen")}
    yield "fit", _fit(found)
    at_home = found[HOME]
    yield "conversions", _conversions(at_home)
    yield "worst", _worst({name: found[name] for name in (HOME, "Sygen")})
    lines = (str(line) for line in gain_shares(at_home.targets, at_home.predicted, at_home.observed))
    yield "course", "\n".join(f"* {line}" for line in lines)
    yield "strata", _strata(cross_validate_by_stratum(seed=SEED))
    yield "tissue", _tissue(at_home, home)
    yield "mix", _case_mix(targets, home)
    yield "change", _spread_of_change(targets, home)
    yield "scans", _scans(home)
    yield "agreement", _agreement(home)
    yield "improvers", _improvers({"a registry not yet seen": load_posterior(), HOME: home})


def _forecasts(result: RegistryCrossValidation) -> str:
    headings = ("forecast", "judged on", "measure", "figures", "inside", "RMS error", "interval score")
    rows = [
        (
            forecast_name(each),
            figures_name(each),
            name,
            str(found.rows),
            "-" if found.coverage95 is None else f"{100 * found.coverage95:.0f} %",
            written(found.rmse),
            written(found.interval_score),
        )
        for each in result.forecasts
        for measure, name in SHARES_AND_SCORES
        if (found := quality(each, measure))
    ]
    return markdown_table(headings, rows)


def _registries(result: RegistryCrossValidation) -> str:
    rows = [
        (each.registry, f"{each.inside} of {each.figures}", written(each.rmse_shares), written(each.rmse_scores))
        for each in by_registry(result)
    ]
    headings = ("registry left out", "inside", "RMS error, shares (percentage points)", "RMS error, scores (points)")
    return markdown_table(headings, rows)


def _missed(result: RegistryCrossValidation) -> str:
    rows = [
        (
            row.registry,
            f"AIS {row.baseline_ais}, {row.levels}",
            figure_words(row.measure, row.category),
            f"{row.followup_day:g}",
            f"{unit_of(row.measure) * row.observed:.1f}",
            f"{unit_of(row.measure) * row.predicted:.1f}",
            f"{unit_of(row.measure) * row.low95:.1f} to {unit_of(row.measure) * row.high95:.1f}",
        )
        for row in missed(result)
    ]
    headings = ("registry", "baseline", "figure", "day", "observed", "forecast", "95 % interval")
    return markdown_table(headings, rows) if rows else "None."


def _size() -> str:
    fit, fitted, function = shipped_fit(), free_rows(), free_rows("function")
    narrowed = sum(line.narrowing <= NARROWED for line in what_was_learned(fit))
    kinds = fit.log["figures"]
    lines = [
        f"Fitted to {kinds['score']} mean scores, {kinds['spread']} of their SDs and {kinds['share']} shares of grades "
        f"of {len(fit.places)} registries ({', '.join(fit.places)}); with EMSCI's case mix ({kinds['mix']} shares), "
        f"the time course of arm recovery ({kinds['course']}), and scans and examiners' agreement ({kinds['study']}).",
        f"{len(parameter_table())} parameters, of which {len(fitted)} are fitted "
        f"({len(fitted) - len(function)} of recovery, {len(function)} of function); {narrowed} were narrowed to half "
        "their prior or less.",
        f"{len(fit.common)} draws of the posterior, each with a place of every registry, and pairs of registries not "
        "yet seen.",
    ]
    return "\n".join(f"* {line}" for line in lines)


def _between() -> str:
    fit = shipped_fit()
    rows = [
        (each.meaning, each.unit, f"{each.spread:g}", f"{np.median(sds):.2f} ({_interval(sds, '.2f')})")
        for each, sds in zip(directions(), fit.between.T, strict=True)
    ]
    structure = fit.structure
    rows += [
        ("Beyond that, a grade's own conversion", "logit", "", f"{np.median(structure.grade):.2f}"),
        ("What the structure misses in means, of the tolerance", "1", "", f"{np.median(structure.missing):.2f}"),
        ("Intraclass correlation behind a share", "1", "", f"{np.median(structure.dispersion):.4f}"),
    ]
    return markdown_table(("how registries differ", "unit", "prior scale", "SD between registries (95 %)"), rows)


def _predicted(targets: tuple[Target, ...], registry: str) -> TargetPredictions:
    asked = [target for target in targets if not registry or registry_of(target) == registry]
    return predict_targets(asked, load_posterior(registry or None), Streams(SEED), quiet=False)


def _fit(found: dict[str, TargetPredictions]) -> str:
    headings = ("measure", *(f"{name or 'all, as of a registry not yet seen'}" for name in found), "if nobody changed")
    errors, still = {name: each.rmse() for name, each in found.items()}, found[""].rmse(found[""].unchanged)
    rows = [
        (
            measure_name(measure),
            *(written(_in_unit(measure, errors[name].get(measure))) for name in found),
            written(_in_unit(measure, still.get(measure))),
        )
        for measure in errors[""]
    ]
    held = ("inside their 95 % interval", *(f"{100 * each.coverage95:.0f} %" for each in found.values()), "")
    return markdown_table(headings, [*rows, held])


def _conversions(found: TargetPredictions) -> str:
    rows = [
        (
            f"{target.baseline_ais} to {target.category}, {target.levels}, by day {target.followup_day:g}",
            target.source.split(" ")[0],
            f"{100 * target.value:.1f}",
            f"{100 * predicted:.1f} ({100 * low:.1f} to {100 * high:.1f})",
        )
        for target, predicted, low, high in zip(found.targets, found.predicted, found.low95, found.high95, strict=True)
        if target.measure == SHARE and np.isfinite(predicted)
    ]
    return markdown_table(
        ("EMSCI's grades", "source", "published, %", "as forecast for EMSCI (95 % interval), %"), rows
    )


def _worst(found: dict[str, TargetPredictions]) -> str:
    rows = []
    for name, each in found.items():
        width = each.high95 - each.low95
        off = np.divide(np.abs(each.predicted - each.observed), width, out=np.zeros(len(width)), where=width > 0)
        for place in np.argsort(-np.nan_to_num(off))[:WORST_SHOWN]:
            target, unit = each.targets[place], unit_of(each.targets[place].measure)
            low, high = unit * each.low95[place], unit * each.high95[place]
            rows.append(
                (
                    name,
                    f"AIS {target.baseline_ais}, {target.levels}",
                    figure_words(target.measure, target.category),
                    f"{target.followup_day:g}",
                    f"{unit * target.value:.1f}",
                    f"{unit * each.predicted[place]:.1f} ({low:.1f} to {high:.1f})",
                )
            )
    return markdown_table(("registry", "baseline", "figure", "day", "published", "fitted (95 % interval)"), rows)


def _in_unit(measure: str, value: float | None) -> float | None:
    return None if value is None else unit_of(measure) * value


def _strata(result: CrossValidation) -> str:
    rmse = result.rmse
    rows = [
        (measure_name(name), *(written(each.get(name)) for each in (rmse.predicted, rmse.fitted, rmse.copied)))
        for name in rmse.predicted
    ]
    return markdown_table(("RMS error, points", "left out", "fitted", "copied from the neighbouring grades"), rows)


def _tissue(with_tissue: TargetPredictions, home: Posterior) -> str:
    still = predict_targets(with_tissue.targets, home, Streams(SEED), counterfactual=Counterfactual()).rmse()
    rows = [
        (measure_name(name), written(_in_unit(name, value)), written(_in_unit(name, still.get(name))))
        for name, value in with_tissue.rmse().items()
    ]
    return markdown_table(
        ("EMSCI, RMS error", "with tissue that changes", "tissue as it will be, from the start"), rows
    )


def _case_mix(targets: tuple[Target, ...], home: Posterior) -> str:
    wanted, found = registry_case_mix(targets), [simulated_case_mix(each) for each in _emsci(targets, home)]
    words = {"grades": "grades A to D", "levels": "cervical, thoracic, lumbar", "tetraplegia": "grades in tetraplegia"}
    rows = []
    for name, each in words.items():
        mean = np.mean([getattr(mix, name) for mix in found], axis=0)
        rows.append((each, _percent(getattr(wanted, name)), _percent(mean)))
    return markdown_table(("EMSCI's case mix", "published", "simulated"), rows)


def _spread_of_change(targets: tuple[Target, ...], home: Posterior) -> str:
    changes: dict[str, list[list[float]]] = {"uems": [], "lems": []}
    for population in _emsci(targets, home):
        view, outcomes = population.view(Viewing.EMSCI_ENTRY), population.outcomes
        in_neck = outcomes.neurological_level[:, 0] <= level_index("T1")
        for name, rows in changes.items():
            change = (getattr(outcomes, name)[:, -1] - getattr(outcomes, name)[:, 0]).astype(float)
            chosen = view.has_baseline & (in_neck if name == "uems" else True)
            rows.append([float(change[chosen & (outcomes.ais[:, 0] == grade)].std()) for grade in GRADES])
    table = [(measure_name(name), *(f"{sd:.0f}" for sd in np.mean(rows, axis=0))) for name, rows in changes.items()]
    return markdown_table(("SD of the change in a year, points", *(f"AIS {grade.name}" for grade in GRADES)), table)


def _emsci(targets: tuple[Target, ...], posterior: Posterior) -> Iterator:
    schedule = next(each for each in plan_schedules(targets) if each.registry == HOME)
    for number, parameters in enumerate(posterior.spread(SOME_DRAWS)[0]):
        subjects = draw_subjects(schedule, Streams(SEED), count=PATIENTS_OF_ONE, first=number * PATIENTS_OF_ONE)
        yield simulate(subjects, parameters, without_cells())


def _scans(posterior: Posterior) -> str:
    counterfactual, patients = without_cells(), scanned_patients(Streams(SEED), count=PATIENTS_OF_ONE)
    found = np.array([patients.predicted(draw, counterfactual) for draw in posterior.spread(FEW_DRAWS)[0]])
    rows = []
    for scans, draws in zip(published_scans(), np.moveaxis(found, 1, 0), strict=True):
        mean, sd = draws.mean(axis=0)
        hours = " to ".join(f"{hour:g}" for hour in scans.hours)
        what = f"{scans.row}: {scans.measure} at {hours} h, {scans.unit}"
        rows.append((what, f"{scans.mean:g} ({scans.sd:g})", f"{mean:.0f} ({sd:.0f})"))
    return markdown_table(("length of the lesion on MRI, mean (SD)", "published", "simulated"), rows)


def _agreement(posterior: Posterior) -> str:
    counterfactual, patients = without_cells(), twice_examined(Streams(SEED), count=PATIENTS_OF_ONE)
    draws = posterior.spread(FEW_DRAWS)[0]
    found = np.array([patients.agreements(draw, counterfactual) for draw in draws])
    rows = [
        (f"intraclass correlation, {each.score.replace('_', ' ')}", f"{each.value:.2f}", f"{values.mean():.2f}")
        for each, values in zip(published_agreements(), found.T, strict=True)
    ]
    entry = Entry(CERVICAL, GRADES[:3], (RETEST_DAY, RETEST_DAY))
    who = entrants(posterior.draws, Streams(SEED), entry, people_of_each=IMPROVERS_OF_EACH)
    again = retest_upgrades(who, Streams(SEED), entry).probability[:, :, 0].mean(axis=0)
    rows.append((f"graded higher when examined again on day {RETEST_DAY:g}, A / B / C", "", _percent(again)))
    return markdown_table(("two examiners on one day", "published", "simulated"), rows)


def _improvers(posteriors: dict[str, Posterior]) -> str:
    entries = [Entry(CERVICAL, GRADES[:3], (day, day)) for day in BASELINE_DAYS]
    rows = []
    for name, posterior in posteriors.items():
        found = improvement_by_baseline_day(
            posterior.draws, Streams(SEED), entries, FOLLOWUP_DAY, people_of_each=IMPROVERS_OF_EACH, min_grades=1
        )
        expected = [improvement.probability[:, :, 0] @ COHORT for improvement in found]
        rows.append((f"{name}: expected", *(f"{values.mean():.1f}" for values in expected)))
        rows.append(("95 % over parameters and registries", *(_interval(values, ".1f") for values in expected)))
    return markdown_table(("baseline on day", *(f"{day:g}" for day in BASELINE_DAYS)), rows)


def _interval(values: np.ndarray, form: str) -> str:
    low, high = np.percentile(values, TAIL)
    return f"{low:{form}} to {high:{form}}"


def _percent(shares: Sequence[float] | np.ndarray) -> str:
    return " / ".join(f"{100 * share:.0f}" for share in shares) + " %"


if __name__ == "__main__":
    sys.exit(main())

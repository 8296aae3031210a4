"""Checks, cross-validations and refits of the population in words, as their commands print them."""

import math

from cordwise.population.check import CopyComparison, PopulationCheck
from cordwise.population.fit.calibrate import SearchStep
from cordwise.population.fit.identifiability import LEARNED
from cordwise.population.fit.refit import Refit
from cordwise.population.intervals import Parts
from cordwise.population.validation.result import CrossValidation
from cordwise.present.columns import columns
from cordwise.present.population.measures import PARTS, parts_of, root_mean_square, unit_of


def check_text(result: PopulationCheck) -> str:
    """Return how far the population is from the figures, measure by measure."""
    found, copying = result.summary, result.summary.where_emsci_can_be_copied
    lines = [
        f"{found.n} targets, {found.n_predicted} predicted as figures of {result.registry}; "
        f"{100 * found.coverage95:.0f} % of these lie inside their 95 % predictive interval.",
        *([result.seen_before] if result.seen_before else []),
        "Errors and intervals in points, shares (ais) in percentage points. Interval score: width of the intervals and "
        "40 times what lies outside. SDs: what makes the forecast of one figure uncertain.",
        *_measures(result),
    ]
    if copying.n:
        lines += [
            f"{copying.n} targets not EMSCI's own, against copying EMSCI's figure of the same grade and level",
            *_copying(copying),
        ]
    if result.case_mix is not None:
        lines += result.case_mix.lines()
    return "\n".join(lines)


def _measures(result: PopulationCheck) -> list[str]:
    found = result.summary
    headings = ("measure", "RMS error", "if nobody changed", "interval score", *(f"SD: {part}" for part in PARTS))
    rows = [
        (
            name,
            *(
                _amount(name, value)
                for value in (
                    error,
                    found.rmse_if_nobody_changed.get(name),
                    found.interval_score.get(name),
                    *parts_of(mean_parts(result, name)),
                )
            ),
        )
        for name, error in found.rmse.items()
    ]
    return columns([headings, *rows], right=range(1, len(headings)))


def mean_parts(result: PopulationCheck, measure: str) -> Parts | None:
    """Return the root mean square of each part of the uncertainty over the figures of a measure."""
    return root_mean_square([row.parts for row in result.targets if row.measure == measure and row.parts is not None])


def _copying(copying: CopyComparison) -> list[str]:
    headings = ("measure", "RMS error", "if copied")
    rows = [
        (name, _amount(name, copying.rmse.get(name)), _amount(name, value))
        for name, value in copying.rmse_if_copied.items()
    ]
    return columns([headings, *rows], right=(1, 2))


def _amount(measure: str, value: float | None) -> str:
    return "-" if value is None else f"{unit_of(measure) * value:.1f}"


def step_text(step: SearchStep) -> str:
    """Return what a step of a fit reached."""
    errors = ", ".join(f"{name} {value:.3g}" for name, value in step.rmse.items())
    return f"Round {step.round + 1}, step {step.step + 1}: RMS error {errors}"


def cross_validation_text(result: CrossValidation) -> str:
    """Return the errors of the left-out strata, all together."""
    rmse = result.rmse
    lines = ["RMS error of EMSCI's strata", "measure        left out   fitted   copied from the neighbouring grades"]
    for name, value in rmse.predicted.items():
        lines.append(f"{name:<14} {value:8.3g} {rmse.fitted[name]:8.3g} {rmse.copied.get(name, math.nan):8.3g}")
    return "\n".join(lines)


def refit_text(found: Refit) -> str:
    """Return what a refit improved, how much it learned, and where it lies."""
    narrowed = sum(line.narrowing <= LEARNED for line in found.learned)
    return "\n".join(
        [
            "figures        RMS error before    after",
            *(f"{name:<14} {found.before[name]:16.3g} {value:8.3g}" for name, value in found.after.items()),
            f"{narrowed} of {len(found.learned)} fitted parameters were narrowed to half their prior or less.",
            f"Registries: {', '.join(found.fit.places)}.",
            f"{len(found.fit.common)} draws, for --population: {found.file}",
        ]
    )

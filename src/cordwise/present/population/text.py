"""Checks, cross-validations and refits of the population in words, as their commands print them."""

import math

from cordwise.population.check import PopulationCheck
from cordwise.population.fit.identifiability import LEARNED
from cordwise.population.fit.refit import Refit
from cordwise.population.validation.result import CrossValidation


def check_text(result: PopulationCheck) -> str:
    """Return how far the population is from the figures, measure by measure."""
    found = result.summary
    still, copying = found.rmse_if_nobody_changed, found.where_emsci_can_be_copied
    lines = [
        f"{found.n} targets, {found.n_predicted} predicted; "
        f"{100 * found.coverage95:.0f} % inside their 95 % predictive interval",
        "measure        RMS error   if nobody changed",
        *(f"{name:<14} {value:9.3g}   {still[name]:17.3g}" for name, value in found.rmse.items()),
    ]
    if copying.n:
        lines += [
            f"{copying.n} targets not EMSCI's own, against copying EMSCI's figure of the same grade and level",
            "measure        RMS error   if copied",
            *(
                f"{name:<14} {copying.rmse.get(name, math.nan):9.3g}   {value:9.3g}"
                for name, value in copying.rmse_if_copied.items()
            ),
        ]
    if result.case_mix is not None:
        lines += result.case_mix.lines()
    return "\n".join(lines)


def cross_validation_text(result: CrossValidation) -> str:
    """Return the errors of the left-out strata, all together."""
    rmse = result.rmse
    lines = ["RMS error of EMSCI's strata", "measure        left out   fitted   copied from the neighbouring grades"]
    for name, value in rmse.predicted.items():
        lines.append(f"{name:<14} {value:8.3g} {rmse.fitted[name]:8.3g} {rmse.copied.get(name, math.nan):8.3g}")
    return "\n".join(lines)


def refit_text(found: Refit) -> str:
    """Return what a refit improved, how much it learned, and where it lies."""
    before, after = found.posterior.log["rmse_before"], found.posterior.log["rmse_after"]
    narrowed = sum(line.narrowing <= LEARNED for line in found.learned)
    return "\n".join(
        [
            "measure        RMS error before    after",
            *(f"{name:<14} {before[name]:16.3g} {value:8.3g}" for name, value in after.items()),
            f"{narrowed} of {len(found.learned)} fitted parameters were narrowed to half their prior or less.",
            f"{len(found.posterior.draws)} parameter sets: {found.file}",
        ]
    )

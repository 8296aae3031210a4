"""Checks, cross-validations and refits of the population in words, as their commands print them."""

import math

from cordwise.population.check import PopulationCheck
from cordwise.population.fit.calibrate import SearchStep
from cordwise.population.fit.identifiability import LEARNED
from cordwise.population.fit.refit import Refit
from cordwise.population.validation.result import CrossValidation, RegistryCrossValidation

_PARTS, _WIDTHS = ("chance", "parameters", "registry", "structure"), (10, 10, 8, 9)


def check_text(result: PopulationCheck) -> str:
    """Return how far the population is from the figures, measure by measure."""
    found = result.summary
    still, copying = found.rmse_if_nobody_changed, found.where_emsci_can_be_copied
    lines = [
        f"{found.n} targets, {found.n_predicted} predicted as those of {result.registry}; "
        f"{100 * found.coverage95:.0f} % inside their 95 % predictive interval",
        "measure        RMS error   if nobody changed   interval score   SD: chance  parameters  registry  structure",
        *(
            f"{name:<14} {value:9.3g}   {still[name]:17.3g}   {found.interval_score[name]:14.3g}   "
            + "  ".join(f"{part:>{width}.2g}" for part, width in zip(_mean_parts(result, name), _WIDTHS, strict=True))
            for name, value in found.rmse.items()
        ),
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


def _mean_parts(result: PopulationCheck, measure: str) -> tuple[float, ...]:
    """Return the root mean square of each part of the uncertainty over the figures of a measure."""
    known = [row.parts for row in result.targets if row.measure == measure and row.parts is not None]
    return tuple(math.sqrt(sum(getattr(each, name) ** 2 for each in known) / len(known)) for name in _PARTS)


def registry_validation_text(result: RegistryCrossValidation) -> str:
    """Return how registries were forecast that a fit had not seen, beside two other forecasts of the same figures."""
    model = next(each for each in result.forecasts if each.spread_factor == 1)
    shares, scores, whole = (model.of(name) for name in ("ais", "scores", "all"))
    lines = []
    if whole and whole.coverage95 is not None:
        lines.append(
            f"{whole.rows} figures of {len({row.registry for row in result.figures})} registries, each forecast as one "
            f"not yet seen: {100 * whole.coverage95:.0f} % lie inside their 95 % interval."
        )
    for name, found, unit in (("conversions", shares, "percentage points"), ("scores", scores, "points")):
        if found and found.rmse is not None:
            lines.append(f"The means of {name} were off by {found.rmse:.1f} {unit} (RMS).")
    lines += [
        "",
        f"{'forecast':<14} {'figures':<31} {'spread':>6}  {'measure':<11} {'rows':>4} {'inside':>6}  RMS  score",
    ]
    for each in result.forecasts:
        for row in each.quality:
            if row.measure in ("ais", "scores") or (each is model and row.measure != "all"):
                inside, rmse, score = (_number(value) for value in (row.coverage95, row.rmse, row.interval_score))
                lines.append(
                    f"{each.forecast:<14} {each.figures:<31} {each.spread_factor:>6g}  {row.measure:<11} {row.rows:>4} "
                    f"{inside:>6} {rmse:>5} {score:>5}"
                )
    lines += ["", "What is known of the registry narrows the forecast of the rest (mean width, interval score):"]
    lines += [
        f"{row.registry:<14} {row.known:<36} {row.rows:>3} figures  width {row.width:.1f} -> {row.width_known:.1f}  "
        f"score {row.interval_score:.1f} -> {row.interval_score_known:.1f}"
        for row in result.narrowing
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if value < 1 else f"{value:.1f}"


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

"""Leave a stratum out, refit without it, and predict it, to see whether the structure carries over or only describes.

A stratum is a grade at baseline with its level group, all measures and visits together.  Each refit starts at the full
fit and takes Gauss-Newton steps that do not see the left-out rows; all share one slope, taken at the full fit, because
leaving out one stratum of eight moves the best set little and a slope costs hundreds of simulations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.evidence import Target, packaged_targets
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.parameters import PopulationParameters, to_working_scale
from cordwise.population.fit.calibrate import Problem, recovery_problem
from cordwise.population.fit.least_squares import slope
from cordwise.population.fit.misfit import residual_owners
from cordwise.population.observation import is_home
from cordwise.population.posterior import load_posterior
from cordwise.population.prediction import CHANGE, PROPORTION, read_predictions
from cordwise.population.registry_forecast import Curve, emsci_curves
from cordwise.population.validation.result import (
    CrossValidation,
    ForecastErrors,
    StratumErrors,
    StratumForecastErrors,
)

PATIENTS = 6000  # of each registry
_STEPS = 3
_REACH = 1.0  # the longest move of a parameter in one step, in prior SDs
_SHORTER = 0.5
_TRIALS = 4
_GROUPS = (("C1-T1", "C1", "T1"), ("T2-S5", "T2", "S4_5"))


@dataclass(frozen=True, slots=True)
class Stratum:
    """A baseline grade and a group of levels."""

    grade: AIS
    levels: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """Return what a table calls it."""
        return f"{self.grade.name} {self.levels}"

    def holds(self, target: Target) -> bool:
        """Say whether a score of EMSCI belongs to the stratum."""
        of_grade = target.baseline_grade_low == target.baseline_grade_high == int(self.grade)
        in_levels = self.first <= target.level_first and target.level_last <= self.last
        return is_home(target) and target.measure != PROPORTION and of_grade and in_levels


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stratum that was left out: its targets, what the refitted model says, and what copying its neighbours says."""

    stratum: Stratum
    targets: tuple[Target, ...]
    predicted: Float[ndarray, " target"]
    fitted: Float[ndarray, " target"]
    copied: Float[ndarray, " target"]


def strata() -> tuple[Stratum, ...]:
    """Return the eight strata of EMSCI's tables."""
    return tuple(
        Stratum(grade, levels, level_index(first), level_index(last))
        for grade in (AIS.A, AIS.B, AIS.C, AIS.D)
        for levels, first, last in _GROUPS
    )


def cross_validate(
    targets: Sequence[Target],
    best: PopulationParameters,
    streams: Streams,
    *,
    patients: int,
    counterfactual: Counterfactual | None = None,
    quiet: bool = True,
) -> tuple[LeftOut, ...]:
    """Leave out each stratum in turn; `best` is the fit to all targets."""
    lived = counterfactual or without_cells()
    problem = recovery_problem(targets, best, streams, patients=patients, counterfactual=lived, registries_only=True)
    point = to_working_scale(best, problem.rows)
    jacobian = slope(problem.residuals, point, problem.scale, quiet=quiet)
    fitted = _predicted(problem, point)
    found = []
    with progress("leaving strata out", len(strata()), quiet=quiet) as advance:
        for stratum in strata():
            held = np.array([stratum.holds(target) for target in problem.misfit.targets])
            places = np.flatnonzero(held)
            refitted = _refit_without(problem, point, jacobian, held)
            out = tuple(problem.misfit.targets[place] for place in places)
            copy = np.array([forecast_from_neighbours(target, stratum) for target in out])
            found.append(LeftOut(stratum, out, _predicted(problem, refitted)[places], fitted[places], copy))
            advance(1)
    return tuple(found)


def forecast_from_neighbours(target: Target, stratum: Stratum) -> float:
    """Return EMSCI's figure of the nearest grades of the same levels, which is all one has without the stratum."""
    curves = {
        key[1]: curve
        for key, curve in emsci_curves().items()
        if key[0] == target.measure.removesuffix(CHANGE) and key[2:] == (target.level_first, target.level_last)
    }
    nearest = _neighbours(curves, int(stratum.grade))
    return float(np.mean([curve.at(target.followup_day) for curve in nearest])) if nearest else np.nan


def _neighbours(curves: Mapping[int, Curve], grade: int) -> list[Curve]:
    return [curves[near] for near in (grade - 1, grade + 1) if near in curves]


def _predicted(problem: Problem, point: Float[ndarray, " free"]) -> Float[ndarray, " target"]:
    simulated = problem.misfit.simulated(problem.parameters(point))
    return read_predictions(problem.misfit.targets, simulated).mean


def _refit_without(
    problem: Problem,
    point: Float[ndarray, " free"],
    jacobian: Float[ndarray, "residual free"],
    held: Bool[ndarray, " target"],
) -> Float[ndarray, " free"]:
    """Take damped steps that do not see the residuals of the held-out targets."""
    owners = residual_owners(problem.misfit.targets, len(jacobian))
    seen = ~np.isin(owners, np.flatnonzero(held))
    slopes = jacobian[seen]
    normal = slopes.T @ slopes
    residuals = problem.residuals(point)[seen]
    for _ in range(_STEPS):
        step = np.clip(np.linalg.solve(normal, -slopes.T @ residuals), -_REACH * problem.scale, _REACH * problem.scale)
        for _ in range(_TRIALS):
            candidate = problem.residuals(point + step)[seen]
            if candidate @ candidate < residuals @ residuals:
                point, residuals = point + step, candidate
                break
            step = _SHORTER * step
        else:
            return point
    return point


def rmse_of(found: Sequence[LeftOut], which: str) -> dict[str, float]:
    """Return the RMS error by measure of `predicted`, `fitted` or `copied`, over all left-out targets."""
    errors: dict[str, list[float]] = {}
    for each in found:
        for target, value in zip(each.targets, getattr(each, which), strict=True):
            if np.isfinite(value):
                errors.setdefault(target.measure, []).append(value - target.value)
    return {measure: float(np.sqrt(np.mean(np.square(missed)))) for measure, missed in errors.items()}


def cross_validate_shipped(
    *, patients: int = PATIENTS, seed: int | None = None, workers: int | None = None, quiet: bool = True
) -> CrossValidation:
    """Cross-validate the fit that ships over the strata of EMSCI.

    Parameters
    ----------
    patients
        Simulated patients for each registry.
    seed
        Decides the patients; drawn, and stored in the result, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.
    """
    if patients < 1:
        raise InputError([Fault("patients", "1 or more", str(patients), is_argument=True)])
    require_memory("patients", patients, BYTES["patient"])
    use_threads(workers)
    seed, targets = resolve_seed(seed), packaged_targets()
    found = cross_validate(tuple(targets), load_posterior().best, Streams(seed), patients=patients, quiet=quiet)
    record = Provenance.of("population cross-validate", seed, targets.source_file, patients=patients)
    return cross_validation(found, record)


def cross_validation(found: Sequence[LeftOut], provenance: Provenance) -> CrossValidation:
    """Return how far off the left-out strata were predicted."""
    return CrossValidation(
        rmse=ForecastErrors(
            predicted=rmse_of(found, "predicted"), fitted=rmse_of(found, "fitted"), copied=rmse_of(found, "copied")
        ),
        strata=tuple(
            StratumErrors(
                name=each.stratum.name,
                rmse=StratumForecastErrors(predicted=rmse_of([each], "predicted"), copied=rmse_of([each], "copied")),
            )
            for each in found
        ),
        provenance=provenance,
    )

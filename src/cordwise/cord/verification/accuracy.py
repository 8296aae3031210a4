"""How far the engine is from the solution of the equations: every preset against LSODA, its order, its precision."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.cord.course import Precision
from cordwise.cord.devices import Device, device_faults, device_words
from cordwise.cord.engine.step_grid import Preset, StepLaw, law_of
from cordwise.cord.equations import SolverSetting, setting_of
from cordwise.cord.parameters import load_parameters
from cordwise.cord.self_check import READOUTS
from cordwise.cord.verification.comparison import ErrorSummary, Quantities, field_errors, quantity_errors, summary
from cordwise.cord.verification.engine_runs import Run, engine_fields, engine_quantities, steps_a_year
from cordwise.cord.verification.lsoda import REFERENCE_RTOL, Solution, solve_in
from cordwise.cord.verification.patients import VISITS, Group, varied_groups
from cordwise.cord.verification.readouts import read_out
from cordwise.cord.verification.result import DeviceErrors, EngineVerification, PresetErrors, ReferenceErrors

LIMIT_P99 = 1e-3
"""What the standard preset must keep to, in the error's 99th percentile over all that is read out."""
LIMIT_ACROSS_DEVICES = 1e-4
"""How far the numbers of two devices may lie apart."""
LOOKED_AT_TWICE = 2
"""How often LSODA solves each patient of a verification: as the reference, and to see what the reference is worth."""
_LOOSER = 100.0  # times the tolerance of the reference, to see what the reference itself is worth
_HALVINGS = (1.0, 0.5, 0.25)  # of the standard steps


@dataclass(frozen=True, slots=True)
class Reference:
    """The patients of one group as LSODA solves them."""

    group: Group
    setting: SolverSetting
    solutions: Sequence[Solution]
    quantities: Sequence[Quantities]


def solve_all(
    groups: Iterable[Group], *, rtol: float, advance: Callable[[int], None] = lambda _done: None
) -> tuple[Reference, ...]:
    """Return the solution of every patient by LSODA at a tolerance."""
    return tuple(_solve_group(group, rtol, advance) for group in groups)


def verify_engine(
    count: int,
    streams: Streams,
    *,
    device: Device | str = Device.CPU,
    advance: Callable[[int], None] = lambda _done: None,
) -> EngineVerification:
    """Return the errors of every preset on varied patients, and whether the standard one keeps to its limit.

    On a GPU its distance from the processor's numbers counts too.
    """
    if faults := tuple(device_faults(device)):
        raise InputError(faults)
    groups = varied_groups(count, streams)
    known = solve_all(groups, rtol=REFERENCE_RTOL, advance=advance)
    looser = solve_all(groups, rtol=REFERENCE_RTOL * _LOOSER, advance=advance)
    standard = Run(law_of(Preset.STANDARD), Precision.SINGLE, device)
    coarse = _quantities(groups, standard)
    halved = _quantities(groups, replace(standard, law=_finer(standard, _HALVINGS[1])))
    double = _quantities(groups, replace(standard, precision=Precision.DOUBLE))
    on_cpu = _distance(coarse, _quantities(groups, replace(standard, device=Device.CPU)))
    presets = {str(preset): _errors_of(Run(law_of(preset), Precision.SINGLE, device), known) for preset in Preset}
    own, exact = _distance(_of(looser), _of(known)), presets[Preset.STANDARD].error_p99 <= LIMIT_P99
    return EngineVerification(
        patients=count,
        days=tuple(VISITS),
        reference=ReferenceErrors(
            solver="scipy_lsoda", rtol=REFERENCE_RTOL, error_p99=own.error_p99, error_max=own.error_max
        ),
        presets=presets,
        order_of_convergence=_orders(known, device),
        half_step=_distance(coarse, halved),
        single_against_double=_distance(coarse, double),
        device=DeviceErrors(name=str(device), words=device_words(device), against_cpu=on_cpu),
        limit_p99=LIMIT_P99,
        passed=exact and on_cpu.error_max <= LIMIT_ACROSS_DEVICES,
    )


def errors_against(known: Sequence[Reference], found: Sequence[Quantities]) -> list[dict[str, np.ndarray]]:
    """Return the errors of each patient, in the order of the references."""
    return [quantity_errors(one, other) for one, other in zip(found, _of(known), strict=True)]


def _solve_group(group: Group, rtol: float, advance: Callable[[int], None]) -> Reference:
    setting = setting_of(group.regimen, load_parameters())
    solutions = []
    for case in group.cases():
        solutions.append(solve_in(setting, case, VISITS, rtol=rtol))
        advance(1)
    pairs = zip(group.cases(), solutions, strict=True)
    return Reference(group, setting, solutions, [read_out(setting, case, solution) for case, solution in pairs])


def _of(known: Iterable[Reference]) -> list[Quantities]:
    return [quantities for reference in known for quantities in reference.quantities]


def _quantities(groups: Iterable[Group], run: Run) -> list[Quantities]:
    return [quantities for group in groups for quantities in engine_quantities(group, run)]


def _finer(run: Run, scale: float) -> StepLaw:
    return replace(run.law, scale=run.law.scale * scale)


def _distance(found: Sequence[Quantities], known: Sequence[Quantities]) -> ErrorSummary:
    pairs = zip(found, known, strict=True)
    return summary(errors for one, other in pairs for errors in quantity_errors(one, other).values())


def _errors_of(run: Run, known: Sequence[Reference]) -> PresetErrors:
    errors = errors_against(known, _quantities([reference.group for reference in known], run))
    everywhere = [
        field_errors(engine_fields(case, run), solution.fields)
        for reference in known
        for case, solution in zip(reference.group.cases(), reference.solutions, strict=True)
    ]
    together = summary(error for patient in errors for error in patient.values())
    return PresetErrors(
        steps_a_year=steps_a_year(run.law),
        error_p99=together.error_p99,
        error_max=together.error_max,
        quantities={name: summary(patient[name] for patient in errors) for name in READOUTS},
        fields=summary(everywhere),
    )


def _orders(known: Sequence[Reference], device: Device | str) -> tuple[float, ...]:
    """Return by which power of the step the error of the fields falls, from each step to half of it."""
    standard = Run(law_of(Preset.STANDARD), Precision.DOUBLE, device)
    sizes = [_root_mean_square(known, replace(standard, law=_finer(standard, scale))) for scale in _HALVINGS]
    return tuple(float(np.log2(coarse / fine)) for coarse, fine in pairwise(sizes))


def _root_mean_square(known: Sequence[Reference], run: Run) -> float:
    squares = [
        np.mean(field_errors(engine_fields(case, run), solution.fields) ** 2)
        for reference in known
        for case, solution in zip(reference.group.cases(), reference.solutions, strict=True)
    ]
    return float(np.sqrt(np.mean(squares)))

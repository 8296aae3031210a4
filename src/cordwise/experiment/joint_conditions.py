"""Conditions that parameters drawn together must keep: no spread without end, no memory of a small disturbance.

Each rate lies in a credible range of its own; together they can still make a cord that no cord resembles.  Every draw
is simulated twice, with and without a small pulse of alarmin far from the lesion, and held against the conditions of
`data/joint_conditions.csv`.  Lengths are those of a human cord and scale with the animal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.base.tables import packaged_values
from cordwise.cord.batch import run_course
from cordwise.cord.changes import Action, Change
from cordwise.cord.course import Resolution, TissueSchedule, plan_course
from cordwise.cord.fields import FIELDS
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.cord.segments import Jump
from cordwise.cord.tissue import PatientStatus, visits_of
from cordwise.cord.verification.pulse import PULSED
from cordwise.experiment.subjects import draw_rates

CONDITIONS = ("pulse", "far grey matter", "far axons", "bounded", "creep", "front")
_TOGETHER = 256  # draws whose fields are held in memory at once
# Sums over time and days of repair know no bound, and formulas are in units of their own.
_SUMS = ("lost_to_inflammation", "lost_to_ischaemia", "lost_to_leukocytes", "node_repair")
_BOUNDED = [number for number, name in enumerate(FIELDS) if name not in _SUMS]
_LASTING = ("border", "matrix")  # scar lasts by its nature: what a pulse has called stays, and makes no front
_FOLLOWED = (0.1, 1.0, 2.0, 4.0, 7.0, 14.0, 30.0)  # days after the pulse on which its effect is read, and the last day

PerDraw = Bool[ndarray, " draw"]


@dataclass(frozen=True, slots=True)
class Draws:
    """Parameter sets, each with a lesion; severity and width in mm of that cord."""

    severity: Float[ndarray, " draw"]
    width_mm: Float[ndarray, " draw"]
    parameters: TissueParameters
    species: Species

    def __len__(self) -> int:
        """Return the number of draws."""
        return self.severity.size

    def part(self, first: int, last: int) -> "Draws":
        """Return some of the draws."""
        own: Any = (np.asarray(value)[first:last] if np.ndim(value) else value for value in self.parameters)
        return Draws(self.severity[first:last], self.width_mm[first:last], TissueParameters(*own), self.species)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationRate:
    """How often a condition is violated, with the Monte Carlo standard error."""

    condition: str
    violated: int
    rate: float
    mcse: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CordViolations:
    """The rate of each condition, and of any, for the cords of one species on one axis."""

    species: Species
    resolution: Resolution
    rates: tuple[ViolationRate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointConditions:
    """How often draws over a share of the ranges violate each condition, by species and axis."""

    draws: int
    share_of_ranges: float
    seed: int
    cords: tuple[CordViolations, ...]


def limit(name: str) -> float:
    """Return one number of the conditions."""
    return packaged_values("cordwise.experiment", "joint_conditions")[name]


def draw_sets(species: Species, count: int, streams: Streams, *, share: float = 1.0) -> Draws:
    """Return parameter sets over a share of the ranges of the table, with lesions of all severities and widths."""
    rates = draw_rates(species, count, streams, share=share).parameters
    lesions = streams("joint-conditions-lesions").uniforms(2, np.arange(count))
    severity = limit("severity_low") + (limit("severity_high") - limit("severity_low")) * lesions[:, 0]
    width = limit("width_low") + (limit("width_high") - limit("width_low")) * lesions[:, 1]
    return Draws(severity, width * rates.length_scale, rates, species)


def violations(draws: Draws, resolution: Resolution, *, advance: Advance = lambda _done: None) -> Mapping[str, PerDraw]:
    """Return which draws violate which condition."""
    found = []
    for first in range(0, len(draws), _TOGETHER):
        some = draws.part(first, first + _TOGETHER)
        found.append(_violations(some, resolution))
        advance(len(some))
    return {name: np.concatenate([each[name] for each in found]) for name in CONDITIONS}


def rates_of(violated: Mapping[str, PerDraw]) -> tuple[ViolationRate, ...]:
    """Return the rate of each condition, and of any."""
    together = {**violated, "any": np.any(list(violated.values()), axis=0)}
    return tuple(_rate(name, values) for name, values in together.items())


def _rate(name: str, values: PerDraw) -> ViolationRate:
    rate = float(values.mean())
    return ViolationRate(
        condition=name, violated=int(values.sum()), rate=rate, mcse=float(np.sqrt(rate * (1 - rate) / values.size))
    )


def joint_conditions(
    count: int, streams: Streams, *, share: float = 1.0, advance: Advance = lambda _done: None
) -> JointConditions:
    """Return how often draws violate each condition, for both species and on both axes."""
    drawn = {species: draw_sets(species, count, streams, share=share) for species in Species}
    cords = tuple(
        CordViolations(
            species=species,
            resolution=resolution,
            rates=rates_of(violations(drawn[species], resolution, advance=advance)),
        )
        for species in Species
        for resolution in Resolution
    )
    return JointConditions(draws=count, share_of_ranges=share, seed=streams.seed, cords=cords)


def _violations(draws: Draws, resolution: Resolution) -> dict[str, PerDraw]:
    course = _course(draws, resolution)
    out, quiet = _fields(course, draws, 0.0)
    _, pulsed = _fields(course, draws, limit("pulse_amount"))
    finite = np.isfinite(quiet).all(axis=(1, 2, 3)) & np.isfinite(pulsed).all(axis=(1, 2, 3))
    with np.errstate(invalid="ignore"):
        kept = {
            "pulse": _pulse_fades(pulsed - quiet, draws, course),
            **_far_kept(quiet[:, -1], draws, course),
            "bounded": finite & (quiet[:, :, _BOUNDED].max(axis=(1, 2, 3)) < limit("bound")),
            "creep": _grown_mm(quiet[:, :, FIELDS.index("grey")], course) < limit("creep") * _scale(draws),
            "front": visits_of(course, out).status != PatientStatus.FRONT,
        }
    return {name: ~values for name, values in kept.items()}


def _scale(draws: Draws) -> float:
    return float(draws.parameters.length_scale)


def _pulse_fades(difference: Float[ndarray, "draw time shown cell"], draws: Draws, course: TissueSchedule) -> PerDraw:
    """Tell where a pulse leaves nothing on the last day and never does more than at first."""
    effect = _effect_of_pulse(difference, draws, course)
    early = course.visits <= limit("pulse_day") + limit("pulse_early_days")
    return (effect[:, -1] < limit("pulse_left")) & (effect[:, ~early].max(axis=1) <= effect[:, early].max(axis=1))


def _far_kept(last: Float[ndarray, "draw shown cell"], draws: Draws, course: TissueSchedule) -> dict[str, PerDraw]:
    """Tell where grey matter and axons far from the lesion are kept on the last day."""
    far = np.abs(course.axis.centres) > limit("far_place") * _scale(draws)
    kept = {"far grey matter": last[:, FIELDS.index("grey")], "far axons": _axons_kept(last, draws, course)}
    return {name: share[:, far].min(axis=1) > limit("far_kept") for name, share in kept.items()}


def _grown_mm(grey: Float[ndarray, "draw time cell"], course: TissueSchedule) -> Float[ndarray, " draw"]:
    """Return how much longer the lesion of grey matter is on the last day than on the day it should be done."""
    length = _grey_lesion_mm(grey, course)
    return length[:, -1] - length[:, np.searchsorted(course.visits, limit("creep_from_day"))]


def _course(draws: Draws, resolution: Resolution) -> TissueSchedule:
    """Return the course of draws, read on the days that the conditions need."""
    pulse, last = limit("pulse_day"), limit("last_day")
    days = sorted({limit("creep_from_day"), pulse, last, *(pulse + day for day in _FOLLOWED)})
    return plan_course(
        days,
        regimen=None,
        parameters=draws.parameters,
        plastic_days=None,
        changes=[Change("alarmin", Action.ADD, limit("pulse_amount"), pulse, last)],
        resolution=resolution,
        patients=len(draws),
    )


def _fields(
    course: TissueSchedule, draws: Draws, amount: float
) -> tuple[ndarray, Float[ndarray, "draw time field cell"]]:
    """Return what is kept and all fields of draws that get a pulse of so much."""
    place, length = limit("pulse_place") * _scale(draws), limit("pulse_length") * _scale(draws)
    pulse = np.array([[amount, place, length]])
    pulsed = replace(course, jumps=(Jump(limit("pulse_day"), pulse),))
    out, whole = run_course(pulsed, draws.severity, draws.width_mm, whole=True, model=PULSED)
    return out, whole


def _effect_of_pulse(
    difference: Float[ndarray, "draw time shown cell"], draws: Draws, course: TissueSchedule
) -> Float[ndarray, "draw time"]:
    """Return the largest effect on any field but scar, anywhere; axons count by the share of them at risk."""
    size = np.abs(difference)
    size[:, :, FIELDS.index("axon")] *= _at_risk(draws, course)[:, None]
    size[:, :, [FIELDS.index(name) for name in _LASTING]] = 0.0
    after = course.visits > limit("pulse_day")
    return np.where(after, size[:, :, _BOUNDED].max(axis=(2, 3)), 0.0)


def _injury(draws: Draws, course: TissueSchedule) -> Float[ndarray, "draw cell"]:
    return draws.severity[:, None] * np.exp(-((course.axis.centres / draws.width_mm[:, None]) ** 2) / 2)


def _at_risk(draws: Draws, course: TissueSchedule) -> Float[ndarray, "draw cell"]:
    share = np.broadcast_to(draws.parameters.impact_axons_at_risk, len(draws))[:, None]
    return np.minimum(share * np.sqrt(_injury(draws, course)), 1.0)


def _axons_kept(
    fields: Float[ndarray, "draw shown cell"], draws: Draws, course: TissueSchedule
) -> Float[ndarray, "draw cell"]:
    """Return the share of the axons left by the impact that is kept at each place."""
    return 1 - _at_risk(draws, course) * (1 - fields[:, FIELDS.index("axon")])


def _grey_lesion_mm(grey: Float[ndarray, "draw time cell"], course: TissueSchedule) -> Float[ndarray, "draw time"]:
    """Return the length over which a scan shows lost grey matter, both sides of the centre, to a part of a cell."""
    half = course.axis.centres.size // 2
    where, lost = course.axis.centres[half:], 1 - grey[..., half:]
    threshold = np.broadcast_to(course.parameters.mri_threshold, len(grey))[:, None]
    shows = lost > threshold[..., None]
    last = np.where(shows.any(axis=-1), half - 1 - shows[..., ::-1].argmax(axis=-1), 0)
    beyond = np.minimum(last + 1, half - 1)
    high, low = (np.take_along_axis(lost, at[..., None], axis=-1)[..., 0] for at in (last, beyond))
    part = np.clip((high - threshold) / np.maximum(high - low, np.finfo(np.float32).tiny), 0, 1)
    return np.where(shows.any(axis=-1), 2 * (where[last] + part * (where[beyond] - where[last])), 0.0)

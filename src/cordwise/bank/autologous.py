"""Autologous products: each patient gets their own cells on the day these are ready, or none."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.courses import COURSES, TissueCourses
from cordwise.cord.product import AutologousRegimen, Harvests, MarrowProcess, Regimen, manufacture, shared_regimens
from cordwise.patient.counterfactual import LAST_DAY, Counterfactual, untreated_tissue, with_cells, without_cells
from cordwise.patient.outcome_parameters import bank_parameter
from cordwise.patient.parameters import AnyParameters, of_some
from cordwise.patient.patients import VirtualPatients

_DAY_DIGITS = 6  # the last bits of a manufacture depend on the batch that it is computed in


@dataclass(frozen=True, slots=True)
class SharedTissue:
    """The tissue under one regimen, which all patients share whose product is ready in about the same week."""

    regimen: Regimen
    course: Counterfactual


@dataclass(frozen=True, slots=True, kw_only=True)
class AutologousCounterfactual(Counterfactual):
    """Every patient's own manufacture decides on the doses; make one with `with_autologous_cells`.

    What a patient gets depends on the seed and the patient only. The tissue is that of the nearest of `shared`, with
    the same number of doses where there is one; `dose_days` gives the patient's own day.
    """

    process: MarrowProcess
    streams: Streams
    shared: tuple[SharedTissue, ...]

    @property
    def regimens(self) -> tuple[Regimen, ...]:
        """Return the regimens that the tissue model was run with."""
        return tuple(each.regimen for each in self.shared)

    def dose_days(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the day on which each patient's product is ready, NaN where nothing was released."""
        return _ready_day(manufacture(self.process, self.streams, patients.ids))

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], parameters: AnyParameters
    ) -> TissueCourses:
        """Return the patients' tissue at their visits."""
        harvests = manufacture(self.process, self.streams, patients.ids)
        served = self._served_by(harvests)
        found = without_cells().courses(patients, days, parameters)
        for place in np.unique(served[served >= 0]):
            chosen = np.flatnonzero(served == place)
            own = self.shared[place].course.courses(patients[chosen], days[chosen], of_some(parameters, chosen))
            is_given = days[chosen] >= _ready_day(harvests)[chosen, None]
            for name in COURSES:
                course = getattr(found, name)
                course[chosen] = np.where(is_given, getattr(own, name), course[chosen])
        return found

    def _served_by(self, harvests: Harvests) -> Int[ndarray, " patient"]:
        """Return the place in `shared` of each patient's tissue, -1 for those without a product."""
        if not self.shared:
            return np.full(len(harvests), -1)
        first_day = np.array([each.regimen.days[0] for each in self.shared])
        doses = np.array([len(each.regimen.doses) for each in self.shared])
        # No two days of readiness are as far apart as one dose more or less.
        apart = np.abs(_ready_day(harvests)[:, None] - first_day) + LAST_DAY * np.abs(harvests.doses[:, None] - doses)
        return np.where(harvests.doses > 0, apart.argmin(axis=1), -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedAutologousEffect(Counterfactual):
    """An assumed effect that sets in for each patient on the day the product is ready, and never for those without."""

    process: MarrowProcess
    streams: Streams
    log_odds: float
    onset_days: float

    def dose_days(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the day on which each patient's product is ready, NaN where nothing was released."""
        return _ready_day(manufacture(self.process, self.streams, patients.ids))

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], parameters: AnyParameters
    ) -> TissueCourses:
        """Return the patients' tissue at their visits."""
        natural = without_cells().courses(patients, days, parameters)
        since = np.maximum(np.nan_to_num(days - self.dose_days(patients)[:, None], nan=0.0), 0.0)
        shift = self.log_odds * -np.expm1(-since / self.onset_days)
        return replace(natural, axon_log_odds=natural.axon_log_odds + shift)


def with_autologous_cells(
    order: AutologousRegimen,
    streams: Streams,
    *,
    last_day: float = LAST_DAY,
    on_progress: Callable[[int], object] = lambda _: None,
) -> AutologousCounterfactual:
    """Return what happens where each patient gets an autologous product, on the day it is ready.

    Readiness is put into weeks and each week that enough patients share gets a tissue of its own: 1.5 seconds and 15 MB
    for each on two cores, about eight of them. Weeks and doses are those of a fixed set of simulated patients, so that
    no patient's tissue depends on who else is simulated.

    Parameters
    ----------
    order
        How the product is made and given.
    streams
        Random streams; the same ones as the bank's.
    last_day
        Day of the last visit.
    on_progress
        Hears of each tissue.
    """
    shared = []
    for regimen in shared_regimens_of(order, streams):
        shared.append(SharedTissue(regimen, with_cells(regimen, last_day)))
        on_progress(1)
    return AutologousCounterfactual(
        tissue=untreated_tissue(), process=order.process, streams=streams, shared=tuple(shared)
    )


def shared_regimens_of(order: AutologousRegimen, streams: Streams) -> tuple[Regimen, ...]:
    """Return the regimens that stand for an autologous product: those of the weeks that enough patients share."""
    everyone = manufacture(order.process, streams, np.arange(int(bank_parameter("reference_harvests"))))
    found = [(len(each.patients), each.regimen) for each in shared_regimens(order, everyone) if each.regimen]
    least = bank_parameter("least_shared_regimen") * sum(size for size, _ in found)
    least = min(least, max((size for size, _ in found), default=0))
    return tuple(regimen for size, regimen in found if size >= least)


def with_assumed_autologous_effect(
    order: AutologousRegimen, streams: Streams, *, log_odds: float, onset_days: float
) -> AssumedAutologousEffect:
    """Return the course without cells plus an assumed effect for those whose product is ready, from that day on."""
    return AssumedAutologousEffect(
        tissue=untreated_tissue(), process=order.process, streams=streams, log_odds=log_odds, onset_days=onset_days
    )


def _ready_day(harvests: Harvests) -> Float[ndarray, " patient"]:
    return np.round(harvests.ready_day, _DAY_DIGITS)

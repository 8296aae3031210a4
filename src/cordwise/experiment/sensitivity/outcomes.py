"""Outcomes of many draws of the inputs: without cells, with them, and their effect, each at the visits."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int8
from numpy import ndarray

from cordwise.cord.parameters import TissueParameters, load_parameters
from cordwise.cord.product import Regimen
from cordwise.cord.tissue import PatientStatus, TissueVisits, simulate_tissue
from cordwise.experiment.host import with_host
from cordwise.experiment.readouts import ruler_scores
from cordwise.experiment.sensitivity.inputs import LESION, TRANSLATION, Input, values_at
from cordwise.experiment.sensitivity.subject import Subject

_ACTIONS = ("cell_anti", "cell_trophic", "cell_closure", "cell_push")
Visits = Float[ndarray, "run time"]


@dataclass(frozen=True, slots=True)
class SensitivityOutcomes:
    """Outcomes without cells, with them and their effect, by read-out; and how each run ended, at worst."""

    worlds: dict[str, dict[str, Visits]]
    status: Int8[ndarray, " run"]

    @property
    def solved(self) -> Bool[ndarray, " run"]:
        """Return which runs have a credible solution."""
        return np.asarray(self.status == PatientStatus.SOLVED)


def simulate_points(
    subject: Subject, inputs: tuple[Input, ...], points: Float[ndarray, "run input"]
) -> SensitivityOutcomes:
    """Simulate a subject at points of the unit cube of its inputs."""
    values = values_at(points, inputs)
    severity, width = (values.pop(name) for name in LESION)
    translation = values.pop(TRANSLATION, np.ones(len(points)))
    rates: dict[str, Any] = values
    own = with_host(load_parameters(subject.species)._replace(**rates), subject.host, subject.species)
    if subject.regimen is None:
        visits = _simulate(subject, severity, width, own, None)
        return SensitivityOutcomes({"without": _read(visits, own, subject)}, visits.status)
    actions: dict[str, Any] = {name: getattr(own, name) * translation for name in _ACTIONS}
    carried = own._replace(**actions)
    without = _simulate(subject, severity, width, own, None)
    treated = _simulate(subject, severity, width, carried, replace(subject.regimen, translation=1.0))
    read = {"without": _read(without, own, subject), "with": _read(treated, own, subject)}
    read["effect"] = {name: read["with"][name] - read["without"][name] for name in read["with"]}
    return SensitivityOutcomes(read, _worse(without.status, treated.status))


def _simulate(
    subject: Subject,
    severity: Float[ndarray, " run"],
    width_mm: Float[ndarray, " run"],
    parameters: TissueParameters,
    regimen: Regimen | None,
) -> TissueVisits:
    return simulate_tissue(
        severity,
        width_mm,
        subject.days,
        regimen=regimen,
        parameters=parameters,
        species=subject.species,
        changes=subject.changes,
    )


def _read(visits: TissueVisits, parameters: TissueParameters, subject: Subject) -> dict[str, Visits]:
    half = np.asarray(parameters.ruler_half_drive)[..., None]
    scores = ruler_scores(visits.spared_share, visits.conduction, visits.growth, half, subject.species)
    tissue = {
        "spared_share": visits.spared_share,
        "conduction": visits.conduction,
        "plastic_gain": visits.growth,
        "grey_lost_mm": visits.grey_lost_mm,
    }
    return scores | tissue


def _worse(first: Int8[ndarray, " run"], second: Int8[ndarray, " run"]) -> Int8[ndarray, " run"]:
    """Return the status that counts: no number at all before a front, a front before none."""
    fails = [first == PatientStatus.NOT_FINITE, second == PatientStatus.NOT_FINITE]
    return np.where(fails[0] | fails[1], PatientStatus.NOT_FINITE, np.maximum(first, second)).astype(np.int8)

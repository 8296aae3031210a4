"""Every examination of one person: what each muscle and each dermatome scored, and what follows from it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, LEVELS, SIDES, classify_exams
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.examination import examine_with_noise
from cordwise.patient.life.result import Examinations
from cordwise.patient.outcomes import assess, draw_visit_noise
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients


def examinations(
    patient: VirtualPatients,
    days: tuple[float, ...],
    labels: tuple[str, ...],
    parameters: PopulationParameters,
    streams: Streams,
    world: Counterfactual,
) -> Examinations:
    """Return one patient's examinations in one world.

    Parameters
    ----------
    patient
        A batch of one.
    days, labels
        Day of each visit after injury, and the name of its random stream.
    parameters, streams, world
        The population, the random streams and the world the patient lives in.
    """
    visits = np.array([days])
    noise = draw_visit_noise(streams, labels, patient.ids)
    exams = examine_with_noise(
        patient, visits, parameters, noise.examination, world.courses(patient, visits, parameters)
    )
    seen, found = assess(patient, visits, parameters, noise, world), classify_exams(exams)
    named = np.array(LEVELS, dtype=object)
    return Examinations(
        uems=_whole(seen.uems),
        lems=_whole(seen.lems),
        light_touch=_whole(seen.light_touch),
        pin_prick=_whole(seen.pin_prick),
        ais=tuple(AIS(grade).name for grade in seen.ais[0]),
        nli=tuple(LEVELS[level] for level in seen.neurological_level[0]),
        scim=_whole(seen.scim),
        wisci=_whole(seen.wisci),
        motor=_by_side(exams.motor),
        light_touch_by_dermatome=_by_side(exams.light_touch),
        pin_prick_by_dermatome=_by_side(exams.pin_prick),
        voluntary_anal_contraction=tuple(exams.voluntary_anal_contraction.tolist()),
        deep_anal_pressure=tuple(exams.deep_anal_pressure.tolist()),
        motor_level=_by_side(named[found.motor_level]),
        sensory_level=_by_side(named[found.sensory_level]),
    )


def _whole(values: ndarray) -> tuple[int, ...]:
    return tuple(round(float(value)) for value in values[0])


def _by_side(values: ndarray) -> tuple[Mapping[str, Any], ...]:
    """Return what each side of each visit holds, by the name of the side."""
    return tuple(
        {name: tuple(side) if isinstance(side, list) else side for name, side in zip(SIDES, visit, strict=True)}
        for visit in values.tolist()
    )

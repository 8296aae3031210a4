"""Every examination of a pictured patient: what each muscle and each dermatome scored, and what follows from it."""

from typing import Any

import numpy as np
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, LEVELS, SIDES, Classification, Exams, classify
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.outcomes import assess, draw_visit_noise
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients
from cordwise.patient.readout import examine_with_noise

_TOTALS = ("uems", "lems", "light_touch", "pin_prick")


def examinations(
    patient: VirtualPatients,
    days: tuple[float, ...],
    labels: tuple[str, ...],
    parameters: PopulationParameters,
    streams: Streams,
    world: Counterfactual,
) -> dict[str, Any]:
    """Return one patient's examinations in one world as plain JSON values, a list with one item a visit.

    Parameters
    ----------
    patient
        A batch of one.
    days, labels
        Day of each visit after injury, and the name of its random stream.
    parameters, streams, world
        The population, the random streams and the world the patient lives in.

    Returns
    -------
    dict
        Totals, `ais`, `nli`, `scim`, `wisci`; per visit and side (`right`, `left`) the `motor` grades in the order of
        `MYOTOMES`, `light_touch_by_dermatome` and `pin_prick_by_dermatome` in that of `DERMATOMES`, and levels.
    """
    visits = np.array([days])
    noise = draw_visit_noise(streams, labels, patient.ids)
    exams = examine_with_noise(
        patient, visits, parameters, noise.examination, world.courses(patient, visits, parameters)
    )
    seen = assess(patient, visits, parameters, noise, world)
    return {
        **{name: [int(value) for value in getattr(seen, name)[0]] for name in _TOTALS},
        "ais": [AIS(grade).name for grade in seen.ais[0]],
        "nli": [LEVELS[level] for level in seen.neurological_level[0]],
        "scim": [round(float(value)) for value in seen.scim[0]],
        "wisci": [round(float(value)) for value in seen.wisci[0]],
        **_cells(exams),
        **_levels(classify(exams)),
    }


def _cells(exams: Exams) -> dict[str, Any]:
    return {
        "motor": _by_side(exams.motor),
        "light_touch_by_dermatome": _by_side(exams.light_touch),
        "pin_prick_by_dermatome": _by_side(exams.pin_prick),
        "voluntary_anal_contraction": exams.voluntary_anal_contraction.tolist(),
        "deep_anal_pressure": exams.deep_anal_pressure.tolist(),
    }


def _levels(found: Classification) -> dict[str, Any]:
    named = np.array(LEVELS, dtype=object)
    return {"motor_level": _by_side(named[found.motor_level]), "sensory_level": _by_side(named[found.sensory_level])}


def _by_side(values: ndarray) -> list[dict[str, Any]]:
    return [dict(zip(SIDES, visit, strict=True)) for visit in values.tolist()]
